import { describe, expect, it } from 'vitest'
import type { Store } from '#core/ports/store'
import type { Tool } from '#core/tools/tool'
import { readTool, startTestRuntime, type TestRuntime, type TestRuntimeOptions, writeTool } from '../../testing/test-runtime'

/** A store whose process can end: from then on nothing that the old life does reaches the database. */
function mortal(store: Store): { readonly store: Store; readonly die: () => void } {
  let dead = false
  return {
    die: () => { dead = true },
    store: {
      ...store,
      transaction: (work, durability) => {
        if (dead) throw new Error('this process is dead')
        return store.transaction(work, durability)
      },
    },
  }
}

const settled = (test: TestRuntime, runId: string) => test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)

/** A first life that is cut off once `until` resolves, and a second on the same database. */
async function twoLives(first: TestRuntimeOptions, second: TestRuntimeOptions, until: (test: TestRuntime) => Promise<unknown>) {
  const base = startTestRuntime()
  const { store, die } = mortal(base.store)
  const before = startTestRuntime({ ...first, store })
  await before.runtime.start()
  const session = await before.client.sessions.create({ workspaceId: 'workspace' })
  const { runId } = await before.client.sessions.send({ id: session.id, text: 'go' })
  await until(before)
  die()
  const after = startTestRuntime({ ...second, store: base.store, ids: 'second' })
  await after.runtime.start()
  const kinds = async () => (await after.client.sessions.entries({ id: session.id })).items.map(({ payload }) => (payload.kind === 'tool_result' ? `result ${payload.outcome}` : payload.kind))
  return { before, after, session, runId, kinds }
}

