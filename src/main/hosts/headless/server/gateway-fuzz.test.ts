import { createRouterClient, type RouterClient } from '@orpc/server'
import fc from 'fast-check'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ErrorBodySchema } from '#contract/errors'
import { proved } from '../../../../testing/attacks'
import { createManualClock } from '../../../../testing/manual-clock'
import { composeRuntime, type ComposedRuntime } from '../../shared/compose-runtime'
import type { AppRouter } from '../../../runtime/create-runtime'
import { type Answer, type AskOptions, startTestServer } from '../testing/start-server'
import { createCredentials } from './credentials'
import { createHttpServer, type HttpServer } from './http-server'
import { contractRoutes } from './routes'

/** Set higher for a long run. */
const REQUESTS = Number(process.env['TRESTLE_FUZZ'] ?? 250)
const TOKEN = 'the-token-of-the-gateway-fuzz'
type Client = RouterClient<AppRouter>
const unlimited = { capacity: 1e9, perSecond: 1e9 }

const clock = createManualClock()
let profile: string
let composed: ComposedRuntime
let client: Client
let server: HttpServer
let port: number
const bugs: unknown[] = []
beforeEach(async () => {
  profile = await realpath(await mkdtemp(join(tmpdir(), 'trestle-gateway-')))
  composed = composeRuntime({ profile, environment: { TRESTLE_SECRETS: 'session' }, host: { kind: 'headless', version: '0.0.0', platform: process.platform, pickFolder: null }, ownPorts: () => [], clock })
  const { runtime } = composed
  client = createRouterClient(runtime.router, { context: { traceId: 'trace-gateway' } })
  await runtime.start()
  server = createHttpServer({
    router: runtime.router, events: runtime.events, isReady: () => true, credentials: createCredentials(TOKEN, runtime.access), onLogin: () => undefined, rates: { api: unlimited, createSession: unlimited, streamMessage: unlimited }, clock,
    version: '0.0.0', windowRoot: '/nonexistent', reportBug: (error) => bugs.push(error),
  })
  port = await server.listen(0, '127.0.0.1')
})
afterEach(async () => {
  await server.close()
  await composed.runtime.stop(0)
  await composed.close()
  await rm(profile, { recursive: true, force: true })
})

const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('workspace', 'nobody', '..', '%2e%2e', '%00', '💥', 'x'.repeat(2000), '-1', '1e99', 'null', '__proto__', 'constructor'))
const word = fc.oneof({ weight: 3, arbitrary: text }, { weight: 2, arbitrary: fc.constantFrom(...['id', 'text', 'path', 'limit', 'cursor', 'q', 'name', 'url', 'key', 'mode', 'kind', 'value', 'command', 'title', 'instruction', 'decision', 'items', 'ids', 'workspaceId', 'sessionId', 'message', 'revision', 'confirm', 'state', 'cron']) })
const value: fc.Arbitrary<unknown> = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 3 }), fc.dictionary(word, text, { maxKeys: 3 }))
const object = fc.dictionary(word, value, { maxKeys: 8 })
const body = fc.oneof(object.map((fields) => JSON.stringify(fields)), fc.jsonValue().map((any) => JSON.stringify(any)), fc.constantFrom('', '{', '[]', '{"__proto__":{"x":1}}', '\0', '"', '1'.repeat(400), `${'['.repeat(5000)}`))
const query = fc.dictionary(word, text, { maxKeys: 4 }).map((fields) => new URLSearchParams(fields).toString())

/** As `ask`, but an event stream counts as answered with its head: it would not end by itself. */
function ask(to: number, path: string, { method = 'GET', headers = {}, body: sent, token = TOKEN }: AskOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ofBody = sent === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }
    const request = httpRequest({ host: '127.0.0.1', port: to, path, method, headers: { host: `127.0.0.1:${to}`, ...(token !== null && { authorization: `Bearer ${token}` }), ...ofBody, ...headers }, agent: false }, (response) => {
      const { statusCode: status = 0 } = response
      const chunks: Buffer[] = []
      const end = () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status, headers: response.headers, text, json: /^application\/json\b/.test(response.headers['content-type'] ?? '') ? (JSON.parse(text) as unknown) : undefined })
        response.destroy()
      }
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', end).on('error', () => undefined)
      if (response.headers['content-type']?.includes('event-stream') === true) end()
    })
    request.setTimeout(15_000, () => request.destroy(new Error(`no answer to ${method} ${path.slice(0, 200)}`)))
    request.on('error', reject)
    request.end(sent)
  })
}

