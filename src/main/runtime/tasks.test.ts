import { createRouterClient } from '@orpc/server'
import { describe, expect, it } from 'vitest'
import type { EventEnvelope } from '#contract/events'
import { startTestRuntime } from '../../testing/test-runtime'

async function started(options: Parameters<typeof startTestRuntime>[0] = {}) {
  const test = startTestRuntime(options)
  await test.runtime.start()
  return test
}

const told = (events: readonly EventEnvelope[]) => events.flatMap((event) => (event.topic === 'task.update' ? [`${event.payload.task.title}: ${event.payload.task.state}`] : []))

describe('a task', () => {
  it('is made with what was left out filled in, and is told of', async () => {
    const test = await started()
    const task = await test.client.tasks.create({ title: 'Water the plants', instruction: 'All of them', start: 'backlog', tags: ['home'] })
    expect(task).toMatchObject({
      title: 'Water the plants', instruction: 'All of them', context: '', state: 'backlog', tags: ['home'], priority: 'normal', mode: 'ask', template: 'general', revision: 1,
      when: { kind: 'adhoc', notBefore: null }, attempts: { max: 1, backoffSeconds: 30, factor: 2 }, source: { by: 'person' }, blockedBy: [], children: { done: 0, total: 0 },
    })
    expect(await test.client.tasks.get({ id: task.id })).toEqual(task)
    const { instruction: _instruction, context: _context, result: _result, ...card } = task
    expect((await test.client.tasks.list({})).items).toEqual([card])
    expect(test.events.filter(({ topic }) => topic === 'task.update').map(({ payload }) => payload)).toEqual([{ task: card }])
  })

  it('says whether a person or a script made it', async () => {
    const { client, runtime } = await started()
    const script = createRouterClient(runtime.router, { context: { traceId: 'trace-script', by: 'script' } })
    const made = await script.tasks.create({ title: 'A', instruction: 'Do it', start: 'backlog' })
    await client.tasks.patch({ id: made.id, title: 'B' })
    expect(made.source).toEqual({ by: 'script', sessionId: null, runId: null })
    expect((await client.tasks.history({ id: made.id })).items.map(({ by }) => by)).toEqual(['person', 'script'])
  })

  it('is made once for an idempotency key, and other words with it are refused', async () => {
    const { client, store } = await started()
    const words = { title: 'Once', instruction: 'Do it', start: 'backlog', idempotencyKey: 'key-1' } as const
    const first = await client.tasks.create(words)
    expect(await client.tasks.create(words)).toEqual(first)
    await expect(client.tasks.create({ ...words, instruction: 'Do something else' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(store.tasks.countOpen()).toBe(1)
  })

  it('forgets an idempotency key after a day', async () => {
    const { client, clock } = await started()
    const words = { title: 'Once', instruction: 'Do it', start: 'backlog', idempotencyKey: 'key-1' } as const
    const first = await client.tasks.create(words)
    if ('advance' in clock && typeof clock.advance === 'function') clock.advance(24 * 60 * 60 * 1000 + 1)
    expect((await client.tasks.create(words)).id).not.toBe(first.id)
  })

  it('remembers every change of it, newest first', async () => {
    const { client } = await started()
    const { id } = await client.tasks.create({ title: 'A', instruction: 'Do it', start: 'backlog' })
    await client.tasks.patch({ id, title: 'B', priority: 'high' })
    await client.tasks.move({ id, to: 'cancelled' })
    expect((await client.tasks.history({ id })).items).toMatchObject([
      { revision: 3, by: 'person', cause: 'Moved to Cancelled', fromState: 'backlog', toState: 'cancelled', fields: [] },
      { revision: 2, cause: 'Changed', fields: [{ name: 'title', before: 'A', after: 'B' }, { name: 'priority', before: 'normal', after: 'high' }] },
      { revision: 1, cause: 'Created', fromState: null, toState: 'backlog' },
    ])
    const page = await client.tasks.history({ id, limit: 2 })
    expect((await client.tasks.history({ id, limit: 2, cursor: page.nextCursor ?? '' })).items.map(({ revision }) => revision)).toEqual([1])
  })

  it('is not changed over the head of somebody else', async () => {
    const { client } = await started()
    const { id, revision } = await client.tasks.create({ title: 'A', instruction: 'Do it', start: 'backlog' })
    await client.tasks.patch({ id, title: 'B', revision })
    await expect(client.tasks.patch({ id, title: 'C', revision })).rejects.toMatchObject({ code: 'CONFLICT', data: { revision: 2 } })
    expect(await client.tasks.get({ id })).toMatchObject({ title: 'B', revision: 2 })
  })

  it('never waits for itself, not even around others', async () => {
    const { client } = await started()
    const make = (title: string, dependsOn: string[] = []) => client.tasks.create({ title, instruction: 'Do it', start: 'backlog', dependsOn })
    const first = await make('First')
    const second = await make('Second', [first.id])
    const third = await make('Third', [second.id, second.id])
    expect(third).toMatchObject({ dependsOn: [second.id], blockedBy: [second.id] })
    await expect(client.tasks.patch({ id: first.id, dependsOn: [third.id] })).rejects.toThrow('This would be a circle: “First” waits for “Third”, which waits for “Second”, which waits for “First”. Nothing was changed.')
    await expect(client.tasks.patch({ id: first.id, dependsOn: [first.id] })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
    expect((await client.tasks.get({ id: first.id })).dependsOn).toEqual([])
  })

  it('tells those that waited for it and its parent when it is done', async () => {
    const test = await started()
    const parent = await test.client.tasks.create({ title: 'Parent', instruction: 'All', start: 'backlog' })
    const first = await test.client.tasks.create({ title: 'First', instruction: 'Do it', start: 'backlog', parentId: parent.id })
    const second = await test.client.tasks.create({ title: 'Second', instruction: 'Do it', start: 'backlog', dependsOn: [first.id] })
    test.events.splice(0)
    const since = test.store.events.lastSeq()
    await test.client.tasks.move({ id: first.id, to: 'done' })
    await test.until((event) => event.topic === 'task.update' && event.payload.task.id === parent.id, since)
    await test.clock.turn()
    expect(told(test.events)).toEqual(['First: done', 'Second: backlog', 'Parent: backlog'])
    expect((await test.client.tasks.get({ id: second.id })).blockedBy).toEqual([])
    expect((await test.client.tasks.get({ id: parent.id })).children).toEqual({ done: 1, total: 1 })
  })

  it('may do no more than its parent, and is not deeper than agents may go', async () => {
    const { client } = await started()
    const make = (parentId: string | undefined, mode: 'ask' | 'auto-edit') => client.tasks.create({ title: 'T', instruction: 'Do it', start: 'backlog', mode, ...(parentId && { parentId }) })
    const top = await make(undefined, 'ask')
    await expect(make(top.id, 'auto-edit')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    const second = await make(top.id, 'ask')
    const third = await make(second.id, 'ask')
    const fourth = await make(third.id, 'ask')
    await expect(make(fourth.id, 'ask')).rejects.toMatchObject({ code: 'MAX_DEPTH_EXCEEDED' })
    await expect(client.tasks.patch({ id: second.id, mode: 'auto-edit' })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it('goes with its children when it is removed; what waited for it in Ready needs a person then', async () => {
    const test = await started()
    const { client } = test
    const parent = await client.tasks.create({ title: 'Parent', instruction: 'All', start: 'backlog' })
    const child = await client.tasks.create({ title: 'Child', instruction: 'Part', start: 'backlog', parentId: parent.id })
    const waiting = await client.tasks.create({ title: 'Waiting', instruction: 'Later', dependsOn: [child.id] })
    expect(waiting).toMatchObject({ state: 'ready', reason: 'Waits for “Child”' })
    await client.tasks.remove({ id: parent.id })
    expect(test.events.findLast(({ topic }) => topic === 'task.removed')?.payload).toEqual({ taskIds: [parent.id, child.id] })
    await expect(client.tasks.get({ id: child.id })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    expect(await client.tasks.get({ id: waiting.id })).toMatchObject({ state: 'needs_you', dependsOn: [], reason: '“Child”, which it waited for, was removed before it was done. Move it to Ready to start it all the same.' })
  })

  it('cannot be more than the settings allow', async () => {
    const { client } = await started()
    await client.settings.put({ tasks: { maxConcurrent: 3, maxPerWorkspace: 3, maxOpen: 10, maxFolderDayUsd: null, maxScheduleDayUsd: null } })
    for (let count = 0; count < 10; count += 1) await client.tasks.create({ title: `${count}`, instruction: 'Do it', start: 'backlog' })
    await expect(client.tasks.create({ title: '11', instruction: 'Do it', start: 'backlog' })).rejects.toThrow('10 tasks are open already')
  })
})

describe('the board', () => {
  it('keeps cards where they are put, and pages through them in that order', async () => {
    const { client } = await started()
    const make = async (title: string) => (await client.tasks.create({ title, instruction: 'Do it', start: 'backlog' })).id
    const [first = '', second = '', third = ''] = [await make('1'), await make('2'), await make('3')]
    const titles = async () => {
      const page = await client.tasks.list({ order: 'board', state: 'backlog', limit: 2 })
      const rest = await client.tasks.list({ order: 'board', state: 'backlog', limit: 2, cursor: page.nextCursor ?? '' })
      return [...page.items, ...rest.items].map(({ title }) => title)
    }
    await client.tasks.move({ id: third, afterId: null })
    expect(await titles()).toEqual(['3', '1', '2'])
    await client.tasks.move({ id: third, afterId: first })
    expect(await titles()).toEqual(['1', '3', '2'])
    for (let count = 0; count < 60; count += 1) await client.tasks.move({ id: count % 2 === 0 ? second : third, afterId: first })
    expect(await titles()).toEqual(['1', '3', '2'])
    await expect(client.tasks.move({ id: first, to: 'cancelled', afterId: second })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect((await client.tasks.get({ id: first })).state).toBe('backlog')
  })

  it('finds cards by what they are and what they say', async () => {
    const { client } = await started()
    const titles = async (filter: Parameters<typeof client.tasks.list>[0]) => (await client.tasks.list(filter)).items.map(({ title }) => title)
    await client.tasks.create({ title: 'Plants', instruction: 'Water 100% of them', start: 'backlog', tags: ['home'], priority: 'high' })
    await client.tasks.create({ title: 'Letters', instruction: 'Write them', start: 'backlog', workspaceId: 'workspace', template: 'worker' })
    expect(await titles({})).toEqual(['Letters', 'Plants'])
    expect(await titles({ text: '100%' })).toEqual(['Plants'])
    expect(await titles({ text: 'letters' })).toEqual(['Letters'])
    expect(await titles({ tag: 'home' })).toEqual(['Plants'])
    expect(await titles({ priority: 'high', order: 'board' })).toEqual(['Plants'])
    expect(await titles({ workspaceId: 'workspace' })).toEqual(['Letters'])
    expect(await titles({ template: 'worker', state: 'done' })).toEqual([])
    expect(await titles({ kind: 'adhoc', limit: 1 })).toEqual(['Letters'])
  })
})