describe('after a crash', () => {
  it('a reply that was being written is kept as far as it came, and the turn waits to be resumed', async () => {
    const { after, runId, session, kinds } = await twoLives(
      { script: [{ text: 'I was about', hang: true }] }, { script: [{ text: 'Whole.' }] },
      async (test) => {
        await test.until(({ topic }) => topic === 'step.update', 0)
        await new Promise((resolve) => setImmediate(resolve))
        if ('advance' in test.clock && typeof test.clock.advance === 'function') test.clock.advance(1000)
      },
    )
    expect(await after.client.runs.get({ id: runId })).toMatchObject({ state: 'interrupted', steps: [{ state: 'interrupted', partialText: 'I was about' }] })
    expect((await after.client.sessions.get({ id: session.id })).status).toBe('interrupted')
    expect(after.provider.requests).toHaveLength(0)
    await after.client.runs.resume({ id: runId })
    await after.until((event) => event.topic === 'run.update' && event.payload.run.state === 'completed', 0)
    expect(await kinds()).toEqual(['user_message', 'assistant_message', 'run_ended', 'assistant_message'])
    expect(after.provider.requests[0]?.messages).toEqual([{ role: 'user', text: 'go' }])
  })

  it('a question that was open is still open, and its answer goes on with the turn', async () => {
    const write = writeTool()
    const { after, runId, kinds } = await twoLives(
      { tools: [write.tool], script: [{ toolCalls: [{ name: 'write' }] }] }, { tools: [write.tool], script: [{ text: 'Done.' }] },
      (test) => test.until(({ topic }) => topic === 'human.request', 0),
    )
    const [request] = (await after.client.humanRequests.list({ status: 'open' })).items
    expect(request).toMatchObject({ kind: 'approval', runId })
    expect((await after.client.runs.get({ id: runId })).state).toBe('waiting')
    await after.client.humanRequests.answer({ id: request?.id ?? '', decision: 'once' })
    await settled(after, runId)
    expect(write.written).toEqual(['a.txt'])
    expect(await kinds()).toEqual(['user_message', 'assistant_message', 'approval', 'result success', 'assistant_message'])
  })

  it('an effect that can be read back is not repeated', async () => {
    const hanging = writeTool({ verifiable: true, execute: () => new Promise(() => undefined) })
    const { after, before, runId, kinds } = await twoLives(
      { tools: [hanging.tool], script: [{ toolCalls: [{ name: 'write' }] }] }, { tools: [hanging.tool], script: [{ text: 'Done.' }] },
      async (test) => {
        const asked = await test.until(({ topic }) => topic === 'human.request', 0)
        if (asked.topic === 'human.request') await test.client.humanRequests.answer({ id: asked.payload.request.id, decision: 'once' })
        await test.until((event) => event.topic === 'step.update' && event.payload.step.kind === 'tool', 0)
      },
    )
    expect(after.leftovers).toHaveLength(1)
    await after.client.runs.resume({ id: runId })
    await after.until((event) => event.topic === 'run.update' && event.payload.run.state === 'completed', 0)
    expect(hanging.written).toEqual(['a.txt'])
    expect(await kinds()).toEqual(['user_message', 'assistant_message', 'approval', 'result success', 'run_ended', 'assistant_message'])
    expect(before.provider.requests).toHaveLength(1)
  })

  it('an effect that cannot be read back asks before anything goes on', async () => {
    const hanging = writeTool({ execute: () => new Promise(() => undefined) })
    const { after, runId, session, kinds } = await twoLives(
      { tools: [hanging.tool], script: [{ toolCalls: [{ name: 'write' }] }] }, { tools: [hanging.tool], script: [{ text: 'I see.' }] },
      async (test) => {
        const asked = await test.until(({ topic }) => topic === 'human.request', 0)
        if (asked.topic === 'human.request') await test.client.humanRequests.answer({ id: asked.payload.request.id, decision: 'once' })
        await test.until((event) => event.topic === 'step.update' && event.payload.step.kind === 'tool', 0)
      },
    )
    expect((await after.client.runs.get({ id: runId })).steps.at(-1)).toMatchObject({ kind: 'tool', state: 'unknown' })
    const [request] = (await after.client.humanRequests.list({ status: 'open' })).items
    expect(request).toMatchObject({ kind: 'unknown_outcome', decisions: ['once', 'reject'] })
    expect((await after.client.sessions.get({ id: session.id })).openRequests).toBe(1)
    await after.client.humanRequests.answer({ id: request?.id ?? '', decision: 'reject' })
    await after.until((event) => event.topic === 'run.update' && event.payload.run.state === 'completed', 0)
    expect(hanging.written).toEqual(['a.txt'])
    expect(await kinds()).toContain('result unknown')
  })

  it('a script that was cut off is unknown, and what it asked is not open any more; done anew only when a person says so', async () => {
    const write = writeTool()
    const writeFile: Tool = { ...write.tool, name: 'write_file', prepare: (_input, context) => write.tool.prepare({ path: 'a.txt' }, context) }
    const script = [{ toolCalls: [{ name: 'run_script', arguments: { script: `await addMemory('The harbour is deep.'); await addMemory('The harbour is wide.', { kind: 'user' }); await createFile('a.txt', 'x')` } }] }]
    const { after, runId, kinds } = await twoLives(
      { tools: [writeFile], script }, { tools: [writeFile], script: [{ text: 'I see.' }] }, (test) => test.until(({ topic }) => topic === 'human.request', 0),
    )
    const open = (await after.client.humanRequests.list({ status: 'open' })).items
    expect(open.map(({ kind, toolName }) => [kind, toolName])).toEqual([['unknown_outcome', 'run_script']])
    expect(open[0]?.reason).toContain('this was done, in order: remember, remember.')
    expect((await after.client.runs.get({ id: runId })).steps.filter(({ kind }) => kind === 'tool').map(({ name, state }) => [name, state])).toEqual([['run_script', 'unknown'], ['remember', 'completed'], ['remember', 'completed']])
    await after.client.humanRequests.answer({ id: open[0]?.id ?? '', decision: 'reject' })
    await after.until((event) => event.topic === 'run.update' && event.payload.run.state === 'completed', 0)
    expect(write.written).toEqual([])
    expect(await kinds()).toContain('result unknown')
  })

  it('messages that waited behind an interrupted turn wait until a person has decided about it', async () => {
    const { after, runId, session } = await twoLives(
      { script: [{ hang: true }] }, { script: (request) => ({ text: `${request.messages.length}` }) },
      async (test) => {
        await test.until(({ topic }) => topic === 'step.update', 0)
        const { items } = await test.client.sessions.list({})
        await test.client.sessions.send({ id: items[0]?.id ?? '', text: 'and then this' })
      },
    )
    expect((await after.client.sessions.get({ id: session.id })).queuedRuns).toBe(1)
    expect(after.provider.requests).toHaveLength(0)
    await after.client.runs.cancel({ id: runId })
    await after.until((event) => event.topic === 'run.update' && event.payload.run.text === 'and then this' && event.payload.run.state === 'completed', 0)
  })
})

describe('closing', () => {
  it('interrupts what works, leaves open what waits, and takes nothing more', async () => {
    const read = readTool(() => new Promise(() => undefined))
    const test = startTestRuntime({ tools: [read, writeTool().tool], script: (request) => (request.messages.length > 1 ? { text: 'ok' } : { toolCalls: [{ name: JSON.stringify(request.messages).includes('wait') ? 'write' : 'read' }] }) })
    await test.runtime.start()
    const [working, waiting] = [await test.client.sessions.create({ workspaceId: 'workspace' }), await test.client.sessions.create({ workspaceId: 'workspace' })]
    const first = await test.client.sessions.send({ id: working.id, text: 'work' })
    const second = await test.client.sessions.send({ id: waiting.id, text: 'wait' })
    await test.until(({ topic }) => topic === 'human.request', 0)
    await test.until((event) => event.topic === 'step.update' && event.payload.step.kind === 'tool', 0)
    const stopped = test.runtime.stop(0)
    if ('advance' in test.clock && typeof test.clock.advance === 'function') test.clock.advance(5000)
    await stopped
    expect((await test.client.runs.get({ id: first.runId })).state).toBe('interrupted')
    expect((await test.client.runs.get({ id: second.runId })).state).toBe('waiting')
    expect((await test.client.humanRequests.list({ status: 'open' })).items).toHaveLength(1)
    await expect(test.client.sessions.send({ id: working.id, text: 'more' })).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
    expect(test.runtime.isReady()).toBe(false)
  })
})
