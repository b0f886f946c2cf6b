import { describe, expect, it } from 'vitest'
import type { TaskState } from '#contract/tasks'
import { AppError } from '#core/errors'
import { createManualClock } from '../../testing/manual-clock'
import { askTool, startTestRuntime, type TestRuntime, writeTool } from '../../testing/test-runtime'

async function started(options: Parameters<typeof startTestRuntime>[0] = {}) {
  const clock = createManualClock()
  const test = startTestRuntime({ clock, ...options })
  await test.runtime.start()
  return { ...test, manual: clock }
}

const reaches = (test: Pick<TestRuntime, 'until'>, id: string, state: TaskState, attempt?: number) =>
  test.until((event) => event.topic === 'task.update' && event.payload.task.id === id && event.payload.task.state === state && (attempt === undefined || event.payload.task.attempt === attempt), 0)

const words = { title: 'Greet', instruction: 'Say hello.' }

describe('a ready task', () => {
  it('is done when the record of its run says so, with what its agent said last', async () => {
    const test = await started({ script: [{ text: 'Hello, all of you.' }] })
    const { id } = await test.client.tasks.create({ ...words, context: 'There are three of them.', workspaceId: 'workspace' })
    await reaches(test, id, 'done')
    const task = await test.client.tasks.get({ id })
    expect(task).toMatchObject({ state: 'done', attempt: 1, result: 'Hello, all of you.', usage: { totalTokens: 15 }, reason: null })
    expect(task.costUsd).toBeGreaterThan(0)
    expect(test.provider.requests[0]?.messages).toEqual([{ role: 'user', text: '# Greet\n\nSay hello.\n\n## Context\n\nThere are three of them.' }])
    expect((await test.client.sessions.get({ id: task.sessionId ?? '' }))).toMatchObject({ title: 'Greet', workspaceId: 'workspace', mode: 'ask' })
    expect((await test.client.tasks.runs({ id })).items).toMatchObject([{ number: 1, state: 'completed', runId: task.runId, usage: { totalTokens: 15 } }])
    expect((await test.client.tasks.history({ id })).items.map(({ by, cause, toState }) => [by, cause, toState])).toEqual([
      ['trestle', 'Its run was completed', 'done'], ['trestle', 'Started', 'running'], ['person', 'Created', 'ready'],
    ])
    await test.runtime.stop(0)
    expect(await test.jobs.counts()).toEqual({ ready: 0, delayed: 0, leased: 0, dead: 0 })
  })

  it('waits for what it depends on, and starts when that is done', async () => {
    const test = await started({ script: (request) => ({ text: JSON.stringify(request.messages) }) })
    const first = await test.client.tasks.create({ title: 'First', instruction: 'Do it', start: 'backlog' })
    const second = await test.client.tasks.create({ title: 'Second', instruction: 'Then this', dependsOn: [first.id] })
    await test.client.tasks.move({ id: first.id, to: 'ready' })
    await reaches(test, second.id, 'done')
    expect((test.provider.requests.map(({ messages }) => messages[0])).map((message) => (message?.role === 'user' ? message.text.slice(0, 8) : ''))).toEqual(['# First\n', '# Second'])
  })

  it('starts by priority, and no more at once than the settings allow', async () => {
    const test = await started({ script: () => ({ hang: true }) })
    await test.client.settings.put({ tasks: { maxConcurrent: 2, maxPerWorkspace: 1, maxOpen: 100, maxFolderDayUsd: null, maxScheduleDayUsd: null } })
    await test.client.work.pause({})
    const make = async (title: string, priority: 'low' | 'urgent', workspaceId: string | null) => (await test.client.tasks.create({ ...words, title, priority, workspaceId })).id
    const ids = [await make('low', 'low', null), await make('urgent', 'urgent', 'workspace'), await make('same folder', 'urgent', 'workspace')]
    while ((await test.jobs.counts()).ready < 3) await test.clock.turn()
    await test.client.work.resume({})
    await reaches(test, ids[0] ?? '', 'running')
    expect((await test.client.tasks.get({ id: ids[1] ?? '' })).state).toBe('running')
    expect((await test.client.tasks.get({ id: ids[2] ?? '' })).state).toBe('ready')
    await test.client.tasks.cancel({ id: ids[1] ?? '' })
    await reaches(test, ids[2] ?? '', 'running')
    await test.runtime.stop(0)
  })

  it('starts next when it is started by hand, and keeps its priority', async () => {
    const test = await started({ script: () => ({ hang: true }) })
    const make = async (title: string, priority: 'low' | 'urgent') => (await test.client.tasks.create({ ...words, title, priority })).id
    await test.client.settings.put({ tasks: { ...(await test.client.settings.get({})).tasks, maxConcurrent: 1 } })
    await test.client.work.pause({})
    const [urgent, low] = [await make('urgent', 'urgent'), await make('low', 'low')]
    while ((await test.jobs.counts()).ready < 2) await test.clock.turn()
    expect((await test.client.tasks.run({ id: low })).priority).toBe('low')
    while ((await test.jobs.find(`${low}:1`))?.priority !== 100) await test.clock.turn()
    await test.client.work.resume({})
    await reaches(test, low, 'running')
    expect((await test.client.tasks.get({ id: urgent })).state).toBe('ready')
    await test.runtime.stop(0)
  })

  it('does not start before its time, and is missed after its deadline', async () => {
    const test = await started()
    const now = test.clock.now()
    const late = await test.client.tasks.create({ ...words, when: { kind: 'adhoc', notBefore: now + 60_000 } })
    const missed = await test.client.tasks.create({ ...words, when: { kind: 'adhoc', notBefore: now + 60_000 }, deadline: now + 10_000 })
    test.manual.advance(30_000)
    await reaches(test, missed.id, 'missed')
    expect((await test.client.tasks.get({ id: late.id })).state).toBe('ready')
    test.manual.advance(31_000)
    await reaches(test, late.id, 'done')
  })

  it('is parked with the reason when it cannot start, and starts once that is put right', async () => {
    const test = await started()
    await test.client.workspaces.trust({ id: 'workspace', trusted: false })
    const { id } = await test.client.tasks.create({ ...words, workspaceId: 'workspace' })
    await reaches(test, id, 'needs_you')
    expect((await test.client.tasks.get({ id })).reason).toContain('is not trusted')
    await expect(test.client.tasks.retry({ id })).rejects.toMatchObject({ code: 'CONFLICT' })
    await test.client.workspaces.trust({ id: 'workspace', trusted: true })
    await test.client.tasks.retry({ id })
    await reaches(test, id, 'done')
    expect((await test.client.tasks.get({ id })).attempt).toBe(1)
  })
})

