import { expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock'
import { startTestRuntime } from '../../testing/test-runtime'
import { startWorkbench } from '../../testing/workbench'

it('what a session noted and agreed on goes back with its checkpoint, and what a person changed stays', async () => {
  const clock = createManualClock()
  const calls = [
    { name: 'remember', arguments: { text: 'The crane is red.' } },
    { name: 'remember', arguments: { text: 'The pier is long.' } },
    { name: 'propose_behavior', arguments: { scope: 'user', rules: [{ text: 'Be brief.' }], reason: 'You asked.' } },
  ]
  const { client, runtime, until } = startTestRuntime({ clock, tools: [], script: (_request, index) => (calls[index] ? { toolCalls: [calls[index]] } : { text: 'Done.' }) })
  await runtime.start()
  const session = await client.sessions.create({ workspaceId: 'workspace' })
  const mine = (await client.memory.save({ text: 'Mine, from elsewhere.' })).item
  const before = await client.checkpoints.create({ id: session.id, name: 'before' })
  clock.advance(1_000)
  const { runId } = await client.sessions.send({ id: session.id, text: 'Note it' })
  const asked = await until((event) => event.topic === 'human.request' && event.payload.request.status === 'open', 0)
  if (asked.topic === 'human.request') await client.humanRequests.answer({ id: asked.payload.request.id, decision: 'once' })
  await until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
  await runtime.settled()
  clock.advance(1_000)
  await client.memory.patch({ id: mine.id, text: 'Mine, changed.' })
  const pier = (await client.memory.query({ q: 'pier', mode: 'words' })).items[0]?.item
  await client.memory.patch({ id: pier?.id ?? '', text: 'The pier is very long.' })

  const diff = await client.checkpoints.diff({ a: before.id, b: 'now' })
  expect(diff.memory?.items.map(({ change, title }) => [change, title])).toEqual([['added', 'The crane is red.'], ['added', 'The pier is very long.'], ['added', 'Rules for everywhere']])
  const preview = await client.checkpoints.preview({ id: before.id, parts: ['memory'] })
  expect(preview.memory?.map(({ change, conflict }) => [change, conflict?.choice ?? null])).toEqual([['removed', null], ['removed', 'keep'], ['removed', null]])
  const restored = await client.checkpoints.restore({ id: before.id, parts: ['memory'] })
  expect(restored.items.memory).toBe(2)
  expect((await client.memory.query({ sort: 'created' })).items.map(({ item: { text } }) => text).sort()).toEqual(['Mine, changed.', 'The pier is very long.'])
  expect(await client.behavior.get({ scope: 'user' })).toMatchObject({ version: 2, rules: [] })
  await runtime.stop(0)
})

it('comes back exactly with the redo of a restore', async () => {
  const calls = [
    { name: 'remember', arguments: { text: 'The crane is red.' } },
    { name: 'propose_behavior', arguments: { scope: 'user', rules: [{ text: 'Be brief.' }], reason: 'You asked.' } },
  ]
  const bench = await startWorkbench((_request, index) => (calls[index] ? { toolCalls: [calls[index]] } : { text: 'Done.' }))
  const { client, session } = bench
  const noted = async () => [(await client.memory.query({ sort: 'created' })).items.map(({ item: { text } }) => text), (await client.behavior.get({ scope: 'user' })).rules.map(({ text }) => text)]
  const before = await client.checkpoints.create({ id: session.id, name: 'before' })
  await bench.turn('Note it')
  const { redoCheckpointId, items } = await client.checkpoints.restore({ id: before.id, parts: ['memory'] })
  expect([items.memory, await noted()]).toEqual([2, [[], []]])
  const redone = await client.checkpoints.restore({ id: redoCheckpointId, parts: ['memory'] })
  expect([redone.items.memory, await noted()]).toEqual([2, [['The crane is red.'], ['Be brief.']]])
  await bench.close()
})
