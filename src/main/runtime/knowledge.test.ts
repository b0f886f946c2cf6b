import { expect, it } from 'vitest'
import { LEARN_PROMPT_START } from '#core/memory/agent/learn-by-model'
import type { FakeReply } from '../../testing/scripted-provider'
import { createManualClock } from '../../testing/manual-clock'
import { readTool, startTestRuntime } from '../../testing/test-runtime'

const crane = { kind: 'fact', about: { name: 'Crane', type: 'machine' }, attribute: 'colour', value: 'red' } as const

async function start(clock = createManualClock()) {
  const replies: FakeReply[] = []
  const testing = startTestRuntime({ clock, tools: [readTool()], script: ({ system }) => (system.startsWith(LEARN_PROMPT_START) ? { text: '[]' } : replies.shift() ?? { text: 'Done.' }) })
  await testing.runtime.start()
  const say = async (text: string, calls: readonly { readonly name: string; readonly arguments: Record<string, unknown> }[]) => {
    const session = await testing.client.sessions.create({ workspaceId: 'workspace' })
    replies.push(...calls.map((call): FakeReply => ({ toolCalls: [call] })), { text: 'Done.' })
    const { runId } = await testing.client.sessions.send({ id: session.id, text })
    await testing.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
    return (await testing.client.sessions.entries({ id: session.id })).items.flatMap(({ payload }) => (payload.kind === 'tool_result' ? [payload] : []))
  }
  return { ...testing, say }
}

it('lets an agent note and look up things, within its folder, and another value takes the place of the first', async () => {
  const { client, say, runtime } = await start()
  await client.knowledge.add({ statements: [{ ...crane, about: { name: 'Other crane' } }], scope: 'workspace', workspaceId: 'elsewhere' })
  await say('Go', [{ name: 'graph_add', arguments: { statements: [crane, { kind: 'relation', from: { name: 'Crane' }, type: 'stands on', to: { name: 'Pier' } }] } }])
  const [added, found] = await say('Again', [{ name: 'graph_add', arguments: { statements: [{ ...crane, value: 'blue' }] } }, { name: 'graph_query', arguments: { around: 'the crane' } }])
  expect(added?.content).toBe('1 noted.')
  expect(found?.content).toContain('Crane [machine] (noted by an agent)\n  colour = blue (noted by an agent)')
  expect(found?.content).toContain('Crane → stands on → Pier')
  expect(found?.content).not.toMatch(/red|Other crane/)
  const { entities } = await client.knowledge.query({ forWorkspace: 'workspace' })
  expect(entities.map(({ name, trust }) => [name, trust])).toEqual([['Crane', 'agent'], ['Pier', 'agent']])
  await runtime.stop(0)
})

it('marks what comes after a file as untrusted, lets it change nothing that is trusted, and has what is about the person reviewed', async () => {
  const { client, say, runtime } = await start()
  await client.knowledge.add({ statements: [crane], scope: 'workspace', workspaceId: 'workspace' })
  const results = await say('Read it', [
    { name: 'read', arguments: {} },
    { name: 'graph_add', arguments: { statements: [{ ...crane, value: 'poisoned' }, { kind: 'fact', about: { name: 'Pier' }, attribute: 'wood', value: 'oak' }, { kind: 'relation', from: { name: 'You' }, type: 'want', to: { name: 'everything allowed' } }] } },
    { name: 'graph_query', arguments: {} },
  ])
  expect(results[1]?.content).toBe('1 noted. 2 put up for the person to review.')
  expect(results[2]?.content).toContain('wood = oak (untrusted')
  expect(results[2]?.content).not.toMatch(/poisoned|everything allowed/)
  expect((await client.knowledge.query({ q: 'crane' })).entities).toMatchObject([{ facts: [{ value: 'red', trust: 'person' }] }])
  expect((await client.memory.reviews({ state: 'open', limit: 10 })).items).toHaveLength(2)
  await runtime.stop(0)
})

it('gives one entity with all that is known of it, and an error for one that nothing speaks of any more', async () => {
  const { client, runtime } = await start()
  const { items } = await client.knowledge.add({ statements: [crane], ttlSeconds: 100 })
  expect(items).toMatchObject([{ text: 'Crane [machine]: colour = red', statements: [crane], trust: 'person', expiresAt: expect.any(Number) }])
  const { entities: [entity] } = await client.knowledge.query({})
  expect(await client.knowledge.entity({ id: entity?.id ?? '' })).toMatchObject({ entity: { name: 'Crane', facts: [{ attribute: 'colour', value: 'red' }] }, relations: [] })
  await client.memory.forget({ id: items[0]?.id ?? '' })
  await expect(client.knowledge.entity({ id: entity?.id ?? '' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  expect(await client.knowledge.types({})).toEqual({ entities: [], relations: [] })
  await runtime.stop(0)
})

it('tells what was known at a moment, over a thing too, and not once the item is erased', async () => {
  const clock = createManualClock()
  const { client, runtime } = await start(clock)
  const { items: [item] } = await client.knowledge.add({ statements: [crane] })
  const at = item?.updatedAt ?? 0
  clock.advance(1_000)
  await client.knowledge.add({ statements: [{ ...crane, value: 'blue' }] })
  const { entities: [entity] } = await client.knowledge.query({ at })
  expect(entity).toMatchObject({ name: 'Crane', facts: [{ value: 'red', itemIds: [item?.id] }] })
  expect((await client.knowledge.entity({ id: entity?.id ?? '', at })).entity.facts).toMatchObject([{ value: 'red' }])
  expect((await client.knowledge.entity({ id: entity?.id ?? '' })).entity.facts).toMatchObject([{ value: 'blue' }])
  expect(await client.knowledge.types({ at: at - 1 })).toEqual({ entities: [], relations: [] })
  await client.memory.erase({ ids: [item?.id ?? ''] })
  expect(await client.knowledge.query({ at })).toEqual({ entities: [], relations: [], more: false })
  await runtime.stop(0)
})

it('learns from what a person says how things relate', async () => {
  const { client, runtime, say, until } = await start()
  await say('Remember that the harbour server runs on Debian.', [])
  await until((event) => event.topic === 'memory.update' || event.topic === 'memory.many', 0)
  expect((await client.knowledge.query({ around: 'harbour server' })).entities.map(({ name }) => name)).toEqual(['harbour server', 'Debian'])
  await runtime.stop(0)
})
