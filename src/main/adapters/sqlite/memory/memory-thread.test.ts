import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { MemoryDraftSchema } from '#contract/memory'
import { createEventStream } from '#core/events/event-stream'
import { createMemory } from '#core/memory/create-memory'
import { letterEmbedder } from '#core/memory/testing/letter-embedder'
import { newId, systemClock } from '../../node/system'
import { startWriter } from '../testing/child'
import { createProfile, type Profile } from '../testing/profile'
import { wordFileOf } from './words/word-file'

const person = { by: 'person', cause: 'test', traceId: 'trace' } as const
const kills = Number(process.env['TRESTLE_MEMORY_KILLS'] ?? '2')
const place = { workspaceId: null, sessionId: null }

/** The memory of a profile on disk, with the thread that searches it. */
function open(profile: Profile, embeddingModel: string | null = 'test/letters') {
  const opened = profile.open()
  const embedder = letterEmbedder()
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  const events = createEventStream({ store: opened.store, clock: systemClock })
  const memory = createMemory({
    store: opened.store, search: opened.memorySearch, events, clock: systemClock, newId, logger, settings: () => ({ embeddingModel, sendSensitive: false, retention: [] }),
    embedder: () => Promise.resolve(embedder), backups: () => Promise.resolve([]),
  })
  return { ...opened, memory, embedder }
}

const subjects = ['harbour', 'lantern', 'willow', 'copper', 'meadow', 'thunder', 'basalt', 'orchid', 'falcon', 'marble']
const drafts = (count: number) => Array.from({ length: count }, (_value, index) => MemoryDraftSchema.parse({
  text: `fact ${index} about the ${subjects[index % 10]} and the ${subjects[(index * 7 + 3) % 10]} number ${index * 31}`, workspaceId: index % 5 === 0 ? 'w1' : null, scope: index % 5 === 0 ? 'workspace' : 'user',
}))

it('searches in a thread by words and by meaning, with what was just written, and keeps to the place', async () => {
  const profile = createProfile(systemClock)
  try {
    const { memory, close, memorySearch, store } = open(profile)
    const stop = memory.start(() => 'trace')
    expect(await memory.service.saveMany(drafts(400), person)).toMatchObject({ added: 400, failed: [] })
    await memory.embeddings.idle()
    expect(await memory.embeddings.state()).toMatchObject({ state: 'ready', model: 'test/letters', dimension: 384, done: 400, total: 400 })
    const found = await memory.recall({ text: 'the lanterns numbered', place, limit: 5 })
    expect(found).toMatchObject({ mode: 'hybrid', note: null })
    expect(found.hits.every(({ item }) => item.scope === 'user' && item.text.includes('lantern'))).toBe(true)
    expect(found.hits[0]?.why).toMatchObject({ meaningRank: expect.any(Number) })

    // Against comparing with all.
    const { vector } = await memory.embeddings.query('thunder over the marble')
    if (!vector) throw new Error('no vector')
    const conditions = { filter: {}, place: null, sensitive: true, now: systemClock.now() }
    const all = await memorySearch.nearest(vector.numbers, { model: vector.model, conditions, limit: 400 })
    const ten = await memorySearch.nearest(vector.numbers, { model: vector.model, conditions, limit: 10 })
    expect(ten.found.map(({ score }) => score)).toEqual(all.found.slice(0, 10).map(({ score }) => score))
    const filtered = await memorySearch.nearest(vector.numbers, { model: vector.model, conditions: { ...conditions, filter: { workspaceId: 'w1' } }, limit: 400 })
    expect(filtered.found).toHaveLength(80)

    const [first] = store.memory.getMany([all.found[0]?.position ?? 0])
    if (!first) throw new Error('nothing found')
    memory.service.forget(first.id, person)
    expect((await memorySearch.nearest(vector.numbers, { model: vector.model, conditions, limit: 400 })).found.map(({ position }) => position)).not.toContain(first.position)
    const changed = memory.service.patch(first.id, { text: 'nothing of the kind' }, undefined, person)
    expect(changed.revision).toBe(3)
    stop()
    await close()
  } finally {
    await profile.remove()
  }
})

