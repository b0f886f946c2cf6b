import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import { DIMENSION } from './memory-data'

// As they were installed, not bundled.
const { connect, create, getLoadablePath, Index, insertMultiple, MiniSearch, search } = await import(pathToFileURL(resolve('bench/peers/memory.mjs')).href)

/** What each of them is asked; null: it has no such search. */
export interface MemoryPeer {
  readonly name: string
  add(texts: readonly string[], vectors: Float32Array): Promise<void>
  readonly words: ((query: string) => Promise<unknown>) | null
  readonly nearest: ((vector: Float32Array) => Promise<readonly number[]>) | null
  close(): Promise<void>
}

const LIMIT = 10
const asOr = (query: string) => query.split(' ').map((word) => `"${word}"`).join(' OR ')
const rowOf = (vectors: Float32Array, index: number) => vectors.subarray(index * DIMENSION, (index + 1) * DIMENSION)

/** FTS5 and sqlite-vec in the plain way. */
export function sqliteVec(folder: string): MemoryPeer {
  const db = new Database(join(folder, 'sqlite-vec.db'))
  db.loadExtension(getLoadablePath())
  db.pragma('journal_mode = WAL')
  db.exec(`CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = "porter unicode61"); CREATE VIRTUAL TABLE vectors USING vec0 (vector float[${DIMENSION}] distance_metric=cosine)`)
  const addWords = db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)')
  const addVector = db.prepare('INSERT INTO vectors (rowid, vector) VALUES (?, ?)')
  const words = db.prepare('SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT 10').pluck()
  const nearest = db.prepare('SELECT rowid FROM vectors WHERE vector MATCH ? AND k = 10').pluck()
  return {
    name: 'FTS5 + sqlite-vec',
    add: (texts, vectors) => {
      db.transaction(() => {
        for (const [index, text] of texts.entries()) {
          addWords.run(BigInt(index + 1), text)
          const vector = rowOf(vectors, index)
          addVector.run(BigInt(index + 1), Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength))
        }
      })()
      return Promise.resolve()
    },
    words: (query) => Promise.resolve(words.all(asOr(query))),
    nearest: (vector) => Promise.resolve(nearest.all(Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)).map((row) => Number(row) - 1)),
    close: () => Promise.resolve(void db.close()),
  }
}

export async function lanceDb(folder: string, index: 'flat' | 'HNSW'): Promise<MemoryPeer> {
  const path = join(folder, `lance-${index}`)
  mkdirSync(path)
  const db = await connect(path)
  let table: Awaited<ReturnType<typeof db.createTable>>
  return {
    name: `LanceDB ${index}`,
    add: async (texts, vectors) => {
      for (let from = 0; from < texts.length; from += 10_000) {
        const rows = texts.slice(from, from + 10_000).map((text, offset) => ({ id: from + offset, text, vector: [...rowOf(vectors, from + offset)] }))
        if (table) await table.add(rows)
        else table = await db.createTable('items', rows)
      }
      await table.createIndex('text', { config: Index.fts() })
      if (index === 'HNSW') await table.createIndex('vector', { config: Index.hnswSq({ distanceType: 'cosine' }) })
    },
    words: async (query) => table.search(query, 'fts').select(['id', '_score']).limit(LIMIT).toArray(),
    nearest: async (vector) => (await table.vectorSearch([...vector]).distanceType('cosine').select(['id', '_distance']).limit(LIMIT).toArray()).map((row: { id: number }) => Number(row.id)),
    close: async () => { await db.close() },
  }
}

export function orama(): MemoryPeer {
  const db = create({ schema: { text: 'string', vector: `vector[${DIMENSION}]` } })
  return {
    name: 'orama',
    add: async (texts, vectors) => { await insertMultiple(db, texts.map((text, index) => ({ id: String(index), text, vector: [...rowOf(vectors, index)] })), 500) },
    words: async (query) => search(db, { term: query, properties: ['text'], limit: LIMIT, threshold: 1 }),
    nearest: async (vector) => (await search(db, { mode: 'vector', vector: { value: [...vector], property: 'vector' }, similarity: 0, limit: LIMIT })).hits.map(({ id }: { id: string }) => Number(id)),
    close: () => Promise.resolve(),
  }
}

export function miniSearch(): MemoryPeer {
  const index = new MiniSearch({ fields: ['text'] })
  return {
    name: 'minisearch',
    add: (texts) => Promise.resolve(void index.addAll(texts.map((text, id) => ({ id, text })))),
    words: (query) => Promise.resolve(index.search(query).slice(0, LIMIT)),
    nearest: null,
    close: () => Promise.resolve(),
  }
}