const routes = [...contractRoutes().map(({ method, path }) => ({ method, path: `/api/v1${path}` })), { method: 'GET', path: '/api/v1/openapi.json' }]
const route = fc.tuple(fc.constantFrom(...routes), fc.array(text, { minLength: 4, maxLength: 4 }), fc.constantFrom('', '', '', '', '/', '/x', '%2f', ';x', '//')).map(([{ method, path }, parts, end]) => {
  let used = 0
  return { method, path: `${path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(parts[used++] ?? 'x').slice(0, 3000) || 'x')}${end}` }
})
const wrongToken = fc.oneof(
  fc.constantFrom<Record<string, string>>({}, { authorization: '' }, { authorization: 'Bearer' }, { authorization: 'Bearer ' }, { authorization: `Bearer ${TOKEN}x` }, { authorization: `Bearer ${TOKEN.slice(1)}` }, { authorization: `Bearer ${TOKEN.toUpperCase()}` }, { authorization: `Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}` }, { authorization: `Token ${TOKEN}` },
    { authorization: `Bearer x, Bearer ${TOKEN}` }, { authorization: `Bearer ${TOKEN} x` }, { authorization: `Bearer "${TOKEN}"` }, { cookie: `token=${TOKEN}` }, { 'x-api-key': TOKEN }, { 'x-authorization': `Bearer ${TOKEN}` }, { 'proxy-authorization': `Bearer ${TOKEN}` }, { 'sec-websocket-protocol': `token.${TOKEN}` }, { 'x-forwarded-user': 'owner' }),
  fc.base64String({ minLength: 1, maxLength: 60 }).map((token) => ({ authorization: `Bearer ${token}` })),
)
const extra = fc.constantFrom<Record<string, string>>({}, {}, {}, { 'x-http-method-override': 'GET' }, { 'x-original-url': '/health' }, { 'x-rewrite-url': '/health' }, { 'x-forwarded-host': 'evil.example' }, { 'content-type': 'text/plain' }, { traceparent: '\u00e9' }, { expect: '100-continue' }, { range: 'bytes=0-1' }, { accept: 'text/event-stream' })
const foreign = fc.constantFrom<Record<string, string>>({ origin: 'https://evil.example' }, { origin: 'null' }, { host: 'evil.example' }, { host: '127.0.0.1.evil.example' }, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })

it(`lets nobody in without the token and from our own origin, however they ask: ${REQUESTS} requests`, async (context) => {
  await fc.assert(fc.asyncProperty(route, wrongToken, foreign, fc.boolean(), extra, query, body, fc.boolean(), async ({ method, path }, token, from, isForeign, more, search, sent, inQuery) => {
    const headers = { ...more, ...(isForeign ? from : token) }
    const where = `${path}?${inQuery ? `token=${TOKEN}&access_token=${TOKEN}&` : ''}${search}`
    const answer = await ask(port, where, { method, token: isForeign ? TOKEN : null, headers, ...(method === 'GET' ? {} : { body: sent }) })
    const shown = `${method} ${where.slice(0, 200)} ${JSON.stringify(headers)} → ${answer.status} ${answer.text.slice(0, 200)}`
    expect([401, 403], shown).toContain(answer.status)
    expect(ErrorBodySchema.safeParse(answer.json).success, shown).toBe(true)
    expect(answer.text, shown).not.toContain(TOKEN)
  }), { numRuns: REQUESTS })
  expect(bugs).toEqual([])
  proved(context, 'requests to the gateway', REQUESTS)
}, 3_600_000)

it(`answers whatever is asked with the token in good order: ${REQUESTS} requests`, async (context) => {
  await fc.assert(fc.asyncProperty(route, extra, query, body, async ({ method, path }, more, search, sent) => {
    const answer = await ask(port, `${path}?${search}`, { method, token: TOKEN, headers: more, ...(method === 'GET' ? {} : { body: sent }) })
    const shown = `${method} ${path.slice(0, 200)}?${search} ${method === 'GET' ? '' : sent.slice(0, 300)} → ${answer.status} ${answer.text.slice(0, 300)}`
    expect(answer.status, shown).toBeLessThan(500)
    if (answer.status >= 400) expect(ErrorBodySchema.safeParse(answer.json).success, shown).toBe(true)
  }), { numRuns: REQUESTS })
  expect(bugs).toEqual([])
  proved(context, 'requests to the gateway', REQUESTS)
}, 3_600_000)

const everyRoute = [...contractRoutes().map(({ method, path }) => ({ method, path: `/api/v1${path.replaceAll(/\{\w+\}/g, 'some-id')}` })), { method: 'GET', path: '/api/v1/openapi.json' }]