it('goes on with the vectors that are missing, also for another model, and finds by words meanwhile', async () => {
  const profile = createProfile(systemClock)
  try {
    const first = open(profile, 'test/one')
    const stop = first.memory.start(() => 'trace')
    await first.memory.service.saveMany(drafts(150), person)
    await first.memory.embeddings.idle()
    stop()
    await first.close()
    const second = open(profile, 'test/two')
    expect(await second.memory.recall({ text: 'lantern', place, limit: 3 })).toMatchObject({ mode: 'words', note: expect.stringContaining('by words alone') })
    const stopSecond = second.memory.start(() => 'trace')
    await second.memory.embeddings.idle()
    expect(await second.memory.embeddings.state()).toMatchObject({ state: 'ready', model: 'test/two', done: 150, total: 150 })
    expect((await second.memory.recall({ text: 'lantern', place, limit: 3 })).mode).toBe('hybrid')
    expect(second.store.memoryVectors.known('test/one')).not.toBeNull()
    stopSecond()
    await second.close()
  } finally {
    await profile.remove()
  }
})

it('leaves nothing of an erased text in the file', async () => {
  const profile = createProfile(systemClock)
  try {
    const { memory, close } = open(profile, null)
    const { item } = await memory.service.save(MemoryDraftSchema.parse({ text: 'The quixotic xylophone was bought in Zanzibar' }), person)
    memory.service.patch(item.id, { text: 'The quixotic xylophone was bought in Timbuktu', tags: ['musicbox'] }, undefined, person)
    const proof = await memory.service.erase([item.id], 'trace')
    expect(proof.left.filter(({ rows }) => rows > 0)).toEqual([])
    await close()
    const bytes = Buffer.concat([profile.path, wordFileOf(profile.path)].map((path) => readFileSync(path)))
    for (const word of ['quixotic', 'xylophon', 'Zanzibar', 'zanzibar', 'Timbuktu', 'timbuktu', 'musicbox']) expect([word, bytes.includes(word)]).toEqual([word, false])
  } finally {
    await profile.remove()
  }
})

it.each(Array.from({ length: kills }, (_value, run) => 20 + run * 61))('loses nothing that was acknowledged, and makes what is missing, after a kill at %i', async (count) => {
  const profile = createProfile(systemClock)
  const writer = startWriter('remember', profile.folder)
  try {
    const lines: string[] = []
    expect(await writer.line()).toBe('ready')
    while (lines.length < count) lines.push((await writer.line()) ?? 'ended')
    lines.push(...(await writer.kill()))
    const { memory, store, memorySearch, close } = open(profile)
    const stop = memory.start(() => 'trace')
    await memory.embeddings.idle()
    const state = await memory.embeddings.state()
    expect([state.state, state.done]).toEqual(['ready', state.total])
    for (const line of [lines[0], lines.at(-1)]) {
      const [number = '', ...text] = (line ?? '').split(' ')
      expect((await memory.service.query({ q: text.join(' '), mode: 'words', filter: {}, place: null, sort: 'updated', limit: 5 })).items[0]?.item.text).toBe(text.join(' '))
      expect(store.memory.get(`m${number}`)?.text).toBe(text.join(' '))
    }
    const conditions = { filter: { state: 'all' as const }, place: null, sensitive: true, now: systemClock.now() }
    expect((await memorySearch.list({ conditions, sort: 'created', limit: 10_000 })).positions.length).toBeGreaterThanOrEqual(lines.length)
    stop()
    await close()
  } finally {
    await writer.kill()
    await profile.remove()
  }
})

