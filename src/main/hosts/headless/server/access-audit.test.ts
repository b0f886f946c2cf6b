import { afterEach, expect, test } from 'vitest'
import { createManualClock } from '../../../../testing/manual-clock'
import { startTestRuntime } from '../../../../testing/test-runtime'
import { createCredentials } from './credentials'
import { createHttpServer } from './http-server'
import { rateProfiles } from './rate-limiter'

const OWNER = 'the-token-of-the-start'
const stops: (() => Promise<unknown>)[] = []
afterEach(async () => { for (const stop of stops.splice(0).reverse()) await stop() })

async function serve() {
  const clock = createManualClock()
  const app = startTestRuntime({ clock })
  await app.runtime.start()
  stops.push(() => app.runtime.stop(0))
  const server = createHttpServer({
    router: app.runtime.router, events: app.runtime.events, isReady: () => true, credentials: createCredentials(OWNER, app.runtime.access), onLogin: app.runtime.noteLogin, rates: rateProfiles, clock,
    version: '0.0.0', windowRoot: '/nowhere', reportBug: () => undefined,
  })
  const port = await server.listen(0, '127.0.0.1')
  stops.push(() => server.close())
  const ask = async (token: string, path = '/settings', method = 'GET') => (await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { method, headers: { authorization: `Bearer ${token}` } })).status
  const records = async () => (await app.client.audit.list({ limit: 100 })).items.toReversed().map(({ kind, title }) => `${kind}: ${title}`)
  return { ...app, clock, ask, records }
}

test('tokens are recorded when they are made, used, refused, revoked, and when their time is over', async () => {
  const { client, clock, ask, records } = await serve()
  const { item, token } = await client.access.create({ name: 'Nightly', scope: 'read' })
  expect((await client.access.list({})).items).toMatchObject([{ name: 'Nightly', usedAt: null }])
  expect([await ask(token), await ask(token), await ask(token, '/sessions', 'POST'), await ask(token, '/access-tokens')]).toEqual([200, 200, 403, 403])
  expect((await client.access.list({})).items).toMatchObject([{ name: 'Nightly', usedAt: clock.now() }])
  await client.access.revoke({ id: item.id })
  expect([await ask(token), await ask(OWNER)]).toEqual([401, 200])
  const { token: short } = await client.access.create({ name: 'Short', scope: 'all', expiresAt: clock.now() + 5000 })
  clock.advance(5000)
  expect(await records()).toEqual([
    'grant: Token “Nightly” was made: it may read', 'login: 127.0.0.1 came in with the token “Nightly” (rest)', 'login: 127.0.0.1 was refused: the token “Nightly” may not do this (rest)',
    'grant: Token “Nightly” was revoked', 'login: 127.0.0.1 was refused: no token, or a wrong one (rest)', 'login: 127.0.0.1 came in with the token (rest)',
    'grant: Token “Short” was made: it may do everything but make tokens', 'grant: Token “Short” ended at its time',
  ])
  const told = JSON.stringify([await client.audit.list({ limit: 100 }), await client.access.list({})])
  expect([told.includes(token), told.includes(short)]).toEqual([false, false])
  expect(await client.audit.verify({})).toMatchObject({ ok: true })
})
