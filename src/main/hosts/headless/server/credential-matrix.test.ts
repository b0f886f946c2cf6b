import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks, proved } from '../../../../testing/attacks'
import { startTestServer, TOKEN, type TestServer } from '../testing/start-server'
import { contractRoutes } from './routes'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const routes = [
  ...contractRoutes().map(({ method, path }) => ({ method, path: `/api/v1${path.replaceAll(/\{\w+\}/g, 'some-id')}` })),
  { method: 'GET', path: '/api/v1/openapi.json' },
  { method: 'GET', path: '/api/v1/no-such-route' },
]
const isAll = attacks(0, 1) === 1
const openRoutes = [{ method: 'GET', path: '/' }, { method: 'GET', path: '/health' }, { method: 'GET', path: '/ready' }]

const tokens = { none: null, empty: '', wrong: 'the-wrong-token-of-this-test', longer: `${TOKEN}x`, shorter: TOKEN.slice(0, -1), right: TOKEN }
const origins = { absent: undefined, own: 'own', foreign: 'https://evil.example', null: 'null', otherPort: 'http://127.0.0.1:1' }
const hosts = { own: undefined, localhost: 'localhost', ipv6: '[::1]', foreign: 'evil.example', lookAlike: '127.0.0.1.evil.example', prefixed: 'x127.0.0.1' }

async function statusOf(route: { method: string; path: string }, token: string | null, origin: string | undefined, host: string | undefined) {
  const hostHeader = `${host ?? '127.0.0.1'}:${server.port}`
  const headers = { host: hostHeader, ...(origin === undefined ? {} : { origin: origin === 'own' ? `http://${hostHeader}` : origin }) }
  const body = route.method === 'GET' ? {} : { body: '{}' }
  // A stream would not end by itself.
  if (route.path === '/api/v1/events') route = { ...route, path: '/api/v1/events?since=not-a-number' }
  server.clock.advance(60_000)
  return server.ask(route.path, { method: route.method, token, headers, ...body })
}

describe('credentials', () => {
  it('lets only the right token, from our own origin, under our own name reach any route of the API', async (context) => {
    const wrong: string[] = []
    let asked = 0
    for (const route of routes) {
      for (const [tokenName, token] of Object.entries(tokens)) {
        for (const [originName, origin] of Object.entries(origins)) {
          for (const [hostName, host] of Object.entries(hosts)) {
            // Wrong in two ways at once only in the long run.
            if (!isAll && tokenName !== 'right' && (originName !== 'absent' || hostName !== 'own')) continue
            asked += 1
            const ownHost = ['own', 'localhost', 'ipv6'].includes(hostName)
            const ownOrigin = ['absent', 'own'].includes(originName)
            const { status, json } = await statusOf(route, token, origin, host)
            const refusal = !ownHost || !ownOrigin ? 403 : tokenName === 'right' ? null : 401
            const code = refusal === 403 ? 'PERMISSION_DENIED' : 'AUTHENTICATION_ERROR'
            const asExpected = refusal === null ? ![401, 403, 426].includes(status) : status === refusal && (json as { code: string }).code === code
            if (!asExpected) wrong.push(`${route.method} ${route.path} token=${tokenName} origin=${originName} host=${hostName}: ${status}`)
          }
        }
      }
    }
    expect(wrong).toEqual([])
    proved(context, 'requests to the gateway', asked)
  }, 600_000)

  it('serves the page and the health of the server without a token, but only under its own name and origin', async () => {
    for (const route of openRoutes) {
      expect((await statusOf(route, null, undefined, undefined)).status).toBe(200)
      expect((await statusOf(route, null, undefined, 'evil.example')).status).toBe(403)
      expect((await statusOf(route, null, 'https://evil.example', undefined)).status).toBe(403)
    }
  })

  it('judges every upgrade in the same way', async () => {
    const own = { host: `127.0.0.1:${server.port}` }
    const upgrade = (path: string, headers: Record<string, string>, token: string | null) =>
      server.ask(path, { token, headers: { ...own, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', ...headers } })
    for (const path of ['/ws', '/ws/stream']) {
      expect((await upgrade(path, { host: 'evil.example' }, TOKEN)).status).toBe(403)
      expect((await upgrade(path, { origin: 'https://evil.example' }, TOKEN)).status).toBe(403)
      expect((await upgrade(path, { origin: 'null' }, TOKEN)).status).toBe(403)
    }
    for (const token of [null, '', tokens.wrong, tokens.longer]) expect((await upgrade('/ws', {}, token)).status).toBe(401)
    expect((await upgrade('/ws/other', {}, TOKEN)).status).toBe(404)
  })

  it('refuses a request of another site that a browser sends without an origin', async () => {
    for (const site of ['cross-site', 'same-site']) {
      expect((await server.ask('/api/v1/settings', { headers: { 'sec-fetch-site': site } })).status).toBe(403)
    }
    expect((await server.ask('/api/v1/settings', { headers: { 'sec-fetch-site': 'same-origin' } })).status).toBe(200)
    expect((await server.ask('/', { token: null, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200)
  })

  it('takes the token from the header only', async () => {
    for (const path of [`/api/v1/settings?token=${TOKEN}`, `/api/v1/settings?access_token=${TOKEN}`]) {
      expect((await server.ask(path, { token: null })).status).toBe(401)
    }
    expect((await server.ask('/api/v1/settings', { token: null, headers: { cookie: `token=${TOKEN}` } })).status).toBe(401)
  })

  it('refuses the right token once it was revoked', async () => {
    const own = await startTestServer()
    expect((await own.ask('/api/v1/settings')).status).toBe(200)
    own.credentials.revoke()
    expect((await own.ask('/api/v1/settings')).status).toBe(401)
    await own.close()
  })
})
