import { describe, expect, it } from 'vitest'
import { AppError } from '#core/errors'
import { readTool, startTestRuntime, type TestRuntime, type TestRuntimeOptions, writeTool } from '../../testing/test-runtime'

async function open(options: TestRuntimeOptions = {}) {
  const test = startTestRuntime(options)
  await test.runtime.start()
  const session = await test.client.sessions.create({ workspaceId: 'workspace' })
  return { ...test, session }
}

async function ended(test: TestRuntime, runId: string) {
  await test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
  return test.client.runs.get({ id: runId })
}

async function asked(test: TestRuntime) {
  const event = await test.until(({ topic, payload }) => topic === 'human.request' && 'request' in payload && payload.request.status === 'open', 0)
  if (event.topic !== 'human.request') throw new Error('unexpected')
  return event.payload.request
}

async function conversation(test: TestRuntime, id: string) {
  const { items } = await test.client.sessions.entries({ id })
  return items.map(({ payload }) => {
    switch (payload.kind) {
      case 'user_message':
        return `user: ${payload.text}`
      case 'assistant_message':
        return `assistant(${payload.finishReason}): ${payload.text}${payload.toolCalls.map(({ name }) => ` [${name}]`).join('')}`
      case 'tool_result':
        return `${payload.toolName}(${payload.outcome}): ${payload.content}`
      case 'run_ended':
        return `ended(${payload.state}): ${payload.error?.code ?? ''}`
      default:
        return payload.kind
    }
  })
}

