import { describe, expect, test } from 'vitest'
import type { EventEnvelope } from '#contract/events'
import { createMemorySettingsFile } from '../../testing/memory-settings-file'
import { startTestRuntime } from '../../testing/test-runtime'

const runIs = (state: string) => (event: EventEnvelope) => event.topic === 'run.update' && event.payload.run.state === state
const notified = (events: readonly EventEnvelope[]) => events.flatMap((event) => (event.topic === 'notification' ? [event.payload] : []))

describe('the pause of all work', () => {
  test('holds a message in its queue and starts it when the agents go on', async () => {
    const { runtime, client, events, until, provider } = startTestRuntime()
    await runtime.start()
    expect(await client.work.pause({})).toMatchObject({ pausedAt: expect.any(Number), running: 0, queued: 0 })
    const session = await client.sessions.create({ workspaceId: 'workspace' })
    const { runId } = await client.sessions.send({ id: session.id, text: 'Hello' })
    await until((event) => event.topic === 'work.update' && event.payload.work.held === 1, 0)
    expect(await client.work.get({})).toMatchObject({ queued: 1, held: 1, running: 0 })
    expect(provider.requests).toHaveLength(0)
    expect(await client.work.resume({})).toMatchObject({ pausedAt: null, held: 0 })
    await until(runIs('completed'), 0)
    expect((await client.runs.get({ id: runId })).state).toBe('completed')
    expect(events.filter(({ topic }) => topic === 'work.update').length).toBeGreaterThanOrEqual(3)
  })

  test('lets the step at work finish and starts no other one', async () => {
    let answer = () => {}
    const reply = new Promise<void>((resolve) => { answer = resolve })
    const { runtime, client, until, provider } = startTestRuntime({
      script: (_request, call) => (call === 0 ? { toolCalls: [{ name: 'read', arguments: { path: 'a' } }], until: reply } : { text: 'Done.' }),
    })
    await runtime.start()
    const session = await client.sessions.create({ workspaceId: 'workspace' })
    const asked = until((event) => event.topic === 'step.update' && event.payload.step.kind === 'model' && event.payload.step.state === 'intended')
    await client.sessions.send({ id: session.id, text: 'Read it' })
    await asked
    await client.work.pause({})
    answer()
    await until((event) => event.topic === 'work.update' && event.payload.work.held === 1, 0)
    expect(provider.requests).toHaveLength(1)
    await client.work.resume({})
    await until(runIs('completed'), 0)
    expect(provider.requests).toHaveLength(2)
  })

  test('a held turn can be stopped', async () => {
    const { runtime, client, until } = startTestRuntime()
    await runtime.start()
    await client.work.pause({})
    const session = await client.sessions.create({ workspaceId: 'workspace' })
    const { runId } = await client.sessions.send({ id: session.id, text: 'Hello' })
    await until((event) => event.topic === 'work.update' && event.payload.work.held === 1, 0)
    expect(await client.runs.cancel({ id: runId })).toMatchObject({ state: 'cancelled' })
    expect(await client.work.get({})).toMatchObject({ held: 0, queued: 0 })
  })

  test('outlives a restart', async () => {
    const first = startTestRuntime()
    await first.runtime.start()
    await first.client.work.pause({})
    await first.runtime.stop(0)
    const second = startTestRuntime({ store: first.store, ids: 'again' })
    await second.runtime.start()
    expect(await second.client.work.get({})).toMatchObject({ pausedAt: expect.any(Number) })
    expect(await second.client.work.resume({})).toMatchObject({ pausedAt: null })
  })
})