describe('an attempt that fails', () => {
  const cut = { error: new AppError('PROVIDER_REJECTED', 'No.') }
  const stuck = { error: new AppError('INTERNAL_ERROR', 'Stuck.') }

  it('is made again after a while, in a conversation of its own', async () => {
    const test = await started({ script: [stuck, { text: 'Now it works.' }] })
    const { id } = await test.client.tasks.create({ ...words, attempts: { max: 2, backoffSeconds: 60, factor: 2 } })
    await test.until((event) => event.topic === 'task.update' && event.payload.task.id === id && event.payload.task.state === 'ready' && event.payload.task.attempt === 1, 0)
    expect((await test.client.tasks.get({ id })).reason).toBe('Attempt 1 of 2 failed; the next one comes by itself. Stuck.')
    expect(test.provider.requests).toHaveLength(1)
    test.manual.advance(46_000)
    await reaches(test, id, 'done')
    const [second, first] = (await test.client.tasks.runs({ id })).items
    expect([first?.state, second?.state, first?.sessionId === second?.sessionId]).toEqual(['failed', 'completed', false])
  })

  it('ends as a dead letter when all attempts are used up, and gets as many again when it is taken back', async () => {
    const test = await started({ script: [stuck, stuck, stuck, { text: 'At last.' }] })
    const { id } = await test.client.tasks.create({ ...words, attempts: { max: 2, backoffSeconds: 0, factor: 1 } })
    await reaches(test, id, 'dead_letter')
    expect(await test.client.tasks.get({ id })).toMatchObject({ attempt: 2, error: { code: 'INTERNAL_ERROR' }, reason: 'Stuck.' })
    await test.client.tasks.requeue({ id })
    await reaches(test, id, 'done', 4)
  })

  it('is not made again when that would change nothing', async () => {
    const test = await started({ script: [cut] })
    const { id } = await test.client.tasks.create({ ...words, attempts: { max: 5, backoffSeconds: 0, factor: 1 } })
    await reaches(test, id, 'failed')
    expect(await test.client.tasks.get({ id })).toMatchObject({ attempt: 1, reason: 'No.' })
  })
})