describe('a turn', () => {
  it('runs from the message through a tool call to the answer', async () => {
    const test = await open({ script: [{ text: 'Let me look.', toolCalls: [{ name: 'read' }] }, { text: 'All is well.' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'Look at a.txt' })
    const run = await ended(test, runId)
    expect(run.state).toBe('completed')
    expect(run.steps.map(({ kind, name, state }) => [kind, name, state])).toEqual([
      ['model', 'fake/model', 'completed'], ['tool', 'read', 'completed'], ['model', 'fake/model', 'completed'],
    ])
    expect(await conversation(test, test.session.id)).toEqual([
      'user: Look at a.txt', 'assistant(tool_calls): Let me look. [read]', 'read(success): content of a.txt', 'assistant(stop): All is well.',
    ])
    expect(run.usage).toEqual({ inputTokens: 20, outputTokens: 10, cachedTokens: 0, totalTokens: 30, estimated: false })
    expect(run.costUsd).toBeCloseTo(40 / 1_000_000)
    expect((await test.client.sessions.get({ id: test.session.id })).title).toBe('Look at a.txt')
  })

  it('tells everything that happens in one order, the text before the entry that holds it', async () => {
    const test = await open({ script: [{ text: 'Hi there' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'Hello' })
    await ended(test, runId)
    const topics = test.events.filter(({ runId: id }) => id === runId).map(({ topic }) => topic)
    expect(topics).toEqual([
      'run.update', 'session.update', 'session.entry', 'run.update', 'session.update', 'step.update', 'agent.token', 'session.entry', 'step.update',
      'run.update', 'session.update',
    ])
    const seqs = test.events.map(({ seq }) => seq)
    expect(seqs).toEqual([...seqs].sort((left, right) => left - right))
    expect(new Set(test.events.filter(({ runId: id }) => id === runId).map(({ traceId }) => traceId))).toEqual(new Set(['trace-test']))
  })

  it('queues a second message behind the first and runs them in order', async () => {
    const test = await open({ script: (request) => ({ text: `answer ${request.messages.length}` }) })
    const first = await test.client.sessions.send({ id: test.session.id, text: 'one' })
    const second = await test.client.sessions.send({ id: test.session.id, text: 'two' })
    expect((await test.client.runs.get({ id: second.runId })).state).toBe('queued')
    await ended(test, first.runId)
    await ended(test, second.runId)
    expect(await conversation(test, test.session.id)).toEqual(['user: one', 'assistant(stop): answer 1', 'user: two', 'assistant(stop): answer 3'])
  })

  it('asks before a write, runs it once when it is allowed, and keeps the decision', async () => {
    const write = writeTool()
    const test = await open({ tools: [write.tool], script: [{ toolCalls: [{ name: 'write', arguments: { path: 'b.txt' } }] }, { text: 'Done.' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'write' })
    const request = await asked(test)
    expect(request).toMatchObject({ kind: 'approval', title: 'Write b.txt', toolName: 'write', arguments: { path: 'b.txt' }, decisions: ['once', 'session', 'always', 'reject'] })
    expect((await test.client.sessions.get({ id: test.session.id })).status).toBe('waiting')
    expect(write.written).toEqual([])
    await test.client.humanRequests.answer({ id: request.id, decision: 'once' })
    await ended(test, runId)
    expect(write.written).toEqual(['b.txt'])
    expect(await conversation(test, test.session.id)).toEqual([
      'user: write', 'assistant(tool_calls):  [write]', 'approval', 'write(success): wrote b.txt', 'assistant(stop): Done.',
    ])
  })

  it('gives a rejection and its word back to the model and does nothing', async () => {
    const write = writeTool()
    const test = await open({ tools: [write.tool], script: [{ toolCalls: [{ name: 'write' }] }, { text: 'I see.' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'write' })
    await test.client.humanRequests.answer({ id: (await asked(test)).id, decision: 'reject', message: 'Not this file.' })
    await ended(test, runId)
    expect(write.written).toEqual([])
    expect(test.provider.requests[1]?.messages.at(-1)).toMatchObject({ role: 'tool', isError: true, content: 'The user rejected this call. They said: Not this file.' })
  })

  it('does not ask again for a tool that was allowed for the session', async () => {
    const write = writeTool()
    const test = await open({ tools: [write.tool], script: [{ toolCalls: [{ name: 'write' }] }, { toolCalls: [{ name: 'write' }] }, { text: 'Done.' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'write twice' })
    await test.client.humanRequests.answer({ id: (await asked(test)).id, decision: 'session' })
    await ended(test, runId)
    expect(write.written).toEqual(['a.txt', 'a.txt'])
  })

  it('stops at once, keeps the text that came, and can be resumed', async () => {
    const test = await open({ script: [{ text: 'I begin to', hang: true }, { text: 'Finished now.' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'go' })
    await test.until(({ topic }) => topic === 'step.update', 0)
    expect((await test.client.runs.cancel({ id: runId })).state).toBe('cancelled')
    expect(await conversation(test, test.session.id)).toEqual(['user: go', 'assistant(aborted): I begin to', 'ended(cancelled): '])
    await test.client.runs.resume({ id: runId })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.state === 'completed', 0)
    expect((await conversation(test, test.session.id)).at(-1)).toBe('assistant(stop): Finished now.')
  })

  it('withdraws its question when it is stopped while it waits', async () => {
    const test = await open({ tools: [writeTool().tool], script: [{ toolCalls: [{ name: 'write' }] }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'write' })
    const request = await asked(test)
    await test.client.runs.cancel({ id: runId })
    expect((await test.client.humanRequests.list({ status: 'open' })).items).toEqual([])
    await expect(test.client.humanRequests.answer({ id: request.id, decision: 'once' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await conversation(test, test.session.id)).slice(-2)).toEqual(['write(cancelled): Stopped by the user before it ran.', 'ended(cancelled): '])
  })

  it('retries a failed turn on a new branch and keeps the old one', async () => {
    const test = await open({ script: [{ error: new AppError('KEY_REFUSED', 'The key was refused.') }, { text: 'Now it works.' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'try' })
    expect(await ended(test, runId)).toMatchObject({ state: 'failed', error: { code: 'KEY_REFUSED', message: 'The key was refused.' } })
    const again = await test.client.runs.retry({ id: runId })
    await ended(test, again.runId)
    const session = await test.client.sessions.get({ id: test.session.id })
    expect(session.heads).toHaveLength(2)
    expect(await conversation(test, session.id)).toEqual(['user: try', 'assistant(stop): Now it works.'])
    const old = await test.client.sessions.entries({ id: session.id, headId: test.session.activeHeadId })
    expect(old.items.map(({ payload }) => payload.kind)).toEqual(['user_message', 'run_ended'])
  })

  it('can be resumed after the model was changed, which may be the cure', async () => {
    const test = await open({ script: [{ error: new AppError('KEY_REFUSED', 'No.') }, { text: 'Now.' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'try' })
    await ended(test, runId)
    await test.client.sessions.patch({ id: test.session.id, model: 'fake/other' })
    await test.client.runs.resume({ id: runId })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.state === 'completed', 0)
    expect(await conversation(test, test.session.id)).toEqual(['user: try', 'ended(failed): KEY_REFUSED', 'model_change', 'assistant(stop): Now.'])
  })

  it('cannot be resumed once the conversation has gone on', async () => {
    const test = await open({ script: [{ error: new AppError('KEY_REFUSED', 'No.') }, { text: 'Now.' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'try' })
    await ended(test, runId)
    const next = await test.client.sessions.send({ id: test.session.id, text: 'something else' })
    await ended(test, next.runId)
    await expect(test.client.runs.resume({ id: runId })).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('continues from an earlier entry on a branch of its own', async () => {
    const test = await open({ script: (request) => ({ text: `${request.messages.length} messages` }) })
    const first = await test.client.sessions.send({ id: test.session.id, text: 'one' })
    await ended(test, first.runId)
    const [, reply] = (await test.client.sessions.entries({ id: test.session.id })).items
    const second = await test.client.sessions.send({ id: test.session.id, text: 'two' })
    await ended(test, second.runId)
    const forked = await test.client.sessions.fork({ id: test.session.id, entryId: reply?.id ?? '' })
    expect(forked.activeHeadId).toBe(forked.headId)
    const third = await test.client.sessions.send({ id: test.session.id, text: 'three' })
    await ended(test, third.runId)
    expect(await conversation(test, test.session.id)).toEqual(['user: one', 'assistant(stop): 1 messages', 'user: three', 'assistant(stop): 3 messages'])
  })

  it('reads side by side and writes one after the other', async () => {
    const running = new Set<string>()
    let most = 0
    const read = readTool(async (path) => {
      running.add(path)
      most = Math.max(most, running.size)
      await Promise.resolve()
      running.delete(path)
      return { content: path }
    })
    const test = await open({ tools: [read], script: [{ toolCalls: ['a', 'b', 'c', 'd'].map((path) => ({ name: 'read', arguments: { path } })) }, { text: 'ok' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'read all' })
    await ended(test, runId)
    expect(most).toBe(3)
    expect(test.provider.requests[1]?.messages.slice(-4).map((message) => message.role === 'tool' && message.content)).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('what a model does wrong', () => {
  it('gets an answer to an unknown tool, to broken arguments, and to arguments that do not fit', async () => {
    const invalid = { raw: '{"path":', message: 'the JSON ends too early' }
    const test = await open({ script: [{ toolCalls: [{ name: 'fly' }, { name: 'read', invalid }, { name: 'read', arguments: { where: 1 } }] }, { text: 'Sorry.' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'go' })
    expect((await ended(test, runId)).state).toBe('completed')
    expect((await conversation(test, test.session.id)).slice(2, 5)).toEqual([
      'fly(error): Tool not found: fly',
      'read(error): Invalid parameters: the JSON ends too early. Send the arguments as one JSON object.',
      'read(error): Invalid parameters for read: Unrecognized key: "where"',
    ])
  })

  it('is stopped when the same call fails three times', async () => {
    const test = await open({ script: () => ({ toolCalls: [{ name: 'fly' }] }) })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'go' })
    expect(await ended(test, runId)).toMatchObject({ state: 'failed', error: { code: 'NO_PROGRESS' } })
    expect(test.provider.requests).toHaveLength(3)
  })

  it('is stopped at the limit of steps, and goes on when it is resumed', async () => {
    const test = await open({ script: (_request, index) => ({ toolCalls: [{ name: 'read', id: `call-${index}` }] }) })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'go' })
    const stopped = await ended(test, runId)
    expect(stopped).toMatchObject({ state: 'failed', error: { code: 'MAX_STEPS_EXCEEDED' } })
    expect(stopped.steps).toHaveLength(50)
    await test.client.runs.resume({ id: runId })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.state === 'failed' && event.payload.run.steps === 100, 0)
  })

  it('may throw although it must not: the run fails with a clear error and the text is kept', async () => {
    const test = await open({ script: [{ throws: new Error('boom') }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'go' })
    expect(await ended(test, runId)).toMatchObject({ state: 'failed', error: { code: 'INTERNAL_ERROR' } })
  })
})

describe('what a provider does wrong', () => {
  it('is tried again with growing pauses, and the cut text is kept but not sent', async () => {
    const cut = new AppError('STREAM_CUT', 'The reply was cut.')
    const test = await open({ script: [{ text: 'Half of', error: cut }, { text: 'The whole.' }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'go' })
    await test.until((event) => event.topic === 'step.update' && event.payload.step.state === 'failed', 0)
    advance(test, 1000)
    const run = await ended(test, runId)
    expect(run.steps.map(({ state }) => state)).toEqual(['failed', 'completed'])
    expect(await conversation(test, test.session.id)).toEqual(['user: go', 'assistant(cut): Half of', 'assistant(stop): The whole.'])
    expect(test.provider.requests[1]?.messages).toEqual([{ role: 'user', text: 'go' }])
  })

  it('is not asked again for what cannot get better', async () => {
    const test = await open({ script: [{ error: new AppError('PROVIDER_REJECTED', 'No.') }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'go' })
    expect((await ended(test, runId)).error?.code).toBe('PROVIDER_REJECTED')
    expect(test.provider.requests).toHaveLength(1)
  })
})

function advance({ clock }: TestRuntime, ms: number) {
  if ('advance' in clock && typeof clock.advance === 'function') clock.advance(ms)
}
