import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '#core/ports/model-provider'
import type { FakeReply } from '../../testing/scripted-provider'
import { readTool, startTestRuntime, type TestRuntime, writeTool } from '../../testing/test-runtime'

const delegating = (...parts: readonly Readonly<Record<string, unknown>>[]): FakeReply => ({ toolCalls: parts.map((input) => ({ name: 'delegate', arguments: input })) })
const lastText = ({ messages }: ModelRequest) => {
  const last = messages.at(-1)
  return last?.role === 'tool' ? last.content : (last?.text ?? '')
}
const lastUser = ({ messages }: ModelRequest) => messages.flatMap((message) => (message.role === 'user' ? [message.text] : [])).at(-1)
const results = ({ messages }: ModelRequest) => messages.flatMap((message) => (message.role === 'tool' ? [message.content] : []))
const names = ({ tools }: ModelRequest) => tools.map(({ name }) => name)

/** The parent delegates `parts` and then says what came back; each child answers with `child`. */
async function started(parts: readonly Readonly<Record<string, unknown>>[], child: (request: ModelRequest) => FakeReply, options: Parameters<typeof startTestRuntime>[0] = {}) {
  const test = startTestRuntime({
    script: (request) => {
      if (lastUser(request) !== 'Begin.') return child(request)
      return results(request).length > 0 ? { text: `Got: ${results(request).join(' | ')}` } : delegating(...parts)
    },
    ...options,
  })
  await test.runtime.start()
  const session = await test.client.sessions.create({ workspaceId: 'workspace', mode: 'auto-edit' })
  return { ...test, session }
}

const ended = (test: Pick<TestRuntime, 'until'>, runId: string) =>
  test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)

async function begin(test: Awaited<ReturnType<typeof started>>) {
  const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'Begin.' })
  return runId
}
const said = async (test: Awaited<ReturnType<typeof started>>) => {
  const { items } = await test.client.sessions.entries({ id: test.session.id })
  const last = items.findLast(({ payload }) => payload.kind === 'assistant_message')
  return last?.payload.kind === 'assistant_message' ? last.payload.text : null
}

