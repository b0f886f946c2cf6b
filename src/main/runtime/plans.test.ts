import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '#core/ports/model-provider'
import type { FakeReply } from '../../testing/scripted-provider'
import { startTestRuntime, type TestRuntime } from '../../testing/test-runtime'

const results = ({ messages }: ModelRequest) => messages.flatMap((message) => (message.role === 'tool' ? [message.content] : []))
const firstUser = ({ messages }: ModelRequest) => messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))[0] ?? ''
const body = {
  title: 'Two ships',
  tasks: [
    { key: 'wood', title: 'Get wood', instruction: 'Find wood' }, { key: 'sail', title: 'Sew a sail', instruction: 'Sew' },
    { key: 'ship', title: 'Build', instruction: 'Build it', dependsOn: ['wood', 'sail'] },
  ],
}

/** The agent proposes `plans` one after the other and then says what came back; each task answers with `work`. */
async function proposed(work: (title: string) => FakeReply = (title) => ({ text: `Did ${title}` }), plans: readonly object[] = [body, body], options: Parameters<typeof startTestRuntime>[0] = {}) {
  const script = (request: ModelRequest): FakeReply => {
    if (!/^(# )?Begin/.test(firstUser(request))) return work(/^# (.*)$/m.exec(firstUser(request))?.[1] ?? '')
    const said = results(request)
    const next = plans[said.length]
    return said.at(-1)?.includes('has ended') || !next ? { text: said.at(-1) ?? '' } : { toolCalls: [{ name: 'propose_plan', arguments: { ...next } }] }
  }
  const test = startTestRuntime({ script, ...options })
  await test.runtime.start()
  const session = await test.client.sessions.create({ workspaceId: 'workspace', mode: 'auto-edit' })
  const { runId } = await test.client.sessions.send({ id: session.id, text: 'Begin.' })
  const plan = await nextPlan(test)
  return { ...test, session, runId, plan, script }
}

const nextPlan = async (test: TestRuntime, not = '') => {
  const event = await test.until(({ topic, payload }) => topic === 'plan.update' && 'plan' in payload && payload.plan.state === 'proposed' && payload.plan.id !== not, 0)
  return event.topic === 'plan.update' ? event.payload.plan : Promise.reject(new Error('no plan'))
}
const ended = (test: Pick<TestRuntime, 'until'>, runId: string) =>
  test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
const said = async (test: Awaited<ReturnType<typeof proposed>>, client = test.client) => {
  const last = (await client.sessions.entries({ id: test.session.id })).items.findLast(({ payload }) => payload.kind === 'assistant_message')
  return last?.payload.kind === 'assistant_message' ? last.payload.text : ''
}
const board = async (test: Pick<TestRuntime, 'client'>) => (await test.client.tasks.list({})).items.map(({ title, state }) => `${title}: ${state}`).sort()

describe('a plan that an agent proposes', () => {
  it('waits in the inbox, makes its tasks once it is approved, and tells the agent what came of each', async () => {
    const test = await proposed()
    expect((await test.client.humanRequests.list({ status: 'open' })).items).toMatchObject([{ kind: 'plan', planId: test.plan.id, title: 'Approve the plan “Two ships” (3 tasks)?', decisions: ['once', 'reject'] }])
    expect(await board(test)).toEqual([])
    const approved = await test.client.plans.approve({ id: test.plan.id })
    expect(Object.keys(approved.taskIds)).toEqual(['wood', 'sail', 'ship'])
    await ended(test, test.runId)
    expect(await said(test)).toBe(['The plan was approved and has ended: 3 of 3 tasks are done.', '## wood: Get wood\nDone\n\nDid Get wood', '## sail: Sew a sail\nDone\n\nDid Sew a sail', '## ship: Build\nDone\n\nDid Build'].join('\n\n'))
    expect(await test.client.plans.get({ id: test.plan.id })).toMatchObject({ state: 'ended', revision: 1 })
    const { items } = await test.client.tasks.list({})
    expect(items.map(({ source, mode, workspaceId }) => ({ source, mode, workspaceId }))).toEqual(items.map(() => ({ source: { by: 'agent', sessionId: test.session.id, runId: test.runId }, mode: 'auto-edit', workspaceId: 'workspace' })))
    expect((await test.client.agents.tree({ id: test.runId })).items.map(({ level, title, state }) => `${level} ${title} ${state}`).sort()).toEqual(['parent Begin. completed', 'task Build completed', 'task Get wood completed', 'task Sew a sail completed'])
  })

  it('can be changed before, and only by one person at a time', async () => {
    const test = await proposed()
    const changed = await test.client.plans.patch({ id: test.plan.id, revision: 1, title: 'A raft', tasks: [{ key: 'raft', title: 'Raft', instruction: 'Tie it' }] })
    expect(changed).toMatchObject({ title: 'A raft', revision: 2, state: 'proposed' })
    await expect(test.client.plans.patch({ id: test.plan.id, revision: 1, title: 'A boat' })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(test.client.plans.approve({ id: test.plan.id, revision: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
    await test.client.humanRequests.answer({ id: test.plan.requestId, decision: 'once' })
    await ended(test, test.runId)
    expect(await board(test)).toEqual(['Raft: done'])
    expect(await said(test)).toContain('The person had changed it before.')
    await expect(test.client.plans.patch({ id: test.plan.id, title: 'Late' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await test.client.plans.approve({ id: test.plan.id })).toMatchObject({ state: 'ended' })
  })

  it('can be saved as a workflow, which makes the same tasks again without the agent', async () => {
    const test = await proposed()
    const workflow = await test.client.workflows.fromPlan({ id: test.plan.id })
    expect(workflow).toMatchObject({ name: 'Two ships', steps: [{ key: 'wood', dependsOn: [] }, { key: 'sail', dependsOn: [] }, { key: 'ship', title: 'Build', instruction: 'Build it', dependsOn: ['wood', 'sail'] }] })
    const run = await test.client.workflows.start({ id: workflow.id })
    await test.until((event) => event.topic === 'workflow.run' && event.payload.run.id === run.id && event.payload.run.state === 'completed', 0)
    expect(await board(test)).toEqual(['Build: done', 'Get wood: done', 'Sew a sail: done'])
    expect((await test.client.plans.get({ id: test.plan.id })).state).toBe('proposed')
  })

  it('goes back to the agent with words, which may propose another one', async () => {
    const test = await proposed()
    await test.client.plans.changes({ id: test.plan.id, message: 'Without a sail.' })
    const second = await nextPlan(test, test.plan.id)
    expect(await test.client.plans.get({ id: test.plan.id })).toMatchObject({ state: 'changes', message: 'Without a sail.' })
    expect(results(test.provider.requests.at(-1) ?? { model: '', system: '', messages: [], tools: [], maxOutputTokens: 1, thinking: false })[0]).toContain('They said: Without a sail.')
    expect((await test.client.plans.list({ state: 'proposed' })).items.map(({ id }) => id)).toEqual([second.id])
    await test.client.runs.cancel({ id: test.runId })
    await test.until((event) => event.topic === 'plan.update' && event.payload.plan.state === 'withdrawn', 0)
    expect(await board(test)).toEqual([])
  })

  it.each([
    ['a circle', [{ key: 'a', title: 'A', instruction: 'a', dependsOn: ['b'] }, { key: 'b', title: 'B', instruction: 'b', dependsOn: ['a'] }], 'circle'],
    ['a task that is not there', [{ key: 'a', title: 'A', instruction: 'a', dependsOn: ['z'] }], 'not in the plan'],
    ['the same key twice', [{ key: 'a', title: 'A', instruction: 'a' }, { key: 'a', title: 'B', instruction: 'b' }], 'Two tasks have the key'],
    ['a kind of agent that is not there', [{ key: 'a', title: 'A', instruction: 'a', template: 'nobody' }], 'no kind of agent'],
  ])('is refused with %s', async (_what, tasks, message) => {
    const test = await proposed()
    await expect(test.client.plans.patch({ id: test.plan.id, tasks })).rejects.toThrow(message)
    expect((await test.client.plans.get({ id: test.plan.id })).revision).toBe(1)
  })

  it('never gives a task more than its agent may', async () => {
    const test = await proposed()
    await test.client.plans.patch({ id: test.plan.id, tasks: [{ key: 'a', title: 'A', instruction: 'a', mode: 'auto-edit' }] })
    await test.client.sessions.patch({ id: test.session.id, mode: 'ask' })
    await expect(test.client.plans.approve({ id: test.plan.id })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    expect(await board(test)).toEqual([])
    expect(await test.client.plans.get({ id: test.plan.id })).toMatchObject({ state: 'proposed' })
    expect((await test.client.humanRequests.list({ status: 'open' })).items).toHaveLength(1)
  })

  it('goes on with the others when one fails, and gives up only what waits for that one', async () => {
    const test = await proposed((title) => (title === 'Get wood' ? { finishReason: 'content_filter' } : { text: `Did ${title}` }))
    await test.client.plans.approve({ id: test.plan.id })
    await ended(test, test.runId)
    expect(await board(test)).toEqual(['Build: cancelled', 'Get wood: failed', 'Sew a sail: done'])
    expect(await said(test)).toContain('1 of 3 tasks are done')
  })

  it('stops the others at the first failure where it says so', async () => {
    const test = await proposed((title) => (title === 'Get wood' ? { finishReason: 'content_filter' } : { hang: true }), [{ ...body, stopOnFailure: true }])
    await test.client.plans.approve({ id: test.plan.id })
    await ended(test, test.runId)
    expect(await board(test)).toEqual(['Build: cancelled', 'Get wood: failed', 'Sew a sail: cancelled'])
  })

  it('ends with its agent: stopping that stops its tasks', async () => {
    const test = await proposed(() => ({ hang: true }))
    await test.client.plans.approve({ id: test.plan.id })
    await test.until((event) => event.topic === 'task.update' && event.payload.task.state === 'running', 0)
    await test.client.runs.cancel({ id: test.runId })
    await test.until((event) => event.topic === 'plan.update' && event.payload.plan.state === 'ended', 0)
    expect(await board(test)).toEqual(['Build: cancelled', 'Get wood: cancelled', 'Sew a sail: cancelled'])
  })

  it('of a task leaves its place to the tasks of the plan', async () => {
    const test = await proposed()
    await test.client.runs.cancel({ id: test.runId })
    await test.client.settings.put({ tasks: { maxConcurrent: 1, maxPerWorkspace: 1, maxOpen: 100, maxFolderDayUsd: null, maxScheduleDayUsd: null } })
    const task = await test.client.tasks.create({ title: 'Begin', instruction: 'Begin with a plan', workspaceId: 'workspace', mode: 'auto-edit' })
    await test.client.plans.approve({ id: (await nextPlan(test, test.plan.id)).id })
    await test.until((event) => event.topic === 'task.update' && event.payload.task.id === task.id && event.payload.task.state === 'done', 0)
    expect(await board(test)).toEqual(['Begin: done', 'Build: done', 'Get wood: done', 'Sew a sail: done'])
    expect((await test.client.tasks.get({ id: task.id })).children).toEqual({ done: 3, total: 3 })
  })
})

describe('after a restart', () => {
  it('a plan that was approved goes on, and its agent gets what came of it once', async () => {
    const test = await proposed((title) => (title === 'Sew a sail' ? { hang: true } : { text: `Did ${title}` }))
    await test.client.plans.approve({ id: test.plan.id })
    await test.until((event) => event.topic === 'task.update' && event.payload.task.title === 'Get wood' && event.payload.task.state === 'done', 0)
    await test.runtime.stop(0)
    const after = startTestRuntime({ store: test.store, jobs: test.jobs, ids: 'again', script: (request) => (/^(# )?Begin/.test(firstUser(request)) ? test.script(request) : { text: 'Done now.' }) })
    await after.runtime.start()
    await after.until((event) => event.topic === 'run.update' && event.payload.run.id === test.runId && event.payload.run.state === 'completed', 0)
    expect(await said(test, after.client)).toContain('3 of 3 tasks are done')
    expect((await after.client.plans.list({})).items).toHaveLength(1)
    expect(await board(after)).toEqual(['Build: done', 'Get wood: done', 'Sew a sail: done'])
    await after.runtime.stop(0)
  })
})