it.each(Array.from({ length: Math.ceil(kills / 2) }, (_value, run) => 23 + ((run * 37) % 230)))('finds by words exactly what there is, after a kill while they were indexed, %i rounds in', async (rounds) => {
  const profile = createProfile(systemClock)
  const writer = startWriter('index', profile.folder)
  try {
    expect(await writer.line()).toBe('ready')
    for (let seen = 0; seen < rounds; seen += 1) expect(await writer.line()).toMatch(/^round /)
    await writer.kill()
    const { memory, store, memorySearch, close } = open(profile, null)
    const conditions = { filter: { state: 'all' as const }, place: null, sensitive: true, now: systemClock.now() }
    const find = async (word: string, forgotten = false) => (await memorySearch.words(word, { conditions, limit: 5, forgotten })).found.map(({ position }) => store.memory.getMany([position])[0]?.id)
    const { positions } = await memorySearch.list({ conditions, sort: 'created', limit: 100_000 })
    expect(positions.length).toBeGreaterThan(0)
    for (const { id, text, forgottenAt } of store.memory.getMany(positions)) {
      const [, word = ''] = text.split(' ')
      expect([word, await find(word), await find(word, true)]).toEqual([word, forgottenAt === null ? [id] : [], forgottenAt === null ? [] : [id]])
    }
    expect(await find('word3x')).toEqual([])
    memory.start(() => 'trace')()
    await vi.waitFor(() => expect(store.memory.hasErasedWords()).toBe(false))
    await close()
    for (const path of [profile.path, wordFileOf(profile.path)]) expect([path, readFileSync(path).includes('word3x')]).toEqual([path, false])
  } finally {
    await writer.kill()
    await profile.remove()
  }
})

it('makes the index of words anew when its file is gone, damaged, or of a database that a backup has replaced', async () => {
  const profile = createProfile(systemClock)
  try {
    const file = wordFileOf(profile.path)
    const texts = async ({ memory }: ReturnType<typeof open>) => (await memory.recall({ text: 'lantern', place, limit: 50 })).hits.map(({ item }) => item.text).sort()
    const first = open(profile, null)
    await first.memory.service.saveMany(drafts(60), person)
    const expected = await texts(first)
    expect(expected.length).toBeGreaterThan(5)
    await first.backup.now()
    await first.memory.service.save(MemoryDraftSchema.parse({ text: 'The lantern that came later' }), person)
    expect(await texts(first)).toEqual([...expected, 'The lantern that came later'].sort())
    await first.close()

    rmSync(file)
    const second = open(profile, null)
    expect(await texts(second)).toHaveLength(expected.length + 1)
    await second.close()
    writeFileSync(file, 'no database')
    const third = open(profile, null)
    expect(await texts(third)).toHaveLength(expected.length + 1)
    await third.close()
    // The pages after the first few.
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(7, 4 * 4096))
    const fourth = open(profile, null)
    await texts(fourth).catch(() => undefined)
    await vi.waitFor(async () => expect(await texts(fourth)).toHaveLength(expected.length + 1))
    await fourth.close()

    writeFileSync(profile.path, 'no database')
    const fifth = open(profile, null)
    expect(await texts(fifth)).toEqual(expected)
    await fifth.close()
  } finally {
    await profile.remove()
  }
})

it.each(Array.from({ length: kills }, (_value, run) => 1 + (run * 3) % 11))('has all vectors of the new model and none of the old one after a kill while they were made, %i batches in', async (batches) => {
  const profile = createProfile(systemClock)
  const before = open(profile, 'test/one')
  const stopFirst = before.memory.start(() => 'trace')
  await before.memory.service.saveMany(drafts(800), person)
  await before.memory.embeddings.idle()
  stopFirst()
  await before.close()
  const writer = startWriter('embed', profile.folder)
  try {
    expect(await writer.line()).toBe('ready')
    for (let seen = 0; seen < batches; seen += 1) expect(await writer.line()).toMatch(/^embed /)
    await writer.kill()
    const { memory, store, memorySearch, close } = open(profile, 'test/other')
    // What has a vector is found by it, everything by its words.
    expect((await memory.recall({ text: 'lantern', place, limit: 5 })).hits).toHaveLength(5)
    const stop = memory.start(() => 'trace')
    await memory.embeddings.idle()
    expect(await memory.embeddings.state()).toMatchObject({ state: 'ready', model: 'test/other', done: 800, total: 800 })
    const old = store.memoryVectors.known('test/one')?.id ?? 0
    expect(await memorySearch.vectorCounts(old, true)).toMatchObject({ done: 0 })
    const { vector } = await memory.embeddings.query('thunder over the marble')
    if (!vector) throw new Error('no vector')
    const conditions = { filter: {}, place: null, sensitive: true, now: systemClock.now() }
    expect((await memorySearch.nearest(vector.numbers, { model: vector.model, conditions, limit: 800 })).found).toHaveLength(800)
    stop()
    await close()
  } finally {
    await writer.kill()
    await profile.remove()
  }
})
