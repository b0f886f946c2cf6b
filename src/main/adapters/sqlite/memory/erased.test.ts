import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { MemoryDraftSchema, type MemoryDraftInput } from '#contract/memory'
import { createEventStream } from '#core/events/event-stream'
import { createMemory } from '#core/memory/create-memory'
import { letterEmbedder } from '#core/memory/testing/letter-embedder'
import { unit } from '#core/memory/vector-text'
import { newId, systemClock } from '../../node/system'
import { createProfile, type Profile } from '../testing/profile'

const person = { by: 'person', cause: 'test', traceId: 'trace' } as const
const agent = { by: 'agent', sessionId: null, runId: null, entryId: null, path: null } as const
/** Parts of words, since an index keeps what two neighbours begin with once. */
const CANARIES = ['quixotic', 'uixoticaly', 'zanzibari', 'anzibaric', 'xylophon', 'ylophonist']
const draft = (text: string, more: Partial<MemoryDraftInput> = {}) => MemoryDraftSchema.parse({ text, ...more })

function filler(seed: number, count: number): string {
  let state = seed
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return `w${(state % 2_000).toString(36)}`
  }).join(' ')
}

/** Every file of the profile that has one of these pieces, with the piece. */
function filesWith(profile: Profile, pieces: readonly (string | Buffer)[]): string[] {
  const files = readdirSync(profile.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.flatMap((file) => {
    const bytes = readFileSync(join(file.parentPath, file.name))
    return pieces.flatMap((piece) => (bytes.includes(piece) ? [`${file.name}: ${typeof piece === 'string' ? piece : 'a vector'}`] : []))
  })
}

it('what is erased stands in no file any more: no page that was given back, no index, vector, review or log', async () => {
  const profile = createProfile(systemClock)
  try {
    const { store, memorySearch, close } = profile.open()
    const embedder = letterEmbedder()
    const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
    const memory = createMemory({
      store, search: memorySearch, events: createEventStream({ store, clock: systemClock }), clock: systemClock, newId, logger, settings: () => ({ embeddingModel: 'test/letters', sendSensitive: false, retention: [] }),
      embedder: () => Promise.resolve(embedder), backups: () => Promise.resolve([]),
    })
    const stop = memory.start(() => 'trace')
    // Among many, short and long, so that pages were divided, indexes put together and pages given back.
    await memory.service.saveMany(Array.from({ length: 900 }, (_none, index) => draft(index % 90 === 45 ? `quixoticaly number ${index} ${filler(index, index * 2)} quixoticaly` : filler(index, 5 + (index % 50)))), person)
    const ids = store.memory.walk(0, 10_000).items.filter(({ text }) => text.startsWith('quix')).map(({ id }) => id)
    for (const [index, id] of ids.entries()) {
      memory.service.patch(id, { text: `zanzibaric ${filler(index, index * 150)} zanzibaric`, tags: ['xylophonist'], title: 'A xylophonist' }, undefined, person)
      if (index % 2 === 0) memory.service.forget(id, person)
    }
    const proposed = memory.reviews.propose(draft('The harbour is quixoticaly zanzibaric', { kind: 'user' }), 'why', agent, 'trace')
    memory.reviews.decide(proposed?.id ?? '', true, 'The harbour belongs to a xylophonist', person)
    memory.reviews.propose(draft('The harbour belongs to a xylophonist', { kind: 'user', trust: 'untrusted' }), 'why', agent, 'trace')
    const known = memory.knowledge.add([{ kind: 'relation', from: { name: 'Quixoticaly', type: 'zanzibaric' }, type: 'xylophonist', to: { name: 'Zanzibaric', type: '' }, properties: {} }], { scope: 'user', workspaceId: null, sessionId: null }, undefined, person)
    await memory.embeddings.idle()
    const mine = (await memory.service.query({ q: 'xylophonist', mode: 'words', filter: { state: 'all' }, place: null, sort: 'updated', limit: 50 })).items.map(({ item }) => item.id)
    const all = [...new Set([...ids, ...mine, ...known.map(({ id }) => id)])]
    const vectors = await Promise.all(all.map(async (id) => {
      const [vector = new Float32Array()] = await embedder.embed([store.memory.get(id)?.text ?? ''], new AbortController().signal)
      const bytes = unit(vector)
      return Buffer.from(bytes.buffer, bytes.byteOffset, 256)
    }))
    expect(await store.emptyLog()).toBe(true)
    expect(filesWith(profile, [...CANARIES]).length).toBeGreaterThan(4)

    const proof = await memory.service.erase(all, 'trace')
    expect(proof.left.filter(({ rows }) => rows > 0)).toEqual([])
    expect(proof.left.map((place) => place.in)).toEqual(expect.arrayContaining(['memory_items', 'memory_revisions', 'memory_words', 'memory_vectors', 'memory_mentions', 'log']))
    expect(proof.removed).toContainEqual({ from: 'memory_reviews', rows: 2 })
    expect(filesWith(profile, [...CANARIES, ...vectors])).toEqual([])
    // What was not erased is whole.
    expect((await memory.service.query({ q: 'w1a', mode: 'words', filter: {}, place: null, sort: 'updated', limit: 5 })).items.length).toBeGreaterThan(0)
    expect(store.memory.walk(0, 10_000).items).toHaveLength(900 - ids.length)
    stop()
    // Interrupted, it is gone on with at the next start.
    expect(store.memory.hasErasedWords()).toBe(false)
    expect(store.memory.scrub()).toBe(true)
    await close()
    expect(filesWith(profile, [...CANARIES, ...vectors])).toEqual([])
    const { store: again } = profile.open()
    expect(again.memory.hasErasedWords()).toBe(true)
    while (again.memory.scrub());
    expect(again.memory.hasErasedWords()).toBe(false)
  } finally {
    await profile.remove()
  }
})
