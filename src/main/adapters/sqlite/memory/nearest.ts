import type { Database } from 'better-sqlite3'
import type { FoundMemory } from '#core/ports/memory-search'
import type { MemoryConditions } from '#core/ports/memory-store'
import { isPlain, whereOf } from './conditions'
import { createExact, toVector } from './exact'
import { createStatements } from './statements'
import { createVectorRows, type VectorRows } from './vector-rows'

const READ_AT_ONCE = 1_000
/** The scan of bits keeps so many at least, and this part of many. Of vectors without any order 98 of the 100 best are among them, of those that lie in groups, as those of texts do, all. */
const KEPT = 4_000
const KEPT_OF_MANY = 0.05
/** Fewer are put into order without a scan. */
const FEW = 8_000

interface VectorRow {
  readonly item: number
  readonly vector: Buffer
  readonly scope: string
  readonly place: string | null
  readonly archived: number
  readonly sensitive: number
}

/** The vectors of one model, made from the rows of the database; never the only copy of anything. */
export interface Nearest {
  /** Takes in the next rows; false when all are in. */
  load(): boolean
  isLoaded(): boolean
  /** Reads again what the rows have for these items. */
  changed(positions: readonly number[]): void
  find(vector: Float32Array, query: { readonly conditions: MemoryConditions; readonly limit: number }): { found: FoundMemory[]; of: number }
  memory(): number
}

const columns = `v.item, v.vector, m.scope, CASE m.scope WHEN 'workspace' THEN m.workspace_id WHEN 'session' THEN m.session_id END AS place, m.archived, m.sensitive`

export function createNearest(db: Database, model: number, dimension: number): Nearest {
  const next = db.prepare<[number, number], VectorRow>(`SELECT ${columns} FROM memory_vectors v CROSS JOIN memory_items m ON m.position = v.item
    WHERE v.item > ? AND v.model = ${model} AND m.forgotten_at IS NULL ORDER BY v.item LIMIT ?`)
  const one = db.prepare<[number], VectorRow>(`SELECT ${columns} FROM memory_vectors v CROSS JOIN memory_items m ON m.position = v.item
    WHERE v.item = ? AND v.model = ${model} AND m.forgotten_at IS NULL`)
  const statement = createStatements(db)
  const rows: VectorRows = createVectorRows(dimension)
  const slots = createSlots()
  const kinds = createKinds()
  const bestOf = createExact(db, model, slots.positionOf)
  let after = 0
  let loaded = false

  const take = (row: VectorRow) => {
    const vector = toVector(row.vector)
    if (vector.length !== dimension) return
    const slot = slots.slotOf(row.item) ?? rows.size()
    rows.put(slot, vector)
    slots.put(slot, row.item, kinds.of(row))
  }
  const drop = (position: number) => {
    const slot = slots.slotOf(position)
    if (slot === null) return
    slots.removeInto(slot, rows.size() - 1)
    rows.removeInto(slot)
  }
  const candidates = (vector: Float32Array, conditions: MemoryConditions): Uint32Array[] => {
    const mask = isPlain(conditions) ? slots.maskOf(rows.size(), kinds.allowed(conditions)) : maskOfQuery(conditions)
    if (mask !== null && mask.count <= FEW) return [slotsOf(mask.bits)]
    return rows.nearest(vector, Math.max(KEPT, Math.ceil(rows.size() * KEPT_OF_MANY)), mask?.bits ?? null)
  }
  const maskOfQuery = (conditions: MemoryConditions): Mask => {
    const { sql, parameters } = whereOf(conditions)
    const bits = new Uint8Array(rows.size())
    for (const { position } of statement<{ position: number }>(`SELECT m.position FROM memory_items m WHERE ${sql}`).iterate(parameters)) {
      const slot = slots.slotOf(position)
      if (slot !== null) bits[slot] = 1
    }
    return { bits, count: bits.reduce((sum, bit) => sum + bit, 0) }
  }
  return {
    load: () => {
      const page = next.all(after, READ_AT_ONCE)
      for (const row of page) take(row)
      after = page.at(-1)?.item ?? after
      loaded = page.length < READ_AT_ONCE
      return !loaded
    },
    isLoaded: () => loaded,
    changed: (positions) => {
      for (const position of positions) {
        const row = one.get(position)
        if (row) take(row)
        else drop(position)
      }
    },
    find: (vector, { conditions, limit }) => {
      if (rows.size() === 0 || vector.length !== dimension) return { found: [], of: rows.size() }
      const near = candidates(vector, conditions)
      const found = bestOf(vector, rows.best(vector, near, limit), conditions, limit)
      // Few of the best fit, then the others are looked at too.
      return { found: found.length < limit ? bestOf(vector, rows.best(vector, near, Number.POSITIVE_INFINITY), conditions, limit) : found, of: rows.size() }
    },
    memory: () => rows.memory() + slots.memory(),
  }
}

