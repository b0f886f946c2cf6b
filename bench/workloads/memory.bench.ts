import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { MemoryDraftSchema } from '../../src/contract/memory'
import { createEventStream } from '../../src/main/core/events/event-stream'
import { createMemory } from '../../src/main/core/memory/create-memory'
import { newId, systemClock } from '../../src/main/adapters/node/system'
import { openStore } from '../../src/main/adapters/sqlite'
import { bruteForce, createTexts, createVectors, DIMENSION, percentile } from '../memory-data'
import { lanceDb, type MemoryPeer, miniSearch, orama, sqliteVec } from '../memory-peers'
import { report } from '../report'

const LIMIT = 10
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const settings = { embeddingModel: 'bench/embedding', sendSensitive: false, retention: [] }
const person = { by: 'person' as const, cause: 'bench', traceId: 'bench' }
const sizes = (process.env['TRESTLE_BENCH_MEMORY'] ?? '10000,100000').split(',').map(Number)
/** A folder where what was made of a size stays, to be measured again without making it anew. */
const keep = process.env['TRESTLE_BENCH_KEEP']
/** 0: none; else some of the names below, with commas between. */
const peersAsked = process.env['TRESTLE_BENCH_PEERS']
const makers: Readonly<Record<string, (folder: string) => MemoryPeer | Promise<MemoryPeer>>> = {
  'sqlite-vec': sqliteVec, 'lance-flat': (folder) => lanceDb(folder, 'flat'), 'lance-hnsw': (folder) => lanceDb(folder, 'HNSW'), orama, minisearch: miniSearch,
}

/** Each is compared with all vectors to know what is right. */
const queriesOf = (size: number) => (size > 100_000 ? 40 : 100)

interface Times {
  readonly p50: number
  readonly p95: number
}

async function measured(queries: number, work: (index: number) => Promise<unknown>): Promise<Times> {
  for (let index = 0; index < 20; index += 1) await work(index)
  const times: number[] = []
  for (let index = 0; index < queries; index += 1) {
    const from = performance.now()
    await work(index)
    times.push(performance.now() - from)
  }
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) }
}

function recallOf(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): number {
  const hits = expected.map((best, index) => best.filter((place) => found[index]?.includes(place)).length / best.length)
  return hits.reduce((sum, hit) => sum + hit, 0) / hits.length
}

interface Opened extends Pick<ReturnType<typeof openStore>, 'store' | 'memorySearch'> {
  readonly memory: ReturnType<typeof createMemory>
  readonly delay: ReturnType<typeof monitorEventLoopDelay>
}

/** One at a time, as they come out of a file: what holds the loop up is then not the tidying up of all of them. */
function* draftsOf(texts: readonly string[]) {
  for (const text of texts) yield MemoryDraftSchema.parse({ text })
}

/** What the machine itself holds up: a loop that has nothing to do, while two threads are at work, as the index and the log are while many are saved. */
async function idleBesideBusy(delay: Opened['delay']): Promise<{ readonly most: number; readonly max: number }> {
  const busy = [1, 2].map(() => new Worker('for (;;) Math.sqrt(Date.now())', { eval: true }))
  await systemClock.sleep(500)
  delay.reset()
  await systemClock.sleep(5_000)
  const result = { most: delay.percentile(99.9) / 1e6, max: delay.max / 1e6 }
  await Promise.all(busy.map((thread) => thread.terminate()))
  return result
}

async function measureInsert(name: string, texts: readonly string[], { memory, memorySearch, delay }: Opened): Promise<void> {
  globalThis.gc?.()
  await systemClock.turn()
  delay.reset()
  const started = performance.now()
  await memory.service.saveMany(draftsOf(texts), person)
  report({ name: `${name}.insert`, value: (texts.length * 1000) / (performance.now() - started), unit: 'items/s' })
  // Asked among the forgotten, a search waits for all that was saved.
  await memorySearch.words('word', { conditions: { filter: {}, place: null, sensitive: true, now: Date.now() }, limit: 1, forgotten: true })
  report({ name: `${name}.insert-and-index`, value: (texts.length * 1000) / (performance.now() - started), unit: 'items/s' })
  const [blocked, most] = [delay.percentile(99.9) / 1e6, delay.max / 1e6]
  const beside = await idleBesideBusy(delay)
  report({ name: `${name}.insert.blocked.p99.9`, value: blocked, unit: 'ms', peer: 'an idle loop beside two busy threads', peerValue: beside.most })
  report({ name: `${name}.insert.blocked`, value: most, unit: 'ms at most', peer: 'an idle loop beside two busy threads', peerValue: beside.max })
}

