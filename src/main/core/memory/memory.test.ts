import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MemoryDraftSchema, type MemoryDraftInput } from '#contract/memory'
import { AppError } from '../errors'
import { contradictionOf } from './consolidate'
import { exportText, importText } from './export-text'
import { isSensitive } from './sensitive'
import { letterEmbedder } from './testing/letter-embedder'
import { openMemoryBench } from './testing/memory-bench'
import { editDistance, fingerprint, similarity } from './words'

const person = { by: 'person', cause: 'test', traceId: 'trace' } as const
const agent = { by: 'agent', cause: 'test', sessionId: 's1', traceId: 'trace' } as const
const everywhere = { workspaceId: null, sessionId: null }
const draft = (text: string, more: Partial<MemoryDraftInput> = {}) => MemoryDraftSchema.parse({ text, ...more })

it('brings up to date what an agent learns nearly the same, but not what a person said', async () => {
  const { memory: { service } } = openMemoryBench()
  const first = await service.save(draft('The deploy script needs node 22 and pnpm 9 to be installed'), agent)
  const second = await service.save(draft('The deploy script needs node 24 and pnpm 9 to be installed'), agent)
  expect([second.outcome, second.item.id, second.item.revision]).toEqual(['known', first.item.id, 2])
  await service.save(draft('Releases are cut on the first Monday of every month'), person)
  const other = await service.save(draft('Releases are cut on the first Tuesday of every month'), agent)
  expect([other.outcome, other.item.text]).toEqual(['known', 'Releases are cut on the first Monday of every month'])
})

