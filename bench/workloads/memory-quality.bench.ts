import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import { MemoryDraftSchema, type MemoryMode } from '../../src/contract/memory'
import { createEventStream } from '../../src/main/core/events/event-stream'
import { createMemory } from '../../src/main/core/memory/create-memory'
import { letterEmbedder } from '../../src/main/core/memory/testing/letter-embedder'
import { newId, systemClock } from '../../src/main/adapters/node/system'
import { openStore } from '../../src/main/adapters/sqlite'
import { createRandom } from '../memory-data'
import { report } from '../report'

const { create, insertMultiple, MiniSearch, search } = await import(pathToFileURL(resolve('bench/peers/memory.mjs')).href)

const LIMIT = 10
const QUERIES = 200
const most = Number(process.env['TRESTLE_BENCH_PACKAGES'] ?? '20000')
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

interface Package {
  readonly name: string
  readonly text: string
}

/** What the package lists of this machine know: names and what they are for. */
function packages(): Package[] {
  const { stdout } = spawnSync('apt-cache', ['dumpavail'], { encoding: 'utf8', maxBuffer: 1e9 })
  const all = new Map<string, string>()
  for (const record of (stdout ?? '').split('\n\n')) {
    const name = /^Package: (.+)$/m.exec(record)?.[1]
    const description = /^Description(?:-en)?: (.+(?:\n .*)*)/m.exec(record)?.[1]
    if (name && description && !all.has(name)) all.set(name, `${name}: ${description.replaceAll(/\s+/g, ' ')}`)
  }
  const list = [...all].map(([name, text]) => ({ name, text }))
  const step = Math.max(1, Math.floor(list.length / most))
  return list.filter((_entry, index) => index % step === 0).slice(0, most)
}

interface Asked {
  readonly query: string
  readonly place: number
}

/** One letter swapped with its neighbour, left out, doubled or another. */
function misspelt(word: string, random: () => number): string {
  const at = 1 + Math.floor(random() * (word.length - 2))
  const [before, letter, next, after] = [word.slice(0, at), word[at] ?? '', word[at + 1] ?? '', word.slice(at + 2)]
  const kind = Math.floor(random() * 4)
  if (kind === 0) return before + next + letter + after
  if (kind === 1) return before + next + after
  if (kind === 2) return before + letter + letter + next + after
  return `${before}${letter === 'e' ? 'a' : 'e'}${next}${after}`
}

function questions(list: readonly Package[]): Record<'names' | 'words' | 'typos', Asked[]> {
  const random = createRandom(7)
  const content = (text: string) => [...new Set(text.toLowerCase().match(/[a-z]{4,}/g) ?? [])]
  const pick = <T>(items: readonly T[], count: number) => [...items].map((item) => ({ item, order: random() })).sort((left, right) => left.order - right.order).slice(0, count).map(({ item }) => item)
  const withWords = pick(list.map((entry, place) => ({ place, name: entry.name, words: content(entry.text) })).filter(({ words }) => words.length >= 6), QUERIES)
  const chosen = withWords.map((entry) => ({ ...entry, some: pick(entry.words, 4) }))
  return {
    names: chosen.map(({ name, place }) => ({ query: name, place })),
    words: chosen.map(({ some, place }) => ({ query: some.join(' '), place })),
    typos: chosen.map(({ some, place }) => ({ query: some.map((word) => (word.length >= 5 ? misspelt(word, random) : word)).join(' '), place })),
  }
}

type Ask = (query: string) => Promise<readonly number[]>

async function judge(name: string, asked: Record<string, readonly Asked[]>, ask: Ask): Promise<void> {
  for (const [kind, list] of Object.entries(asked)) {
    let found = 0
    let reciprocal = 0
    for (const { query, place } of list) {
      const rank = (await ask(query)).indexOf(place)
      if (rank >= 0) found += 1
      if (rank >= 0) reciprocal += 1 / (rank + 1)
    }
    report({ name: `memory-quality.${kind}.${name}`, value: found / list.length, unit: 'recall@10' })
    report({ name: `memory-quality.${kind}.${name}.mrr`, value: reciprocal / list.length, unit: 'mean reciprocal rank' })
  }
}

async function main(): Promise<void> {
  const list = packages()
  if (list.length === 0) return void process.stderr.write('memory-quality: apt-cache knows no packages here; nothing is measured\n')
  const asked = questions(list)
  const folder = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const { store, memorySearch, close } = openStore({ path: join(folder, 'trestle.db'), backupFolder: join(folder, 'backups'), clock: systemClock, newId, logger: silent })
  const events = createEventStream({ store, clock: systemClock })
  const memory = createMemory({
    store, search: memorySearch, events, clock: systemClock, newId, logger: silent, settings: () => ({ embeddingModel: 'bench/letters', sendSensitive: true, retention: [] }),
    embedder: () => Promise.resolve(letterEmbedder()), backups: () => Promise.resolve([]),
  })
  await memory.service.saveMany(list.map(({ text }) => MemoryDraftSchema.parse({ text })), { by: 'import', cause: 'bench', traceId: 'bench' })
  const stop = memory.start(() => 'bench')
  await memory.embeddings.idle()
  const places = new Map(list.map(({ text }, place) => [text, place]))
  const ours = (mode: MemoryMode): Ask => async (query) => (await memory.service.query({ q: `${query} `, mode, filter: {}, place: null, sort: 'updated', limit: LIMIT })).items.map(({ item }) => places.get(item.text) ?? -1)
  for (const mode of ['words', 'meaning', 'hybrid'] as const) await judge(`ours ${mode}`, asked, ours(mode))
  stop()
  await close()
  await rm(folder, { recursive: true, force: true })

  const db = new Database(':memory:')
  db.exec('CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = "porter unicode61")')
  const insert = db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)')
  db.transaction(() => { for (const [place, { text }] of list.entries()) insert.run(place, text) })()
  const select = db.prepare(`SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ${LIMIT}`).pluck()
  await judge('plain FTS5', asked, (query) => Promise.resolve((select.all((query.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => `"${word}"`).join(' OR ')) as number[])))
  db.close()

  const mini = new MiniSearch({ fields: ['text'] })
  mini.addAll(list.map(({ text }, id) => ({ id, text })))
  await judge('minisearch', asked, (query) => Promise.resolve(mini.search(query, { fuzzy: 0.2, prefix: true }).slice(0, LIMIT).map(({ id }: { id: number }) => id)))

  const other = create({ schema: { text: 'string' } })
  await insertMultiple(other, list.map(({ text }, id) => ({ id: String(id), text })), 500)
  await judge('orama', asked, async (query) => (await search(other, { term: query, properties: ['text'], limit: LIMIT, tolerance: 1, threshold: 1 })).hits.map(({ id }: { id: string }) => Number(id)))
}

await main()