async function measureVectors(name: string, model: number, vectors: Float32Array, { store }: Opened): Promise<void> {
  const size = vectors.length / DIMENSION
  const started = performance.now()
  for (let from = 0; from < size; from += 64) {
    const part = Array.from({ length: Math.min(64, size - from) }, (_value, index) => ({ position: from + index + 1, vector: vectors.subarray((from + index) * DIMENSION, (from + index + 1) * DIMENSION) }))
    store.transaction(() => store.memoryVectors.put(model, part), 'later')
    await systemClock.turn()
    await store.room()
  }
  store.sync()
  report({ name: `${name}.vectors`, value: (size * 1000) / (performance.now() - started), unit: 'vectors/s' })
}

/** Items as they are in use: saved, indexed, with vectors, searched from the main thread through the thread that searches. */
async function ours(size: number, texts: readonly string[], vectors: Float32Array, queries: readonly string[], queryVectors: readonly Float32Array[], expected: readonly number[][]) {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  const folder = keep === undefined ? await mkdtemp(join(tmpdir(), 'trestle-bench-')) : join(keep, `memory-${size}`)
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'trestle.db')
  const isMade = existsSync(path)
  const { store, memorySearch, close } = openStore({ path, backupFolder: join(folder, 'backups'), clock: systemClock, newId, logger: silent })
  const events = createEventStream({ store, clock: systemClock })
  // The model answers at once: what is measured is ours.
  const byText = new Map(queries.map((query, index) => [query, queryVectors[index] ?? new Float32Array(DIMENSION)]))
  const embedder = { embed: (asked: readonly string[]) => Promise.resolve(asked.map((text) => byText.get(text) ?? new Float32Array(DIMENSION))) }
  const memory = createMemory({ store, search: memorySearch, events, clock: systemClock, newId, logger: silent, settings: () => settings, embedder: () => Promise.resolve(embedder), backups: () => Promise.resolve([]) })
  const name = `memory.${size}`
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()

  const opened = { store, memory, memorySearch, delay }
  if (!isMade) await measureInsert(name, texts, opened)
  const model = store.memoryVectors.model(settings.embeddingModel, DIMENSION)
  if (!isMade) await measureVectors(name, model, vectors, opened)

  const single = await measured(queries.length, (index) => memory.service.save(MemoryDraftSchema.parse({ text: `single ${index} ${queries[index % queries.length]}` }), person))
  report({ name: `${name}.save.p50`, value: single.p50, unit: 'ms' })

  const conditions = { filter: {}, place: null, sensitive: true, now: Date.now() }
  const started = performance.now()
  const inMemory = async () => (await memorySearch.nearest(queryVectors[0] ?? new Float32Array(DIMENSION), { model, conditions, limit: LIMIT })).of
  while (await inMemory() < size) await systemClock.sleep(100)
  report({ name: `${name}.load`, value: performance.now() - started, unit: 'ms' })

  globalThis.gc?.()
  await systemClock.turn()
  delay.reset()
  const words = await measured(queries.length, (index) => memorySearch.words(queries[index % queries.length] ?? '', { conditions, limit: LIMIT }))
  const nearest = await measured(queries.length, (index) => memorySearch.nearest(queryVectors[index % queries.length] ?? new Float32Array(DIMENSION), { model, conditions, limit: LIMIT }))
  const hybrid = await measured(queries.length, (index) => memory.recall({ text: queries[index % queries.length] ?? '', place: { workspaceId: null, sessionId: null }, limit: LIMIT }))
  delay.disable()
  const found = await Promise.all(queryVectors.map(async (vector) => (await memorySearch.nearest(vector, { model, conditions, limit: LIMIT })).found.map(({ position }) => position - 1)))
  globalThis.gc?.()
  const result = { words, nearest, hybrid, recall: recallOf(found, expected), resident: (process.memoryUsage().rss - before) / 1e6, disk: await megabytesOf(folder) }
  report({ name: `${name}.search.blocked`, value: delay.max / 1e6, unit: 'ms at most' })
  report({ name: `${name}.resident`, value: result.resident, unit: 'MB more than before' })
  report({ name: `${name}.disk`, value: result.disk, unit: 'MB' })
  await close()
  if (keep === undefined) await rm(folder, { recursive: true, force: true })
  return result
}

