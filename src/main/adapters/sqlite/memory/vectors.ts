import type { Database } from 'better-sqlite3'
import { AppError } from '#core/errors'
import type { MemoryVectorStore } from '#core/ports/memory-store'
import { atomic } from '../tables/atomic'
import { type MemoryRow, memoryColumns, toMemory } from './item-columns'

/** Archived ones too: they are searched when they are asked for. */
const wants = 'm.forgotten_at IS NULL AND (@sensitive = 1 OR m.sensitive = 0)'

export const memoryVectorQueries = {
  known: 'SELECT id, dimension FROM memory_models WHERE name = ?',
  missing: `SELECT ${memoryColumns} FROM memory_items m LEFT JOIN memory_vectors v ON v.item = m.position AND v.model = @model
    WHERE m.position > @after AND m.position <= @until AND v.item IS NULL AND ${wants} ORDER BY m.position`,
  nextPosition: 'SELECT position FROM memory_items WHERE position > ? ORDER BY position LIMIT 1',
  others: 'SELECT item FROM memory_vectors WHERE item > @after AND item <= @until AND model IS NOT @model',
  lastVector: 'SELECT max(item) FROM memory_vectors',
  get: 'SELECT vector FROM memory_vectors WHERE item = ? AND model = ?',
}

export function createMemoryVectorStore(db: Database): MemoryVectorStore {
  const known = db.prepare<[string], { id: number; dimension: number }>(memoryVectorQueries.known)
  const addModel = db.prepare<[string, number]>('INSERT INTO memory_models (name, dimension) VALUES (?, ?)')
  const put = db.prepare<[number, Buffer, number]>(`INSERT INTO memory_vectors (item, model, vector) SELECT position, ?, ? FROM memory_items WHERE position = ? AND forgotten_at IS NULL
    ON CONFLICT (item) DO UPDATE SET model = excluded.model, vector = excluded.vector`)
  const missing = db.prepare<[object], MemoryRow>(memoryVectorQueries.missing)
  const nextPosition = db.prepare<[number], number>(memoryVectorQueries.nextPosition).pluck()
  const others = db.prepare<[object], number>(memoryVectorQueries.others).pluck()
  const lastVector = db.prepare<[], number | null>(memoryVectorQueries.lastVector).pluck()
  const get = db.prepare<[number, number], Buffer>(memoryVectorQueries.get).pluck()
  const remove = db.prepare<[number]>('DELETE FROM memory_vectors WHERE item = ?')

  return {
    known: (name) => known.get(name) ?? null,
    model: atomic(db, (name, dimension) => {
      const row = known.get(name)
      if (!row) return Number(addModel.run(name, dimension).lastInsertRowid)
      if (row.dimension !== dimension) throw new AppError('CONFLICT', `The model ${name} gave vectors of ${dimension} numbers, and ${row.dimension} before.`)
      return row.id
    }),
    put: atomic(db, (model, vectors) => {
      for (const { position, vector } of vectors) put.run(model, Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength), position)
    }),
    get: (model, position) => {
      const blob = get.get(position, model)
      // Copied: a buffer of SQLite may begin anywhere, numbers may not.
      return blob === undefined ? null : new Float32Array(new Uint8Array(blob).buffer)
    },
    missing: (model, { after, span, sensitive }) => {
      const until = after + span
      const items = missing.all({ model, after, until, sensitive: sensitive ? 1 : 0 }).map(toMemory)
      return { items, next: nextPosition.get(until) === undefined ? null : until }
    },
    removeOthers: atomic(db, (model, { after, span }) => {
      const until = after + span
      for (const item of others.all({ model, after, until })) remove.run(item)
      return (lastVector.get() ?? 0) > until ? until : null
    }),
  }
}
