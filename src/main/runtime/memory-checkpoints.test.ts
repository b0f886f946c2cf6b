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

it('agents share what counts in the conversation that they were started in, and what they noted goes back with its checkpoint', async () => {
  const clock = createManualClock()
  const asked: string[] = []
  const { client, provider, runtime, until } = startTestRuntime({
    clock, tools: [],
    script: ({ messages }) => {
      const said = messages.flatMap((message) => (message.role === 'user' && !message.text.startsWith('[Memory') ? [message.text] : [])).at(-1) ?? ''
      asked.push(said)
      const hasResult = messages.some(({ role }) => role === 'tool')
      if (said === 'Begin' && !hasResult) return { toolCalls: [{ name: 'delegate', arguments: { instruction: 'Note the tide' } }] }
      if (said === 'Note the tide' && !hasResult) return { toolCalls: [{ name: 'remember', arguments: { scope: 'session', text: 'The tide turns at noon.' } }, { name: 'recall', arguments: { query: 'lantern' } }] }
      return { text: 'Done.' }
    },
  })
  await runtime.start()
  const session = await client.sessions.create({ workspaceId: 'workspace', mode: 'auto-edit' })
  const { item: lantern } = await client.memory.save({ text: 'The lantern is lit.', scope: 'session', sessionId: session.id })
  const before = await client.checkpoints.create({ id: session.id, name: 'before' })
  clock.advance(1_000)
  const say = async (text: string) => {
    const { runId } = await client.sessions.send({ id: session.id, text })
    await until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
    await runtime.settled()
  }
  await say('Begin')
  // What the conversation knew was told to its agent, which counts as a use of it; what the agent noted counts in the conversation.
  expect((await client.memory.uses({ id: lantern.id })).items.some(({ sessionId }) => sessionId !== session.id)).toBe(true)
  expect((await client.memory.query({ sessionId: session.id, sort: 'created' })).items.map(({ item: { text, scope } }) => [text, scope])).toEqual([['The tide turns at noon.', 'session'], ['The lantern is lit.', 'session']])
  await say('When does the tide turn?')
  expect(JSON.stringify(provider.requests.at(-1)?.messages)).toContain('The tide turns at noon.')
  const { items } = await client.checkpoints.restore({ id: before.id, parts: ['memory'] })
  expect(items.memory).toBe(1)
  expect((await client.memory.query({ sessionId: session.id })).items.map(({ item: { text } }) => text)).toEqual(['The lantern is lit.'])
  expect(asked).toContain('Note the tide')
  await runtime.stop(0)
})
