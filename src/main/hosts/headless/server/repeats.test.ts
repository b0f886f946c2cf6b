import { afterEach, beforeEach, expect, it } from 'vitest'
import { createRepeats } from '#core/repeats/repeats'
import { createManualClock } from '../../../../testing/manual-clock'
import { openMemoryStore } from '../../../adapters/sqlite'
import { startTestServer, type TestServer } from '../testing/start-server'

let server: TestServer
beforeEach(async () => {
  const clock = createManualClock()
  server = await startTestServer({ repeats: createRepeats({ store: openMemoryStore({ clock }).answeredRequests, clock, owner: 'test' }) })
})
afterEach(() => server.close())

const post = (body: string, key?: string, path = '/api/v1/sessions') => server.ask(path, { method: 'POST', body, headers: key === undefined ? {} : { 'idempotency-key': key } })

it('a POST that is sent again with its key gets the answer of the first', async () => {
  const [first, again] = [await post('{"title":"Mine"}', 'one'), await post('{"title":"Mine"}', 'one')]
  expect([again.status, again.json, again.headers['idempotency-replayed'], first.headers['idempotency-replayed']]).toEqual([201, first.json, 'true', undefined])
  expect([(await post('{"title":"Other"}', 'one')).status, (await post('{"title":"Other"}', 'two')).status, (await post('{"title":"Mine"}')).status]).toEqual([409, 201, 201])
})

it('refusals are kept too, and a key that is none is refused', async () => {
  const [first, again] = [await post('{"mode":"fast"}', 'one'), await post('{"mode":"fast"}', 'one')]
  expect([first.status, again.status, again.headers['idempotency-replayed']]).toEqual([400, 400, 'true'])
  expect((await post('{}', 'a'.repeat(201))).status).toBe(400)
  expect(server.bugs).toEqual([])
})
