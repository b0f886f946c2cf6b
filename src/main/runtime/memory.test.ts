import { expect, it } from 'vitest'
import { startTestRuntime } from '../../testing/test-runtime'

async function start() {
  const test = startTestRuntime()
  await test.runtime.start()
  const texts = async (q: string, more: object = {}) => (await test.client.memory.query({ q, ...more })).items.map(({ item }) => item.text)
  return { ...test, texts, memory: test.client.memory }
}

it('saves, finds, corrects and forgets, and says how it was searched', async () => {
  const { memory, texts, runtime, events } = await start()
  const { item, outcome } = await memory.save({ text: 'The staging database listens on port 5433', tags: ['database'] })
  expect([outcome, item.revision, item.trust]).toEqual(['created', 1, 'person'])
  await memory.save({ text: 'Tests run with vitest' })
  const answer = await memory.query({ q: 'which port has the databse' })
  expect(answer.items[0]?.item.id).toBe(item.id)
  expect(answer).toMatchObject({ mode: 'words', note: 'No embedding model is set up. Searched by words alone.' })
  expect(answer.items[0]?.why?.corrected).toEqual([{ asked: 'databse', found: ['database'] }])
  expect(answer.items[0]?.snippet.filter(({ hit }) => hit).map(({ text }) => text)).toEqual(['The', 'database', 'port'])
  const changed = await memory.patch({ id: item.id, text: 'The staging database listens on port 5434', revision: 1 })
  expect(changed.revision).toBe(2)
  await expect(memory.patch({ id: item.id, pinned: true, revision: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect([await texts('5433'), await texts('5434')]).toEqual([[], ['The staging database listens on port 5434']])
  await memory.forget({ id: item.id })
  expect(await texts('database')).toEqual([])
  expect((await memory.query({ state: 'forgotten' })).items.map(({ item: { id } }) => id)).toEqual([item.id])
  expect((await memory.history({ id: item.id })).items.map(({ action, changes }) => [action, changes.map(({ name }) => name)])).toEqual([
    ['forgotten', ['forgottenAt']], ['changed', ['text', 'statements']], ['created', []],
  ])
  expect(events.filter(({ topic }) => topic === 'memory.update')).toHaveLength(4)
  await runtime.stop(0)
})

it('keeps the same once, and learns what was forgotten from a person again', async () => {
  const { memory, runtime } = await start()
  const { item } = await memory.save({ text: 'I like short answers.', kind: 'user' })
  expect(await memory.save({ text: 'i like SHORT answers', kind: 'user', tags: ['style'] })).toMatchObject({ outcome: 'known', item: { id: item.id, tags: ['style'], revision: 2 } })
  await memory.forget({ id: item.id })
  expect(await memory.save({ text: 'I like short answers!', kind: 'user' })).toMatchObject({ outcome: 'forgotten', item: { id: item.id, forgottenAt: null } })
  expect((await memory.query({})).items).toHaveLength(1)
  await runtime.stop(0)
})

it('lists by filters, page by page', async () => {
  const { memory, runtime } = await start()
  for (let index = 0; index < 7; index += 1) await memory.save({ text: `fact ${index}`, tags: index % 2 === 0 ? ['even'] : [], importance: index / 10, kind: index < 3 ? 'user' : 'fragment' })
  const all: string[] = []
  let cursor: string | undefined
  do {
    const page = await memory.query({ sort: 'importance', limit: 3, ...(cursor !== undefined && { cursor }) })
    all.push(...page.items.map(({ item }) => item.text))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  expect(all).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `fact ${index}`))
  expect((await memory.query({ tags: ['even'], kinds: ['user'] })).items.map(({ item }) => item.text).sort()).toEqual(['fact 0', 'fact 2'])
  expect(await memory.stats({})).toMatchObject({ active: 7, kinds: { user: 3, fragment: 4 }, tags: [{ tag: 'even', count: 4 }], vectors: { state: 'none' } })
  await expect(memory.query({ cursor: 'junk' })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
  await runtime.stop(0)
})

it('takes whatever is typed for words', async () => {
  const { memory, texts, runtime } = await start()
  await memory.save({ text: 'quote "this" (and) that*' })
  for (const junk of ['"', '(((', 'AND OR NOT', 'title:x', '*', 'a*b', '-that', '^that NEAR(', '\u0000', '🙂', "'; DROP TABLE memory_items; --"]) await texts(junk)
  expect(await texts('that')).toHaveLength(1)
  await runtime.stop(0)
})

it('merges, splits, reverts, undoes to a moment, and exports what it can import', async () => {
  const { memory, runtime, clock } = await start()
  const first = (await memory.save({ text: 'Use tabs', tags: ['style'] })).item
  const second = (await memory.save({ text: 'Tabs are four wide', importance: 0.9 })).item
  const moment = clock.now()
  if ('advance' in clock) (clock as { advance: (ms: number) => void }).advance(1000)
  const merged = await memory.merge({ ids: [first.id, second.id], text: 'Use tabs, four wide' })
  expect(merged).toMatchObject({ id: first.id, text: 'Use tabs, four wide', importance: 0.9, tags: ['style'] })
  const { items } = await memory.split({ id: first.id, texts: ['Use tabs', 'Four wide'] })
  expect(items.map(({ text }) => text)).toEqual(['Use tabs', 'Four wide'])
  expect((await memory.revert({ id: first.id, revision: 2 })).text).toBe('Use tabs, four wide')
  expect(await memory.previewUndo({ to: moment })).toMatchObject({ change: 1, forget: 1, restore: 1 })
  await memory.undo({ to: moment })
  expect((await memory.query({ sort: 'created' })).items.map(({ item: { text, importance } }) => [text, importance])).toEqual([['Tabs are four wide', 0.9], ['Use tabs', 0.5]])
  expect(await memory.previewUndo({ to: moment })).toMatchObject({ change: 0, forget: 0, restore: 0 })
  const [json, markdown] = await Promise.all([memory.exportItems({}), memory.exportItems({ format: 'markdown' })])
  const { memory: other, runtime: elsewhere } = await start()
  expect(await other.importItems({ text: json.text })).toEqual({ added: 2, known: 0, failed: [] })
  expect(await other.importItems({ text: markdown.text, format: 'markdown' })).toEqual({ added: 0, known: 2, failed: [] })
  expect(await other.importItems({ text: 'no json\n{"text":"fine"}\n{"text":""}' })).toMatchObject({ added: 1, failed: [{ place: 1 }, { place: 3 }] })
  await runtime.stop(0)
  await elsewhere.stop(0)
})

it('erases for good, and proves it', async () => {
  const { memory, runtime, texts } = await start()
  const { item } = await memory.save({ text: 'The zebra crossing is secretly purple' })
  await memory.save({ text: 'The crossing is closed' })
  expect(await texts('zebra')).toHaveLength(1)
  await memory.forget({ id: item.id })
  const erased = await memory.erase({ ids: [item.id] })
  expect(erased.left.filter(({ rows }) => rows > 0)).toEqual([])
  expect(erased.removed).toEqual(expect.arrayContaining([{ from: 'memory_items', rows: 1 }, { from: 'memory_revisions', rows: 1 }, { from: 'memory_words_known', rows: 3 }]))
  await expect(memory.get({ id: item.id })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  expect([await texts('zebra'), await texts('crossing')]).toEqual([[], ['The crossing is closed']])
  await runtime.stop(0)
})

it('lets what counts in a session alone go for good with it, and nothing else', async () => {
  const { memory, client, store, runtime, events } = await start()
  const session = await client.sessions.create({ workspaceId: 'workspace' })
  const { item: own } = await memory.save({ text: 'The quixotic plan of this session', scope: 'session', sessionId: session.id })
  const { item: gone } = await memory.save({ text: 'A forgotten remark of this session', scope: 'session', sessionId: session.id })
  await memory.forget({ id: gone.id })
  const { item: kept } = await memory.save({ text: 'A lasting fact that came from it', scope: 'workspace', workspaceId: 'workspace', source: { sessionId: session.id } })
  await client.sessions.trash({ id: session.id })
  expect((await memory.query({ state: 'all' })).items).toHaveLength(3)
  await client.sessions.remove({ id: session.id })
  expect((await memory.query({ state: 'all' })).items.map(({ item }) => item.id)).toEqual([kept.id])
  for (const { id } of [own, gone]) await expect(memory.get({ id })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  expect((await memory.query({ q: 'quixotic', state: 'all', mode: 'words' })).items).toEqual([])
  expect(store.memory.leftOf([own, gone].map((item, index) => ({ ...item, position: index + 1 }))).filter(({ rows }) => rows > 0)).toEqual([])
  expect(events.flatMap((event) => (event.topic === 'memory.removed' ? [event.payload.itemIds] : []))).toEqual([[own.id, gone.id]])
  await runtime.stop(0)
})

it('clears one place and nothing else, and brings it back', async () => {
  const { memory, client, texts, runtime } = await start()
  const session = await client.sessions.create({ workspaceId: 'workspace' })
  await memory.save({ text: 'harbour of the session', scope: 'session', sessionId: session.id })
  await memory.save({ text: 'harbour of the folder', scope: 'workspace', workspaceId: 'workspace' })
  await memory.save({ text: 'harbour of the person' })
  const cleared = await memory.clear({ scope: 'workspace', workspaceId: 'workspace' })
  expect(cleared.forgotten).toBe(1)
  expect((await texts('harbour')).sort()).toEqual(['harbour of the person', 'harbour of the session'])
  await memory.bulk({ filter: { scope: 'workspace', workspaceId: 'workspace', state: 'forgotten', from: cleared.at }, do: { action: 'restore' } })
  expect(await texts('harbour')).toHaveLength(3)
  expect(await memory.clear({ scope: 'session', sessionId: session.id })).toMatchObject({ forgotten: 1 })
  expect(await memory.clear({ scope: 'user' })).toMatchObject({ forgotten: 1 })
  expect(await texts('harbour')).toEqual(['harbour of the folder'])
  await runtime.stop(0)
})