it('makes no fact about the person of what comes out of files, and weighs such text down', async () => {
  const { memory } = openMemoryBench()
  await expect(memory.service.save(draft('The user likes to run unknown scripts', { kind: 'user', trust: 'untrusted' }), agent)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  await memory.service.save(draft('lantern from a page on the web', { trust: 'untrusted' }), agent)
  await memory.service.save(draft('lantern from an agent here'), agent)
  const { hits } = await memory.recall({ text: 'lantern', place: everywhere, limit: 5 })
  expect(hits.map(({ item }) => item.trust)).toEqual(['agent', 'untrusted'])
  expect(hits[1]?.why.text).toContain('untrusted source')
  // An agent cannot vouch for itself as if it were a person.
  expect((await memory.service.save(draft('a third lantern', { trust: 'person' }), agent)).item.trust).toBe('agent')
})

it('is seen only where it counts', async () => {
  const { memory } = openMemoryBench()
  await memory.service.save(draft('harbour everywhere'), person)
  await memory.service.save(draft('harbour of one', { scope: 'workspace', workspaceId: 'w1' }), person)
  await memory.service.save(draft('harbour of two', { scope: 'workspace', workspaceId: 'w2' }), person)
  await memory.service.save(draft('harbour of a talk', { scope: 'session', sessionId: 's1' }), person)
  const seen = async (place: Parameters<typeof memory.recall>[0]['place']) => (await memory.recall({ text: 'harbour', place, limit: 9 })).hits.map(({ item }) => item.text).sort()
  expect(await seen(everywhere)).toEqual(['harbour everywhere'])
  expect(await seen({ workspaceId: 'w1', sessionId: null })).toEqual(['harbour everywhere', 'harbour of one'])
  expect(await seen({ workspaceId: 'w2', sessionId: 's1' })).toEqual(['harbour everywhere', 'harbour of a talk', 'harbour of two'])
  await expect(memory.service.save(draft('nowhere', { scope: 'workspace' }), person)).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
})

it('sends nothing sensitive to the embedding model unless it may', async () => {
  const embedder = letterEmbedder(64)
  const { memory, setSettings } = openMemoryBench({ embedder, settings: { embeddingModel: 'test/letters' } })
  const stop = memory.start(() => 'trace')
  await memory.service.save(draft('the garden has a lantern'), person)
  const { item } = await memory.service.save(draft('the password is hunter2lantern'), person)
  expect(item.sensitivity).toBe('sensitive')
  await memory.embeddings.idle()
  expect(embedder.asked).toEqual(['the garden has a lantern'])
  expect(await memory.embeddings.state()).toMatchObject({ done: 1, total: 1, withheld: 1, state: 'ready' })
  expect((await memory.recall({ text: 'my password is hunter2lantern', place: everywhere, limit: 5 })).note).toContain('not sent')
  expect((await memory.recall({ text: 'lantern', place: everywhere, limit: 5 })).hits.map(({ item: { sensitivity } }) => sensitivity)).toEqual(['normal'])
  setSettings({ sendSensitive: true })
  await memory.embeddings.idle()
  await new Promise((resolve) => { setImmediate(resolve) })
  await memory.embeddings.idle()
  expect(embedder.asked).toContain('the password is hunter2lantern')
  stop()
})

it('says that the embedding model fails, searches by words, and tries again', async () => {
  const letters = letterEmbedder(64)
  const failing = { value: true }
  const embedder = { embed: (texts: readonly string[], signal: AbortSignal) => (failing.value ? Promise.reject(new AppError('NETWORK_ERROR', 'Nothing answers.')) : letters.embed(texts, signal)) }
  const { memory, clock } = openMemoryBench({ embedder, settings: { embeddingModel: 'test/letters' } })
  const stop = memory.start(() => 'trace')
  await memory.service.save(draft('a lantern'), person)
  await memory.embeddings.idle()
  expect(await memory.embeddings.state()).toMatchObject({ state: 'failed', error: 'Nothing answers.', done: 0, total: 1 })
  expect(await memory.recall({ text: 'lantern', place: everywhere, limit: 5 })).toMatchObject({ mode: 'words', hits: [{ item: { text: 'a lantern' } }] })
  failing.value = false
  clock.advance(2_000)
  await memory.embeddings.idle()
  expect(await memory.embeddings.state()).toMatchObject({ state: 'ready', done: 1, total: 1 })
  expect((await memory.recall({ text: 'lantern', place: everywhere, limit: 5 })).mode).toBe('hybrid')
  stop()
})

it('puts duplicates and contradictions up for review once, and does what is decided', async () => {
  const { memory, clock } = openMemoryBench()
  const { service, reviews } = memory
  await service.save(draft('The staging server listens on port 8080'), person)
  clock.advance(10)
  await service.save(draft('The staging server listens on port 9090'), person)
  await service.save(draft('Always run the tests before a commit is made'), person)
  clock.advance(10)
  await service.save(draft('Always run tests before the commit is made'), person)
  expect(await memory.upkeep.consolidate()).toEqual({ looked: 4, found: 2 })
  expect(await memory.upkeep.consolidate()).toEqual({ looked: 4, found: 0 })
  const { items } = reviews.list('open', { limit: 10 })
  expect(items.map(({ kind }) => kind).sort()).toEqual(['contradiction', 'duplicate'])
  const contradiction = items.find(({ kind }) => kind === 'contradiction')
  if (!contradiction) throw new Error('none')
  expect([contradiction.reason, contradiction.items[0]?.text]).toEqual(['They name different numbers: 9090 and 8080.', 'The staging server listens on port 9090'])
  expect(reviews.decide(contradiction.id, true, undefined, person).state).toBe('accepted')
  expect(() => reviews.decide(contradiction.id, false, undefined, person)).toThrow('accepted before')
  const { items: left } = await service.pages({}, { limit: 10 })
  expect(left.map(({ text }) => text)).not.toContain('The staging server listens on port 8080')
  const proposed = reviews.propose(draft('Prefers tea', { kind: 'user', trust: 'untrusted' }), 'Read in a file', { by: 'agent', sessionId: null, runId: null, entryId: null, path: 'notes.md' }, 'trace')
  if (!proposed) throw new Error('not proposed')
  reviews.decide(proposed.id, true, 'Prefers green tea', person)
  expect((await service.pages({ kinds: ['user'] }, { limit: 10 })).items.map(({ text, trust }) => [text, trust])).toEqual([['Prefers green tea', 'person']])
})

it('finds what means the same in other words by its vectors, and what says the contrary', async () => {
  const meanings = [['tab', 'indent'], ['short', 'brief'], ['port', 'listens']]
  const embed = (texts: readonly string[]) => Promise.resolve(texts.map((text) => Float32Array.from(meanings, (words) => (words.some((word) => text.includes(word)) ? 1 : 0.01))))
  const { memory, clock } = openMemoryBench({ embedder: { embed }, settings: { embeddingModel: 'test/meanings' } })
  const stop = memory.start(() => 'trace')
  const texts = ['Write code with a tab at the beginning of lines', 'We indent by the tabulator key', 'Be short', 'Never give brief answers to me', 'The harbour listens on 8080', 'For the quay, port is 9090', 'An unrelated thing']
  for (const text of texts) {
    await memory.service.save(draft(text), person)
    clock.advance(10)
  }
  await memory.embeddings.idle()
  expect(await memory.upkeep.consolidate()).toEqual({ looked: 7, found: 3 })
  const { items } = memory.reviews.list('open', { limit: 10 })
  expect(items.map(({ kind, reason }) => [kind, reason]).reverse()).toEqual([
    ['duplicate', 'They mean the same in other words (100 % alike by meaning).'], ['contradiction', 'One says what the other one denies.'], ['contradiction', 'They name different numbers: 9090 and 8080.'],
  ])
  expect(items.map((review) => review.items[0]?.text)).toEqual(['For the quay, port is 9090', 'Never give brief answers to me', 'We indent by the tabulator key'])
  stop()
})

it.each([
  ['my api key: abcdef123456', true], ['card 4111 1111 1111 1111', true], ['card 4111 1111 1111 1112', false], ['-----BEGIN RSA PRIVATE KEY-----', true], ['postgres://me:secret@host/db', true],
  ['DE89 3704 0044 0532 0130 00', true], ['the tests take 12 minutes', false], ['see https://example.org/a/b', false], ['version 1.2.3 of 2024-10-11', false],
])('knows what is sensitive: %s', (text, expected) => {
  expect(isSensitive(text)).toBe(expected)
})

it.each([
  ['Deploys go to Berlin', 'Deploys go to Paris', null], ['The main region is always Berlin', 'The main region is always Paris', 'They end differently: berlin and paris.'],
  ['Use tabs in Go files', 'Do not use tabs in Go files', 'One says what the other one denies.'], ['Tests take 5 minutes here', 'Tests take 5 minutes here', null], ['a b', 'c d', null],
])('knows what contradicts: %s / %s', (left, right, expected) => {
  expect(contradictionOf(left, right)).toBe(expected)
})

it('measures words', () => {
  expect([editDistance('receive', 'recieve', 2), editDistance('cat', 'cats', 1), editDistance('cat', 'dogs', 1), editDistance('', 'ab', 2)]).toEqual([1, 1, 2, 2])
  expect(fingerprint('Hello,  WORLD!')).toBe(fingerprint('hello world'))
  expect(fingerprint('Café au lait')).toBe(fingerprint('cafe au lait'))
  expect(fingerprint('hello worlds')).not.toBe(fingerprint('hello world'))
  expect(similarity('the same words', 'The same, words')).toBe(1)
})

it('writes Markdown that it can read, whatever the text holds', async () => {
  const { memory: { service } } = openMemoryBench()
  const texts = ['one --> two', '## a heading\n\nand <!-- a comment -->', 'x\n## y']
  for (const text of texts) await service.save(draft(text, { tags: ['a --> b'], title: 'T' }), person)
  const { items } = await service.pages({}, { limit: 10 })
  const read = importText(exportText(items, 'markdown'), 'markdown')
  expect(read.map((entry) => ('draft' in entry ? entry.draft.text : entry.message)).sort()).toEqual([...texts].sort())
})

it('writes any item as Markdown that it can read, a solution so that a person can read it too', async () => {
  const { memory: { service } } = openMemoryBench()
  const { item } = await service.save(draft('The build fails', { kind: 'solution', solution: { problem: 'It fails', steps: ['Clear the cache', 'Build'], outcome: 'It builds.', artifacts: [{ path: 'ci.yml', text: '```\ncache: off\n```' }] } }), person)
  expect(exportText([item], 'markdown')).toContain('1. Clear the cache\n2. Build\n\nOutcome: It builds.\n\nci.yml\n````\n```\ncache: off\n```\n````')
  const piece = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('\n## a heading\n', '<!-- memory {"text": "no"} -->', '<!\\-- memory ', '-->', '<!-- solution, to be read: what counts is in the comment above -->', '\n\n', '```'))
  const text = fc.array(piece, { maxLength: 6 }).map((parts) => `x${parts.join('')}y`)
  fc.assert(fc.property(fc.array(fc.tuple(text, fc.option(text)), { minLength: 1, maxLength: 5 }), (all) => {
    const items = all.map(([words, problem]) => ({ ...item, text: words, solution: problem === null ? null : { problem, steps: [problem], outcome: '', artifacts: [{ text: problem }] } }))
    const read = importText(exportText(items, 'markdown'), 'markdown')
    expect(read.map((entry) => ('draft' in entry ? [entry.draft.text, entry.draft.solution] : entry))).toEqual(items.map(({ text: words, solution }) => [words, solution]))
  }))
})
