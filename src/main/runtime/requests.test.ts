import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock'
import { askTool, startTestRuntime, writeTool } from '../../testing/test-runtime'

const HOUR_MS = 3_600_000

async function started(script: Parameters<typeof startTestRuntime>[0]) {
  const clock = createManualClock()
  const test = startTestRuntime({ clock, ...script })
  await test.runtime.start()
  const session = await test.client.sessions.create({ workspaceId: 'workspace' })
  const send = async (text = 'go') => (await test.client.sessions.send({ id: session.id, text })).runId
  const asked = async (seen = 0) => {
    const event = await test.until(({ topic, seq, payload }) => topic === 'human.request' && seq > seen && 'request' in payload && payload.request.status === 'open', 0)
    if (event.topic !== 'human.request') throw new Error('nothing was asked')
    return { seq: event.seq, ...event.payload.request }
  }
  const ended = (runId: string) => test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
  return { ...test, manual: clock, session, send, asked, ended }
}

const write = (path: string) => ({ toolCalls: [{ id: path, name: 'write', arguments: { path } }] })

describe('an approval for later calls', () => {
  it('holds until its time is over, then it asks again', async () => {
    const test = await started({ tools: [writeTool().tool], script: [write('a.txt'), { text: 'ok' }, write('b.txt'), { text: 'ok' }, write('c.txt'), { text: 'ok' }] })
    const first = await test.send()
    const request = await test.asked()
    await expect(test.client.humanRequests.answer({ id: request.id, decision: 'session', grant: { until: test.clock.now() } })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
    await expect(test.client.humanRequests.answer({ id: request.id, decision: 'once', grant: { until: null } })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
    await test.client.humanRequests.answer({ id: request.id, decision: 'always', grant: { until: test.clock.now() + HOUR_MS } })
    await test.ended(first)
    expect((await test.client.workspaces.grants({ id: 'workspace' })).items).toMatchObject([{ toolName: 'write', scope: 'workspace', pattern: null, expiresAt: test.clock.now() + HOUR_MS }])
    await test.ended(await test.send())
    test.manual.advance(HOUR_MS)
    await test.send()
    expect((await test.asked(request.seq)).arguments).toEqual({ path: 'c.txt' })
    expect((await test.client.workspaces.grants({ id: 'workspace' })).items).toEqual([])
  })

  it('holds for the files it was given for', async () => {
    const test = await started({ tools: [writeTool().tool], script: [write('src/a.txt'), write('src/deep/b.txt'), write('c.txt'), { text: 'ok' }] })
    await test.send()
    const request = await test.asked()
    await test.client.humanRequests.answer({ id: request.id, decision: 'session', grant: { pattern: 'src/**' } })
    expect((await test.asked(request.seq)).arguments).toEqual({ path: 'c.txt' })
  })
})

it('several are answered in one call, and of each it is said what came of it', async () => {
  const test = await started({ tools: [askTool()], script: () => ({ toolCalls: [{ name: 'ask_user', arguments: { question: 'Which?' } }] }) })
  const other = await test.client.sessions.create({})
  await test.send()
  const first = await test.asked()
  await test.client.sessions.send({ id: other.id, text: 'go' })
  const second = await test.asked(first.seq)
  const { items } = await test.client.humanRequests.answerMany({ answers: [
    { id: first.id, decision: 'once', message: 'This one' }, { id: 'nobody', decision: 'once' }, { id: second.id, decision: 'always' },
  ] })
  expect(items.map(({ id, error }) => [id, error?.code ?? null])).toEqual([[first.id, null], ['nobody', 'RESOURCE_NOT_FOUND'], [second.id, 'INVALID_PARAMETERS']])
})

it('what nobody answers in time is parked: it stays open, nothing is decided, and the answer goes on with it', async () => {
  const { tool, written } = writeTool()
  const test = await started({ tools: [tool], script: [write('a.txt'), { text: 'ok' }] })
  const runId = await test.send()
  const request = await test.asked()
  test.manual.advance(HOUR_MS - 60_000)
  expect((await test.client.humanRequests.list({ status: 'open' })).items).toMatchObject([{ id: request.id, parkedAt: null }])
  test.manual.advance(90_000)
  expect((await test.asked(request.seq)).parkedAt).toBe(request.createdAt + HOUR_MS)
  expect([(await test.client.runs.get({ id: runId })).state, written]).toEqual(['waiting', []])
  await test.client.humanRequests.answer({ id: request.id, decision: 'once' })
  await test.ended(runId)
  expect(written).toEqual(['a.txt'])
})
