import { expect, it } from 'vitest'
import { startWorkbench } from '../../testing/workbench'

const open = async () => {
  const bench = await startWorkbench(() => ({ text: 'Done.' }))
  const { client, session } = bench
  const make = (title: string, more: Partial<Parameters<typeof client.tasks.create>[0]> = {}) =>
    client.tasks.create({ title, instruction: `Do ${title}`, start: 'backlog', sessionId: session.id, ...more })
  const save = (name: string) => client.checkpoints.create({ id: session.id, name })
  const board = async () => (await client.tasks.list({ limit: 100 })).items.map(({ title, state, priority, dependsOn, tags }) => ({ title, state, priority, waits: dependsOn.length, tags })).sort((left, right) => left.title.localeCompare(right.title))
  return { ...bench, make, save, board }
}

it('brings the tasks of its session back as they were, and with the redo exactly the state before', async () => {
  const { client, make, save, board, close } = await open()
  const stays = await make('stays')
  const edited = await make('edited', { tags: ['one'] })
  await make('of nobody', { sessionId: undefined })
  const before = await board()
  const checkpoint = await save('before')
  const added = await make('added')
  const later = await make('later', { dependsOn: [added.id] })
  await client.tasks.comment({ id: added.id, text: 'Mind the gap.' })
  await client.tasks.patch({ id: edited.id, title: 'edited twice', priority: 'high', dependsOn: [added.id], tags: ['two'] })
  await client.tasks.remove({ id: stays.id })
  const after = await board()
  const histories = await Promise.all([added.id, later.id, edited.id].map(async (id) => (await client.tasks.history({ id, limit: 50 })).items.length))

  const preview = await client.checkpoints.preview({ id: checkpoint.id, parts: ['tasks'] })
  expect(preview.tasks?.map(({ title, change, conflict }) => ({ title, change, choice: conflict?.choice ?? null }))).toEqual([
    { title: 'added', change: 'removed', choice: null }, { title: 'later', change: 'removed', choice: null },
    { title: 'edited', change: 'changed', choice: 'keep' }, { title: 'stays', change: 'added', choice: 'keep' },
  ])
  expect(await board()).toEqual(after)

  const items = { [edited.id]: 'restore' as const, [stays.id]: 'restore' as const }
  const result = await client.checkpoints.restore({ id: checkpoint.id, parts: ['tasks'], items })
  expect(result.items).toEqual({ memory: 0, tasks: 4 })
  expect(await board()).toEqual(before)
  expect((await client.tasks.history({ id: edited.id, limit: 1 })).items[0]).toMatchObject({ by: 'trestle', cause: 'Went back with its conversation: Restore "before"' })

  expect((await client.checkpoints.restore({ id: result.redoCheckpointId, parts: ['tasks'] })).items.tasks).toBe(4)
  expect(await board()).toEqual(after)
  expect((await client.tasks.comments({ id: added.id })).items.map(({ text }) => text)).toEqual(['Mind the gap.'])
  const counts = await Promise.all([added.id, later.id, edited.id].map(async (id) => (await client.tasks.history({ id, limit: 50 })).items.length))
  expect(counts).toEqual(histories.map((count, index) => count + (index === 2 ? 2 : 1)))
  await close()
})

it('leaves what a person changed since unless it is told otherwise, and what other sessions made', async () => {
  const { client, make, save, board, close } = await open()
  const mine = await make('mine')
  const checkpoint = await save('before')
  await client.tasks.patch({ id: mine.id, priority: 'urgent' })
  await client.tasks.create({ title: 'elsewhere', instruction: 'x', start: 'backlog' })
  const result = await client.checkpoints.restore({ id: checkpoint.id })
  expect(result.items.tasks).toBe(0)
  expect((await board()).map(({ title, priority }) => [title, priority])).toEqual([['elsewhere', 'normal'], ['mine', 'urgent']])
  await close()
})

it('starts nothing by going back: what has been at work since waits in the backlog, and its attempt stays', async () => {
  const { client, make, save, until, close } = await open()
  const first = await make('first', { start: 'ready', when: { kind: 'adhoc', notBefore: Date.now() + 3_600_000 } })
  const checkpoint = await save('ready')
  await client.tasks.run({ id: first.id })
  await until((event) => event.topic === 'task.update' && event.payload.task.id === first.id && event.payload.task.state === 'done')
  const preview = await client.checkpoints.preview({ id: checkpoint.id, parts: ['tasks'] })
  expect(preview.tasks).toMatchObject([{ change: 'changed', note: 'It was Ready then; it waits in Backlog, so that nothing starts by itself.' }])
  const items = { [first.id]: 'restore' as const }
  const { redoCheckpointId } = await client.checkpoints.restore({ id: checkpoint.id, parts: ['tasks'], items })
  expect(await client.tasks.get({ id: first.id })).toMatchObject({ state: 'backlog', result: null, attempt: 1, reason: 'It went back to before it was started. Move it to Ready to start it again.' })
  expect((await client.tasks.runs({ id: first.id })).items).toMatchObject([{ number: 1, state: 'completed' }])
  await client.checkpoints.restore({ id: redoCheckpointId, parts: ['tasks'] })
  expect(await client.tasks.get({ id: first.id })).toMatchObject({ state: 'done', result: 'Done.', attempt: 1 })
  await close()
})

it('compares the tasks of two checkpoints, and of one with now', async () => {
  const { client, make, save, close } = await open()
  const from = await save('empty')
  const task = await make('grows')
  const to = await save('one')
  await client.tasks.move({ id: task.id, to: 'done' })
  const diff = async (a: string, b: string) => (await client.checkpoints.diff({ a, b })).tasks?.items.map(({ change, before, after }) => ({ change, before, after }))
  expect(await diff(from.id, to.id)).toEqual([{ change: 'added', before: null, after: 'State: Backlog\nInstruction: Do grows' }])
  expect(await diff(to.id, from.id)).toEqual([{ change: 'removed', before: 'State: Backlog\nInstruction: Do grows', after: null }])
  expect(await diff(to.id, 'now')).toEqual([{ change: 'changed', before: 'State: Backlog', after: 'State: Done' }])
  await close()
})

it('stops a task that is at work before it takes it back', async () => {
  const bench = await startWorkbench(({ messages }) => (JSON.stringify(messages).includes('Do endless') ? { toolCalls: [{ name: 'run_command', arguments: { command: 'sleep 60' } }] } : { text: 'Done.' }))
  const { client, session, until } = bench
  const checkpoint = await client.checkpoints.create({ id: session.id, name: 'before' })
  const task = await client.tasks.create({ title: 'endless', instruction: 'Do endless', sessionId: session.id, workspaceId: session.workspaceId, mode: 'auto-edit' })
  await until((event) => event.topic === 'step.update' && event.payload.step.state === 'intended' && event.payload.step.kind === 'tool')
  const preview = await client.checkpoints.preview({ id: checkpoint.id })
  expect(preview.tasks).toMatchObject([{ id: task.id, change: 'removed', note: 'Its work is stopped first.' }])
  const result = await client.checkpoints.restore({ id: checkpoint.id })
  expect(result.items.tasks).toBe(1)
  expect((await client.tasks.list({ limit: 10 })).items).toEqual([])
  await client.checkpoints.restore({ id: result.redoCheckpointId, parts: ['tasks'] })
  expect(await client.tasks.get({ id: task.id })).toMatchObject({ state: 'backlog', attempt: 1 })
  await bench.close()
})
