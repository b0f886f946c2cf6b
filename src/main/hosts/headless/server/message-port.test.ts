import { createORPCClient, ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { RPCHandler } from '@orpc/server/message-port'
import { MessageChannel } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import type { Contract } from '#contract'
import { SettingsSchema } from '#contract/settings'
import { openGuard, peerCallOptions } from '../../shared/calls'
import { createFakeEvents, modelsUpdate } from '../testing/fake-events'
import { createFakeRouter } from '../testing/fake-router'

/** As the window of the desktop app is connected, with Node's ports in place of Electron's. */
function connect() {
  const events = createFakeEvents()
  const bugs: unknown[] = []
  const { port1, port2 } = new MessageChannel()
  new RPCHandler(createFakeRouter(events), peerCallOptions({ guard: openGuard, reportBug: (error) => bugs.push(error) })).upgrade(port1, { context: { traceId: '' } })
  port2.start()
  const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: port2 }))
  return { client, events, bugs, close: () => port2.close() }
}

describe('calls over a MessagePort', () => {
  it('answer, fail and stream as over the other transports', async () => {
    const { client, events, bugs, close } = connect()
    expect(await client.settings.get({})).toEqual(SettingsSchema.parse({}))
    const failure = await client.sessions.get({ id: 'gone' }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ORPCError)
    expect((failure as ORPCError<string, unknown>).data).toEqual({ code: 'RESOURCE_NOT_FOUND', message: 'Session gone not found', retryable: false, traceId: expect.stringMatching(/^[\da-f]{32}$/) })
    await expect(client.runs.get({ id: 'r' })).rejects.toMatchObject({ code: 'INTERNAL_ERROR' })
    expect(bugs).toEqual([new Error('a secret of the machine room')])
    const messages = (await client.events.subscribe({}))[Symbol.asyncIterator]()
    await messages.next()
    events.publish(modelsUpdate(1))
    expect((await messages.next()).value).toEqual(modelsUpdate(1))
    close()
    await events.idle()
  })
})