describe('a task whose agent asks', () => {
  it('needs a person, and goes on with the answer', async () => {
    const test = await started({ tools: [askTool()], script: [{ toolCalls: [{ name: 'ask_user', arguments: { question: 'Which one?' } }] }, { text: 'That one.' }] })
    const { id } = await test.client.tasks.create(words)
    await reaches(test, id, 'needs_you')
    expect((await test.client.tasks.get({ id })).reason).toBe('Which one?')
    const [request] = (await test.client.humanRequests.list({ status: 'open' })).items
    await test.client.humanRequests.answer({ id: request?.id ?? '', decision: 'once', message: 'The left one' })
    await reaches(test, id, 'done')
    expect((await test.client.tasks.history({ id })).items.map(({ toState }) => toState)).toEqual(['done', 'running', 'needs_you', 'running', 'ready'])
  })

  it('is stopped with its run and its children when it is cancelled', async () => {
    const test = await started({ script: () => ({ hang: true }) })
    const { id } = await test.client.tasks.create(words)
    const child = await test.client.tasks.create({ ...words, title: 'Child', parentId: id })
    await reaches(test, id, 'running')
    await reaches(test, child.id, 'running')
    const cancelled = await test.client.tasks.cancel({ id })
    expect(cancelled.state).toBe('cancelled')
    expect((await test.client.tasks.get({ id: child.id })).state).toBe('cancelled')
    expect(test.store.runs.listInStates(['running', 'queued', 'waiting'])).toEqual([])
    expect((await test.client.tasks.runs({ id })).items).toMatchObject([{ state: 'cancelled' }])
    expect(await test.client.tasks.cancel({ id })).toEqual(await test.client.tasks.cancel({ id }))
  })

  it('is gone with what ran when it is removed', async () => {
    const test = await started({ script: () => ({ hang: true }) })
    const { id } = await test.client.tasks.create(words)
    await reaches(test, id, 'running')
    await test.client.tasks.remove({ id })
    expect(test.store.runs.listInStates(['running', 'queued', 'waiting'])).toEqual([])
    expect((await test.client.tasks.list({})).items).toEqual([])
  })

  it('needs a person when its run is stopped in the conversation, and goes on there', async () => {
    const test = await started({ script: (_request, index) => (index === 0 ? { hang: true } : { text: 'Done after all.' }) })
    const { id } = await test.client.tasks.create(words)
    await test.until(({ topic }) => topic === 'step.update', 0)
    const { runId } = await test.client.tasks.get({ id })
    await test.client.runs.cancel({ id: runId ?? '' })
    await reaches(test, id, 'needs_you')
    await test.client.tasks.retry({ id })
    await reaches(test, id, 'done')
    expect(await test.client.tasks.get({ id })).toMatchObject({ runId, attempt: 1, result: 'Done after all.' })
  })
})

describe('a budget', () => {
  it('stops a task before the call that would go beyond it, and raising it goes on with the same run', async () => {
    const read = { toolCalls: [{ name: 'read', arguments: { path: 'a.txt' } }] }
    const test = await started({ script: [read, read, { text: 'Done.' }] })
    const { id } = await test.client.tasks.create({ ...words, workspaceId: 'workspace', budget: { maxCostUsd: null, maxTokens: 30, maxMinutes: null } })
    await reaches(test, id, 'needs_you')
    const stopped = await test.client.tasks.get({ id })
    expect(stopped).toMatchObject({ reason: 'The budget of 30 tokens of this task is used up. What was done so far is kept. Raise the budget to go on.', usage: { totalTokens: 30 }, error: { code: 'TOKEN_LIMIT_EXCEEDED' } })
    expect(test.provider.requests).toHaveLength(2)
    await test.client.tasks.patch({ id, budget: { maxCostUsd: null, maxTokens: 100, maxMinutes: null } })
    await reaches(test, id, 'done')
    expect(await test.client.tasks.get({ id })).toMatchObject({ runId: stopped.runId, usage: { totalTokens: 45 } })
  })
})