interface Mask {
  readonly bits: Uint8Array
  readonly count: number
}

/** Which item is in which slot, and of what kind it is. */
function createSlots() {
  let positions = new Uint32Array(1024)
  let kindOf = new Uint16Array(1024)
  /** By position; 0 is none, else the slot and 1. */
  let slotOf = new Uint32Array(1024)
  const grown = <T extends Uint32Array | Uint16Array>(array: T, make: (length: number) => T): T => {
    const larger = make(array.length * 2)
    larger.set(array)
    return larger
  }
  return {
    slotOf: (position: number): number | null => {
      const slot = slotOf[position] ?? 0
      return slot === 0 ? null : slot - 1
    },
    positionOf: (slot: number): number => positions[slot] ?? 0,
    put(slot: number, position: number, kind: number) {
      while (slot >= positions.length) {
        positions = grown(positions, (length) => new Uint32Array(length))
        kindOf = grown(kindOf, (length) => new Uint16Array(length))
      }
      while (position >= slotOf.length) slotOf = grown(slotOf, (length) => new Uint32Array(length))
      positions[slot] = position
      kindOf[slot] = kind
      slotOf[position] = slot + 1
    },
    removeInto(slot: number, last: number) {
      slotOf[positions[slot] ?? 0] = 0
      if (slot === last) return
      positions[slot] = positions[last] ?? 0
      kindOf[slot] = kindOf[last] ?? 0
      slotOf[positions[slot] ?? 0] = slot + 1
    },
    /** Null: all of them. */
    maskOf(size: number, allowed: Uint8Array | null): Mask | null {
      if (allowed === null) return null
      const bits = new Uint8Array(size)
      let count = 0
      for (let slot = 0; slot < size; slot += 1) {
        const bit = allowed[kindOf[slot] ?? 0] ?? 0
        bits[slot] = bit
        count += bit
      }
      return { bits, count }
    },
    memory: () => positions.byteLength + kindOf.byteLength + slotOf.byteLength,
  }
}

type Kind = Pick<VectorRow, 'scope' | 'place' | 'archived' | 'sensitive'>
const MOST_KINDS = 65_535

/** Items that a place and the state cannot tell apart are of one kind. Beyond 65,535 kinds, the rest is one that is always looked at. */
function createKinds() {
  const numbers = new Map<string, number>()
  const kinds: Kind[] = []
  return {
    of({ scope, place, archived, sensitive }: Kind): number {
      const key = `${scope} ${place ?? ''} ${archived} ${sensitive}`
      const known = numbers.get(key)
      if (known !== undefined) return known
      if (kinds.length >= MOST_KINDS) return MOST_KINDS
      numbers.set(key, kinds.length)
      return kinds.push({ scope, place, archived, sensitive }) - 1
    },
    /** Null: all that there are. What is allowed here is asked of the database again. */
    allowed({ place, sensitive }: MemoryConditions): Uint8Array | null {
      const sees = (kind: Kind) => place === null || kind.scope === 'user' || kind.place === (kind.scope === 'workspace' ? place.workspaceId : place.sessionId)
      const bits = Uint8Array.from(kinds, (kind) => Number(kind.archived === 0 && (sensitive || kind.sensitive === 0) && sees(kind)))
      if (bits.every((bit) => bit === 1)) return null
      const all = new Uint8Array(MOST_KINDS + 1).fill(1, MOST_KINDS)
      all.set(bits)
      return all
    },
  }
}

function slotsOf(bits: Uint8Array): Uint32Array {
  const slots: number[] = []
  for (let slot = 0; slot < bits.length; slot += 1) if (bits[slot] === 1) slots.push(slot)
  return Uint32Array.from(slots)
}