describe('an agent that delegates', () => {
  it('gets what its agents say last, and the tree shows whose they are', async () => {
    const test = await started([{ instruction: 'Count the ships', template: 'worker', title: 'Ships' }, { instruction: 'Count the gulls' }], (request) => ({ text: `Did: ${lastText(request)}` }))
    const runId = await begin(test)
    await ended(test, runId)
    expect(await said(test)).toBe('Got: Did: Count the ships | Did: Count the gulls')
    const { items } = await test.client.agents.tree({ id: runId })
    expect(items.map(({ level, template, title, state, parentId }) => [level, template, title, state, parentId])).toEqual([
      ['parent', 'general', 'Begin.', 'completed', null], ['child', 'worker', 'Ships', 'completed', runId], ['child', 'general', 'Count the gulls', 'completed', runId],
    ])
    const child = await test.client.sessions.get({ id: items[1]?.sessionId ?? '' })
    expect(child).toMatchObject({ workspaceId: 'workspace', mode: 'auto-edit', agent: { level: 'child', template: 'worker', depth: 1, parentSessionId: test.session.id, parentRunId: runId } })
    expect((await test.client.sessions.list({ limit: 10 })).items.map(({ id }) => id)).toEqual([test.session.id])
  })

  it('goes on when one of them fails, and is told why', async () => {
    const test = await started([{ instruction: 'Fail' }, { instruction: 'Work' }], (request) => (lastText(request) === 'Fail' ? { finishReason: 'content_filter', text: 'No' } : { text: 'Fine.' }))
    await ended(test, await begin(test))
    expect(await said(test)).toMatch(/^Got: The agent failed: The provider refused .* The last it said: No \| Fine\.$/)
  })

  it('lets no more of them work at once than the settings allow, and holds no place itself', async () => {
    let working = 0
    let most = 0
    let release = () => {}
    const gate = new Promise<void>((resolve) => { release = resolve })
    const test = await started([1, 2, 3, 4, 5].map((number) => ({ instruction: `Part ${number}` })), () => {
      working += 1
      most = Math.max(most, working)
      if (working === 2) release()
      return { text: 'ok', until: gate.then(() => { working -= 1 }) }
    })
    // One place for all: the parent gives it away while it waits.
    await test.client.settings.put({ maxConcurrentRuns: 2, agents: { maxParallel: 4, templates: [] } })
    await ended(test, await begin(test))
    expect(await said(test)).toBe('Got: ok | ok | ok | ok | ok')
    expect(most).toBe(2)
  })

  it('is stopped with everything below it', async () => {
    const test = await started([{ instruction: 'Deep' }, { instruction: 'Hang' }], (request) => {
      if (request.messages.some((message) => message.role === 'user' && message.text === 'Deep')) return delegating({ instruction: 'Hang deeper' })
      return { hang: true, text: 'I hang' }
    })
    const runId = await begin(test)
    await test.until((event) => event.topic === 'run.update' && event.payload.run.state === 'running' && event.payload.run.text === 'Hang deeper', 0)
    expect((await test.client.runs.cancel({ id: runId })).state).toBe('cancelled')
    expect((await test.client.agents.tree({ id: runId })).items.map(({ title, state }) => [title, state])).toEqual([
      ['Begin.', 'cancelled'], ['Deep', 'cancelled'], ['Hang deeper', 'cancelled'], ['Hang', 'cancelled'],
    ])
  })

  it('is refused a circle, too much depth and a kind of agent that is not there', async () => {
    const test = await started([{ instruction: '  begin. ' }, { instruction: 'Down' }, { instruction: 'x', template: 'nobody' }], (request) => {
      const [result] = results(request)
      if (result !== undefined) return { text: result }
      return names(request).includes('delegate') ? delegating({ instruction: `${lastText(request)} down` }) : { text: 'No way down.' }
    })
    await test.client.settings.put({ limits: { maxSteps: 50, maxDepth: 2, maxMinutes: 30, maxTokens: null, maxCostUsd: null } })
    await ended(test, await begin(test))
    const [circle, deep, nobody] = (await said(test))?.replace('Got: ', '').split(' | ') ?? []
    expect(circle).toContain('go round in a circle')
    expect(deep).toBe('No way down.')
    expect(nobody).toContain('There is no kind of agent “nobody”')
  })
})