describe('the budget of a folder for a day', () => {
  const limit = (maxFolderDayUsd: number | null) => ({ tasks: { maxConcurrent: 3, maxPerWorkspace: 3, maxOpen: 100, maxFolderDayUsd, maxScheduleDayUsd: null } })

  it('stops tasks of that folder only, and they go on when it is raised or the day is over', async () => {
    const test = await started({ script: () => ({ text: 'Done.' }) })
    await test.client.settings.put(limit(0.00001))
    const make = async (title: string, workspaceId: string | null) => (await test.client.tasks.create({ ...words, title, workspaceId })).id
    const first = await make('First', 'workspace')
    await reaches(test, first, 'done')
    const [second, elsewhere] = [await make('Second', 'workspace'), await make('Elsewhere', null)]
    await reaches(test, elsewhere, 'done')
    await reaches(test, second, 'needs_you')
    expect((await test.client.tasks.get({ id: second })).reason).toContain('that one folder may cost in 24 hours are used up. What was done so far is kept. Raise it in Settings to go on, or wait.')
    await test.client.settings.put(limit(1))
    await reaches(test, second, 'done')
    await test.client.settings.put(limit(0.00001))
    const third = await make('Third', 'workspace')
    await reaches(test, third, 'needs_you')
    test.manual.setNow(test.manual.now() + 24 * 60 * 60 * 1000 + 1)
    test.manual.advance(15_000)
    await reaches(test, third, 'done')
  })
})

