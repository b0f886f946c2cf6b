import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Contract } from '#contract'
import { SettingsSchema } from '#contract/settings'
import { modelsUpdate } from '../testing/fake-events'
import { fakeSession } from '../testing/fake-router'
import { startTestServer, TOKEN, type TestServer } from '../testing/start-server'
import { rateProfiles } from './rate-limiter'

let server: TestServer

beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server.close())

async function connectClient() {
  const connection = server.connect('/ws', { protocols: ['trestle', `token.${TOKEN}`] })
  await connection.opened
  const link = new RPCLink({ websocket: connection.socket as unknown as WebSocket })
  const client: ContractRouterClient<Contract> = createORPCClient(link)
  return { client, connection }
}

describe('calls over a WebSocket', () => {
  it('answer the typed client, whose subprotocol is accepted without the token being echoed', async () => {
    const { client, connection } = await connectClient()
    expect(connection.socket.protocol).toBe('trestle')
    expect(await client.settings.get({})).toEqual(SettingsSchema.parse({}))
    expect(await client.sessions.create({ title: 'Mine' })).toEqual({ ...fakeSession, title: 'Mine' })
    expect(await client.sessions.send({ id: 's', text: 'a'.repeat(1_000_000) })).toEqual({ runId: '1000000' })
  })

  it('fail with the same body as REST calls', async () => {
    const { client } = await connectClient()
    const failure = async (call: Promise<unknown>) => call.then(() => null, (error: unknown) => (error instanceof ORPCError ? [error.code, error.status, error.data] : error))
    const traceId = expect.stringMatching(/^[\da-f]{32}$/)
    expect(await failure(client.sessions.get({ id: 'gone' }))).toEqual([
      'RESOURCE_NOT_FOUND', 404, { code: 'RESOURCE_NOT_FOUND', message: 'Session gone not found', retryable: false, traceId },
    ])
    expect(await failure(client.sessions.create({ mode: 'fast' as 'ask' }))).toEqual([
      'INVALID_PARAMETERS', 400, expect.objectContaining({ data: { problems: [{ path: 'mode', message: expect.any(String) }] }, traceId }),
    ])
    expect(await failure(client.runs.get({ id: 'r' }))).toEqual(['INTERNAL_ERROR', 500, expect.objectContaining({ message: expect.not.stringContaining('machine room'), traceId })])
    expect(server.bugs).toEqual([new Error('a secret of the machine room')])
  })

  it('count created sessions together with REST', async () => {
    const { client } = await connectClient()
    for (let count = 0; count < rateProfiles.createSession.capacity / 2; count += 1) {
      await client.sessions.create({})
      await server.ask('/api/v1/sessions', { method: 'POST', body: '{}' })
    }
    await expect(client.sessions.create({})).rejects.toMatchObject({ code: 'RATE_LIMIT_ERROR', data: { data: { retryAfterMs: 500 }, retryable: true } })
  })

  it('stream events, and end the subscription with the caller or with the socket', async () => {
    const { client, connection } = await connectClient()
    const leave = new AbortController()
    const stream = await client.events.subscribe({ topics: ['models.update'] }, { signal: leave.signal })
    const messages = stream[Symbol.asyncIterator]()
    expect((await messages.next()).value).toEqual({ topic: 'stream.open', seq: 0, reset: false })
    server.events.publish(modelsUpdate(1))
    expect((await messages.next()).value).toEqual(modelsUpdate(1))
    leave.abort()
    await server.events.idle()

    await (await client.events.subscribe({}))[Symbol.asyncIterator]().next()
    expect(server.events.open).toBe(1)
    connection.socket.terminate()
    await server.events.idle()
  })

  it('are refused once the server stops, and the socket is closed with it', async () => {
    const { client, connection } = await connectClient()
    server.server.stopIntake()
    await expect(client.settings.get({})).rejects.toMatchObject({ code: 'SHUTTING_DOWN', status: 503 })
    const closing = server.server.close()
    expect(await connection.closed).toBe(1001)
    await closing
  })

  it.each([['binary data', Buffer.from([1, 2, 3]), 1007], ['no object', 'hello', 1007], ['half an object', '{"i":"1",', 1007], ['no call', '{"i":"1"}', 1007], ['a call of nothing', '{"i":"1","p":{"u":7}}', 1007], ['a file', '{"i":"1","p":{"u":"/sessions/create","h":{"content-type":"multipart/form-data"}}}', 1007], ['too much', `{"${'x'.repeat(9_000_000)}":1}`, 1009]])(
    'end when a client sends %s', async (_name, message, code) => {
      const written = vi.spyOn(console, 'error')
      const { connection } = await connectClient()
      connection.send(message)
      expect(await connection.closed).toBe(code)
      expect(written).not.toHaveBeenCalled()
      written.mockRestore()
      expect((await server.ask('/health')).status).toBe(200)
    })
})