describe('a child', () => {
  it('never may do more than its parent has now, whatever it asked for or a person sets', async () => {
    const write = writeTool()
    const test = await started([{ instruction: 'Write it', mode: 'auto-edit' }], (request) => (results(request).length > 0 ? { text: results(request)[0] ?? '' } : { toolCalls: [{ name: 'write', arguments: {} }] }), { tools: [readTool(), write.tool] })
    await test.client.sessions.patch({ id: test.session.id, mode: 'plan' })
    await ended(test, await begin(test))
    expect(write.written).toEqual([])
    expect(await said(test)).toContain('Plan mode is read-only')
  })

  it('has the tools of its kind and no others, and reads how it is to work', async () => {
    const test = await started([{ instruction: 'Look', template: 'looker' }], (request) => (results(request).length > 0 ? { text: results(request)[0] ?? '' } : { toolCalls: [{ name: 'write', arguments: {} }] }))
    await test.client.settings.put({ agents: { maxParallel: 3, templates: [{ name: 'looker', title: 'Looker', description: '', instructions: 'You only look.', tools: ['read'], model: null, mode: null, limits: { maxSteps: null, maxMinutes: null, maxTokens: null, maxCostUsd: null } }] } })
    await ended(test, await begin(test))
    const request = test.provider.requests[1]
    expect(request && names(request)).toEqual(['read', 'recall', 'graph_query', 'log_activity', 'hand_over'])
    expect(request?.system).toContain('You only look.')
    expect(await said(test)).toBe('Got: Tool not found: write')
  })

  it('begins with the newest whole turns of its parent when it is forked, and with a summary of what was cut', async () => {
    const test = await started([{ instruction: 'Go on', context: 'fork' }], (request) => (request.system.includes('shorten a conversation') ? { text: 'They asked about ships.' } : { text: request.messages.map((message) => (message.role === 'tool' ? '' : message.text)).join(' / ') }), { contextWindow: 14_000 })
    const { runId: first } = await test.client.sessions.send({ id: test.session.id, text: `Long ago ${'word '.repeat(9_000)}` })
    await ended(test, first)
    const { runId: second } = await test.client.sessions.send({ id: test.session.id, text: 'Ships sail at noon.' })
    await ended(test, second)
    await ended(test, await begin(test))
    expect(await said(test)).toMatch(/^Got: \[Summary of the earlier conversation, made by Trestle\]\nThey asked about ships\. \/ Ships sail at noon\. \/ .*Ships sail at noon\. \/ Begin\. \/ Go on$/s)
  })

  it('can hand its conversation over to the person', async () => {
    const test = await started([{ instruction: 'Ask them' }], (request) => (results(request).length > 0 ? { text: 'The rest is yours.' } : { toolCalls: [{ name: 'hand_over', arguments: { reason: 'They must choose.' } }] }))
    await ended(test, await begin(test))
    expect(await said(test)).toBe('Got: The agent handed its conversation over to the person, who goes on with it. The last it said: The rest is yours.')
    expect((await test.client.sessions.list({ limit: 10 })).items.map(({ title }) => title).sort()).toEqual(['Ask them', 'Begin.'])
  })

  it('is heard to the end when a person sent it something while it worked', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => { release = resolve })
    const test = await started([{ instruction: 'Slowly' }], (request) => (lastText(request) === 'Faster' ? { text: 'Faster it was.' } : { text: 'Slow.', until: gate }))
    const runId = await begin(test)
    const event = await test.until(({ topic, payload }) => topic === 'run.update' && 'run' in payload && payload.run.text === 'Slowly' && payload.run.state === 'running', 0)
    await test.client.sessions.send({ id: event.sessionId ?? '', text: 'Faster' })
    release()
    await ended(test, runId)
    expect(await said(test)).toBe('Got: Faster it was.')
  })
})

describe('after a restart', () => {
  it('a parent goes on with the agents that it had, starts none twice and gets each result once', async () => {
    const script = (request: ModelRequest): FakeReply => {
      if (lastUser(request) === 'Begin.') return results(request).length > 0 ? { text: `Got: ${results(request).join(' | ')}` } : delegating({ instruction: 'Quick' }, { instruction: 'Slow' })
      return lastText(request) === 'Quick' ? { text: 'Quick is done.' } : { hang: true }
    }
    const before = await started([], () => ({ text: '' }), { script })
    const runId = await begin(before)
    await before.until((event) => event.topic === 'run.update' && event.payload.run.text === 'Quick' && event.payload.run.state === 'completed', 0)
    await before.until((event) => event.topic === 'run.update' && event.payload.run.text === 'Slow' && event.payload.run.state === 'running', 0)
    await before.runtime.stop(0)
    const after = startTestRuntime({ store: before.store, jobs: before.jobs, ids: 'again', script: (request) => (lastText(request) === 'Slow' ? { text: 'Slow is done.' } : script(request)) })
    await after.runtime.start()
    await after.client.runs.resume({ id: runId })
    await after.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.state === 'completed', 0)
    expect(await said({ ...before, client: after.client })).toBe('Got: Quick is done. | Slow is done.')
    expect((await after.client.agents.tree({ id: runId })).items.map(({ title, state }) => [title, state])).toEqual([['Begin.', 'completed'], ['Quick', 'completed'], ['Slow', 'completed']])
    await after.runtime.stop(0)
  })
})