describe('a review', () => {
  it('waits for a person, who accepts the work or sends it back into the same conversation', async () => {
    const test = await started({ script: [{ text: 'Done.' }, { text: 'Better now.' }] })
    const { id } = await test.client.tasks.create({ ...words, review: true })
    await reaches(test, id, 'review')
    const first = await test.client.tasks.get({ id })
    test.manual.advance(1000)
    await test.client.tasks.review({ id, accept: false, message: 'Louder, please.' })
    await reaches(test, id, 'review', 2)
    const second = await test.client.tasks.get({ id })
    expect(second).toMatchObject({ sessionId: first.sessionId, result: 'Better now.' })
    expect(test.provider.requests[1]?.messages.at(-1)).toMatchObject({ role: 'user', text: 'The person has looked at your work and sends it back.\n\nLouder, please.' })
    expect((await test.client.tasks.review({ id, accept: true })).state).toBe('done')
    expect((await test.client.tasks.comments({ id })).items).toMatchObject([{ by: 'person', text: 'Louder, please.' }])
    await expect(test.client.tasks.review({ id, accept: true })).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('a checklist', () => {
  const checklist = [{ text: 'Everybody was greeted' }, { text: 'Nobody was forgotten' }]

  it('is told to the agent, ticked by it, and all of it true the task is done', async () => {
    const tick = (item: number) => ({ name: 'task_progress', arguments: { item, done: true, ...(item === 2 && { note: 'Asked twice.' }) } })
    const test = await started({ script: [{ toolCalls: [tick(1), tick(2), tick(3)] }, { text: 'Done.' }] })
    const { id } = await test.client.tasks.create({ ...words, checklist })
    await reaches(test, id, 'done')
    const task = await test.client.tasks.get({ id })
    expect(task.checklist).toEqual([{ text: 'Everybody was greeted', done: true }, { text: 'Nobody was forgotten', done: true }])
    expect(test.provider.requests[0]?.tools.map(({ name }) => name)).toContain('task_progress')
    expect(test.provider.requests[1]?.messages.filter(({ role }) => role === 'tool')).toMatchObject([
      { content: 'Noted. Still open: Nobody was forgotten' }, { content: 'Noted. Everything on the list is true.' }, { content: 'There is no item 3: the list has 2.' },
    ])
    expect((await test.client.tasks.comments({ id })).items).toMatchObject([{ by: 'agent', text: 'Nobody was forgotten: Asked twice.' }])
    expect((await test.client.tasks.history({ id })).items.filter(({ by }) => by === 'agent').map(({ cause }) => cause)).toEqual(['Ticked “Nobody was forgotten”', 'Ticked “Everybody was greeted”'])
  })

  it('that is not all true leads to a review; other conversations are not offered the tool', async () => {
    const test = await started({ script: () => ({ text: 'Done, I believe.' }) })
    const { id } = await test.client.tasks.create({ ...words, checklist })
    await reaches(test, id, 'review')
    expect((await test.client.tasks.get({ id })).reason).toBe('2 of 2 things that must be true are not ticked.')
    const other = await test.client.tasks.create(words)
    await reaches(test, other.id, 'done')
    expect(test.provider.requests[1]?.tools.map(({ name }) => name)).not.toContain('task_progress')
  })
})

describe('several at once', () => {
  it('says of each what came of it', async () => {
    const test = await started()
    const make = async (title: string) => (await test.client.tasks.create({ ...words, title, start: 'backlog', tags: ['old'] })).id
    const [first = '', second = ''] = [await make('1'), await make('2')]
    const { items } = await test.client.tasks.bulk({ ids: [first, 'nobody', second], do: { action: 'tag', add: ['new'], remove: ['old'] } })
    expect(items).toMatchObject([{ id: first, error: null }, { id: 'nobody', error: { code: 'RESOURCE_NOT_FOUND' } }, { id: second, error: null }])
    expect((await test.client.tasks.get({ id: first })).tags).toEqual(['new'])
    await test.client.tasks.bulk({ ids: [first, second], do: { action: 'move', to: 'cancelled' } })
    expect((await test.client.tasks.list({ state: 'cancelled' })).items).toHaveLength(2)
    await test.client.tasks.bulk({ ids: [first, second], do: { action: 'remove' } })
    expect((await test.client.tasks.list({})).items).toEqual([])
  })

  it('keeps views of the board', async () => {
    const { client } = await started()
    const view = { id: 'v1', name: 'At home', filter: { tag: 'home' }, lanes: 'workspace' as const }
    await client.tasks.saveView(view)
    await client.tasks.saveView({ ...view, name: 'In the house' })
    expect(await client.tasks.views({})).toEqual({ items: [{ ...view, name: 'In the house' }] })
    await client.tasks.removeView({ id: 'v1' })
    expect(await client.tasks.views({})).toEqual({ items: [] })
  })
})

describe('after a restart', () => {
  it('goes on with a task that was at work, with the same attempt, and repeats no finished step', async () => {
    const hanging = writeTool({ verifiable: true })
    const before = await started({ tools: [hanging.tool], script: (_request, index) => (index === 0 ? { toolCalls: [{ name: 'write' }] } : { hang: true }) })
    const { id } = await before.client.tasks.create({ ...words, workspaceId: 'workspace' })
    const asked = await before.until(({ topic }) => topic === 'human.request', 0)
    if (asked.topic === 'human.request') await before.client.humanRequests.answer({ id: asked.payload.request.id, decision: 'once' })
    await before.until((event) => event.topic === 'step.update' && event.payload.step.kind === 'model' && event.payload.step.number > 2, 0)
    await before.runtime.stop(0)
    const after = await started({ store: before.store, jobs: before.jobs, tools: [hanging.tool], script: [{ text: 'Done.' }], ids: 'second' })
    await reaches(after, id, 'done')
    expect(hanging.written).toEqual(['a.txt'])
    expect(await after.client.tasks.get({ id })).toMatchObject({ attempt: 1, result: 'Done.' })
    expect((await after.client.tasks.runs({ id })).items).toMatchObject([{ number: 1, state: 'completed' }])
  })

  it('goes on with a task that was answered right before the end', async () => {
    const before = await started({ script: [{ hang: true }] })
    const { id } = await before.client.tasks.create(words)
    await before.until(({ topic }) => topic === 'step.update', 0)
    await before.runtime.stop(0)
    before.store.transaction(() => before.store.tasks.patch(id, { state: 'needs_you', reason: 'Asked' }))
    const after = await started({ store: before.store, jobs: before.jobs, script: [{ text: 'Done.' }], ids: 'second' })
    await reaches(after, id, 'done')
    expect(await after.client.tasks.get({ id })).toMatchObject({ attempt: 1, reason: null })
  })

  it('does not go on with a task that was cancelled, or put back, right before the end', async () => {
    const before = await started({ script: () => ({ hang: true }) })
    const [cancelled, putBack] = [await before.client.tasks.create(words), await before.client.tasks.create(words)]
    for (const { id } of [cancelled, putBack]) await reaches(before, id, 'running')
    await before.runtime.stop(0)
    before.store.transaction(() => before.store.tasks.patch(cancelled.id, { state: 'cancelled' }))
    before.store.transaction(() => before.store.tasks.patch(putBack.id, { state: 'backlog' }))
    const after = await started({ store: before.store, jobs: before.jobs, script: () => ({ hang: true }), ids: 'second' })
    expect(after.provider.requests).toEqual([])
    expect(after.store.taskRuns.listOpen()).toEqual([])
    for (const { id } of [cancelled, putBack]) {
      const { items: [attempt] } = await after.client.tasks.runs({ id })
      expect([attempt?.state, after.store.runs.get(attempt?.runId ?? '')?.state]).toEqual(['cancelled', 'cancelled'])
    }
  })

  it('starts what was ready and not in the queue', async () => {
    const before = await started()
    await before.client.work.pause({})
    const { id } = await before.client.tasks.create(words)
    await before.runtime.stop(0)
    await before.jobs.cancel(`${id}:1`)
    const after = await started({ store: before.store, jobs: before.jobs, ids: 'second' })
    await after.client.work.resume({})
    await reaches(after, id, 'done')
  })
})