async function megabytesOf(folder: string): Promise<number> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6
}

async function peer(make: (folder: string) => MemoryPeer | Promise<MemoryPeer>, texts: readonly string[], vectors: Float32Array, queries: readonly string[], queryVectors: readonly Float32Array[], expected: readonly number[][]) {
  const folder = await mkdtemp(join(tmpdir(), 'trestle-bench-peer-'))
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  const used = await make(folder)
  const started = performance.now()
  await used.add(texts, vectors)
  const insert = (texts.length * 1000) / (performance.now() - started)
  const { words: askWords, nearest: askNearest } = used
  const words = askWords && await measured(queries.length, (index) => askWords(queries[index % queries.length] ?? ''))
  const nearest = askNearest && await measured(queries.length, (index) => askNearest(queryVectors[index % queries.length] ?? new Float32Array(DIMENSION)))
  const both = askWords && askNearest && await measured(queries.length, (index) => Promise.all([askWords(queries[index % queries.length] ?? ''), askNearest(queryVectors[index % queries.length] ?? new Float32Array(DIMENSION))]))
  const found = askNearest && await Promise.all(queryVectors.map(askNearest))
  globalThis.gc?.()
  const resident = (process.memoryUsage().rss - before) / 1e6
  const disk = await megabytesOf(folder)
  await used.close()
  await rm(folder, { recursive: true, force: true })
  return { name: used.name, insert, words, nearest, both, recall: found && recallOf(found, expected), resident, disk }
}

for (const size of sizes) {
  const { text, query } = createTexts(1)
  const { vector, near } = createVectors(2)
  const texts = Array.from({ length: size }, text)
  const vectors = new Float32Array(size * DIMENSION)
  for (let index = 0; index < size; index += 1) vectors.set(vector(), index * DIMENSION)
  const queries = [...new Set(Array.from({ length: queriesOf(size) * 2 }, query))].slice(0, queriesOf(size))
  const queryVectors = queries.map((_query, index) => near(vectors.subarray(((index * 7919) % size) * DIMENSION, ((index * 7919) % size) * DIMENSION + DIMENSION)))
  const expected = queryVectors.map((asked) => bruteForce(vectors, asked, LIMIT))
  const { words, nearest, hybrid, recall, resident, disk } = await ours(size, texts, vectors, queries, queryVectors, expected)
  const all = { 'words.p50': words.p50, 'words.p95': words.p95, 'nearest.p50': nearest.p50, 'nearest.p95': nearest.p95, 'hybrid.p50': hybrid.p50, 'hybrid.p95': hybrid.p95 }
  for (const [what, value] of Object.entries(all)) report({ name: `memory.${size}.${what}`, value, unit: 'ms' })
  report({ name: `memory.${size}.recall`, value: recall, unit: 'of the true ten' })
  // What holds everything in memory cannot hold a million.
  const able = size <= 100_000 ? Object.keys(makers) : ['sqlite-vec', 'lance-flat', 'lance-hnsw']
  for (const name of able.filter((one) => peersAsked === undefined || peersAsked.split(',').includes(one))) {
    const make = makers[name]
    if (!make) continue
    const beside = await peer(make, texts, vectors, queries, queryVectors, expected)
    const line = (what: string, value: number, peerValue: number | null | undefined, unit: string) => {
      if (peerValue !== null && peerValue !== undefined) report({ name: `memory.${size}.${what}`, value, unit, peer: beside.name, peerValue })
    }
    line('words.p50', words.p50, beside.words?.p50, 'ms')
    line('words.p95', words.p95, beside.words?.p95, 'ms')
    line('nearest.p50', nearest.p50, beside.nearest?.p50, 'ms')
    line('hybrid.p50', hybrid.p50, beside.both?.p50, 'ms')
    line('recall', recall, beside.recall, 'of the true ten')
    line('resident', resident, beside.resident, 'MB more than before')
    line('disk', disk, beside.disk === 0 ? null : beside.disk, 'MB')
    report({ name: `memory.${size}.insert.${beside.name}`, value: beside.insert, unit: 'items/s' })
  }
}