describe('the lock-down', () => {
  test('stops what runs, waits and queues, and takes no new work until it is lifted', async () => {
    const { runtime, client, until } = startTestRuntime({ script: [{ text: 'Begun', hang: true }, { toolCalls: [{ name: 'write', arguments: { path: 'a' } }] }, { text: 'Again.' }] })
    await runtime.start()
    const [one, two] = [await client.sessions.create({ workspaceId: 'workspace' }), await client.sessions.create({ workspaceId: 'workspace' })]
    const hanging = await client.sessions.send({ id: one.id, text: 'Hang' })
    await until(runIs('running'), 0)
    const queued = await client.sessions.send({ id: one.id, text: 'Queue' })
    const waiting = await client.sessions.send({ id: two.id, text: 'Wait' })
    await until(runIs('waiting'), 0)
    expect(await client.work.lockDown({})).toMatchObject({ lockedAt: expect.any(Number), running: 0, waiting: 0, queued: 0 })
    for (const { runId } of [hanging, queued, waiting]) expect((await client.runs.get({ id: runId })).state).toBe('cancelled')
    expect((await client.humanRequests.list({ status: 'open' })).items).toEqual([])
    await expect(client.sessions.send({ id: one.id, text: 'More' })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('locked down') })
    await expect(client.runs.resume({ id: hanging.runId })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(client.work.resume({})).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await client.work.lift({})).toMatchObject({ lockedAt: null, pausedAt: null })
    await client.sessions.send({ id: one.id, text: 'Again' })
    await until(runIs('completed'))
  })

  test('outlives a restart, and stops what a crash left', async () => {
    const first = startTestRuntime({ script: [{ text: 'Begun', hang: true }] })
    await first.runtime.start()
    const session = await first.client.sessions.create({ workspaceId: 'workspace' })
    const { runId } = await first.client.sessions.send({ id: session.id, text: 'Hang' })
    await first.until(runIs('running'), 0)
    // The process ends between the lock and the end of the runs.
    first.store.transaction(() => { first.store.flags.put('work.locked_at', '1') })
    first.store.transaction(() => { first.store.flags.put('work.paused_at', '1') })
    const second = startTestRuntime({ store: first.store, ids: 'again' })
    await second.runtime.start()
    expect(await second.client.work.get({})).toMatchObject({ lockedAt: 1, running: 0 })
    expect((await second.client.runs.get({ id: runId })).state).toBe('cancelled')
  })
})

describe('notifications', () => {
  const asking = { script: (_request: unknown, call: number) => (call === 0 ? { toolCalls: [{ name: 'write', arguments: { path: 'rm -rf /' } }] } : { text: 'SECRET reply' }) }

  test('tell once that an agent needs someone and that it is done, with nothing of what it does', async () => {
    const { runtime, client, events, until } = startTestRuntime(asking)
    await runtime.start()
    const session = await client.sessions.create({ workspaceId: 'workspace' })
    await client.sessions.send({ id: session.id, text: 'Tidy up' })
    await until((event) => event.topic === 'notification', 0)
    const { items: [request] } = await client.humanRequests.list({ status: 'open' })
    await client.humanRequests.answer({ id: request?.id ?? '', decision: 'once' })
    await until((event) => event.topic === 'notification' && event.payload.kind === 'finished', 0)
    expect(notified(events)).toMatchObject([
      { kind: 'needs-you', title: 'An agent needs you', body: '“Tidy up” waits for your decision.', sessionId: session.id },
      { kind: 'finished', body: '“Tidy up” is done.' },
    ])
    expect(JSON.stringify(notified(events))).not.toMatch(/rm -rf|SECRET/)
  })

  test('tell that Trestle itself is in trouble, without what its notice says', async () => {
    const { runtime, events, until } = startTestRuntime(asking)
    await runtime.start()
    for (const level of ['warning', 'error'] as const) {
      runtime.events.transact((emit) => { emit({ topic: 'system.notice', payload: { id: level, level, text: 'SECRET path' } }, { sessionId: null, runId: null, traceId: 't' }) })
    }
    await until((event) => event.topic === 'notification', 0)
    expect(notified(events)).toEqual([{ id: expect.any(String), kind: 'alert', title: 'Trestle needs your attention', body: expect.not.stringContaining('SECRET'), sessionId: null }])
  })

  test('are not made for a kind that is turned off', async () => {
    const settingsFile = createMemorySettingsFile('{ "defaultModel": "fake/model", "compatible": [{ "id": "fake", "name": "Fake", "baseUrl": "http://127.0.0.1:9" }], "notifications": { "finished": false } }')
    const { runtime, client, events, until } = startTestRuntime({ settingsFile })
    await runtime.start()
    const session = await client.sessions.create({ workspaceId: 'workspace' })
    await client.sessions.send({ id: session.id, text: 'Hello' })
    await until(runIs('completed'), 0)
    await runtime.settled()
    expect(notified(events)).toEqual([])
  })
})