it('lets a token that a person made reach what it is for, on every route, and nothing once it is over', async (context) => {
  const make = async (scope: 'read' | 'all', expiresAt: number | null = null) => client.access.create({ name: scope, scope, expiresAt })
  const [read, all, expired, revoked] = [await make('read'), await make('all'), await make('all', clock.now() + 1000), await make('all')]
  clock.advance(1001)
  await client.access.revoke({ id: revoked.item.id })
  const wrong: string[] = []
  for (const { method, path } of everyRoute) {
    const isTokens = path.startsWith('/api/v1/access-tokens')
    for (const [name, token, isRefused] of [
      ['read', read.token, isTokens || method !== 'GET'], ['all', all.token, isTokens], ['expired', expired.token, true], ['revoked', revoked.token, true],
    ] as const) {
      // Nothing may be changed by those that are let in: what they send fits nowhere.
      const { status } = await ask(port, path, { method, token, ...(method === 'GET' ? {} : { body: '[]' }) })
      const expected = !isRefused ? ![401].includes(status) : status === (name === 'read' || name === 'all' ? 403 : 401)
      if (!expected) wrong.push(`${method} ${path} ${name}: ${status}`)
    }
  }
  expect(wrong).toEqual([])
  expect((await client.access.list({})).items.map(({ scope }) => scope)).toEqual(['read', 'all'])
  expect((await ask(port, '/api/v1/access-tokens', { token: null })).status).toBe(401)
  const listed = await ask(port, '/api/v1/access-tokens', { token: TOKEN })
  expect([listed.status, listed.text.includes(read.token)]).toEqual([200, false])
  proved(context, 'requests to the gateway', everyRoute.length * 4)
})

it('closes what is open with a token within a second when it is revoked or its time is over, and nothing else', async (context) => {
  const open = (token: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/stream`, ['trestle', `token.${token}`])
    return { opened: new Promise<void>((resolve) => socket.once('message', () => resolve())), closed: new Promise<void>((resolve) => socket.once('close', () => resolve())), socket }
  }
  const short = await client.access.create({ name: 'short', scope: 'read', expiresAt: clock.now() + 5000 })
  const long = await client.access.create({ name: 'long', scope: 'all' })
  const [owner, ofShort, ofLong] = [open(TOKEN), Array.from({ length: 5 }, () => open(short.token)), Array.from({ length: 5 }, () => open(long.token))]
  await Promise.all([owner, ...ofShort, ...ofLong].map(({ opened }) => opened))
  const started = performance.now()
  clock.advance(5001)
  await Promise.all(ofShort.map(({ closed }) => closed))
  expect(ofLong.every(({ socket }) => socket.readyState === socket.OPEN)).toBe(true)
  await client.access.revoke({ id: long.item.id })
  await Promise.all(ofLong.map(({ closed }) => closed))
  expect(performance.now() - started).toBeLessThan(1000)
  expect(owner.socket.readyState).toBe(owner.socket.OPEN)
  // The window's own socket is for the person's token alone.
  const narrow = new WebSocket(`ws://127.0.0.1:${port}/ws`, ['trestle', `token.${(await client.access.create({ name: 'x', scope: 'all' })).token}`])
  expect(await new Promise((resolve) => narrow.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode)).once('error', () => undefined))).toBe(403)
  owner.socket.terminate()
  proved(context, 'open connections at a revocation', 10)
})

it('ends everything that is open within a second when the token is revoked: event streams, sockets, and calls on them', async (context) => {
  const own = await startTestServer()
  const sockets = Array.from({ length: 20 }, (_, index) => own.connect(index % 2 === 0 ? '/ws' : '/ws/stream', { protocols: ['trestle', `token.the-right-token-of-this-test`] }))
  await Promise.all(sockets.map(({ opened }) => opened))
  const streams = await Promise.all(Array.from({ length: 10 }, () => new Promise<{ readonly ended: Promise<void> }>((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: own.port, path: '/api/v1/events', headers: { host: `127.0.0.1:${own.port}`, authorization: 'Bearer the-right-token-of-this-test' }, agent: false }, (response) => {
      response.on('error', () => undefined).resume()
      resolve({ ended: new Promise((end) => response.once('close', () => end())) })
    })
    request.on('error', reject)
    request.end()
  })))
  const started = performance.now()
  own.credentials.revoke()
  own.clock.advance(600)
  await Promise.all([...streams.map(({ ended }) => ended), ...sockets.map(({ closed }) => closed)])
  expect(performance.now() - started).toBeLessThan(1000)
  expect((await own.ask('/api/v1/settings')).status).toBe(401)
  await own.close()
  proved(context, 'open connections at a revocation', sockets.length + streams.length)
})
