import { createBlockQueue, type Packed } from './block-queue'
import { type Codec, type CodecName, decompress } from './codec'
import { type Database, isDamage } from './database'
import { createGathering } from './gathering'
import { createSeenHashes } from './seen-hashes'
import { hashOf } from './tree-codec'

const CACHED_BYTES = 16 * 1024 * 1024

export class DamagedObject extends Error {
  readonly hash: string
  constructor(hash: string, cause?: unknown) {
    super(`object ${hash} is damaged or missing`, { cause })
    this.hash = hash
  }
}

export interface Objects {
  has(hash: string): boolean
  /** Room for bytes that will perhaps be put, until the next call. */
  claim(size: number): Buffer
  /** Keeps the bytes, once. On disk after `flush`. */
  put(hash: string, bytes: Buffer): void
  /** Waits while too much is on its way. */
  settle(): Promise<void>
  /** Everything that was put is on disk when it resolves. Rejects (disk full) with all that was put since the last flush forgotten. */
  flush(): Promise<void>
  /** Throws DamagedObject. What it returns must not be changed. */
  get(hash: string): Buffer
  /** How often a flush failed, and with it all that was put until then: by whoever had put it. */
  readonly losses: number
  /** Compressed bytes written since the start of the process. */
  readonly written: number
  /** After blocks were moved or removed by someone else. */
  forgetCache(): void
}

export function createObjects(db: Database, codec: Codec): Objects {
  const find = db.prepare<[Buffer], { block: number; start: number; size: number }>('SELECT block, start, size FROM objects WHERE hash = ?')
  const blocks = createBlockCache(db)
  const seen = db.prepare('SELECT 1 FROM objects LIMIT 1').get() === undefined ? createSeenHashes() : null
  const pending = new Map<string, Buffer>()
  let written = 0
  let losses = 0
  const queue = createBlockQueue({
    db, codec, insert: createBlockWriter(db),
    onWritten: ({ data, items }, raw) => {
      written += data.length
      for (const { hash } of items) pending.delete(hash)
      gathering.release(raw)
    },
  })
  const gathering = createGathering(queue.add)
  const has = (hash: string) => pending.has(hash) || (seen?.mayHave(hash) !== false && find.get(Buffer.from(hash, 'hex')) !== undefined)

  return {
    has,
    claim: gathering.claim,
    put: (hash, bytes) => {
      if (has(hash)) return
      seen?.add(hash)
      pending.set(hash, gathering.add(hash, bytes))
    },
    settle: queue.settle,
    flush: async () => {
      try {
        await queue.flush(gathering.seal())
      } catch (error) {
        losses += 1
        gathering.seal()
        pending.clear()
        throw error
      }
    },
    // What is pending lies where other bytes will lie later.
    get: (hash) => {
      const bytes = pending.get(hash)
      return bytes ? Buffer.from(bytes) : readObject(find, blocks, hash)
    },
    get losses() { return losses },
    get written() { return written },
    forgetCache: blocks.clear,
  }
}

/** Writes blocks with their objects in one transaction. An object that is there already stays where it is. */
export function createBlockWriter(db: Database): (blocks: readonly Packed[]) => void {
  const insertBlock = db.prepare('INSERT INTO blocks (codec, size, data) VALUES (?, ?, ?)')
  const insertObject = db.prepare('INSERT INTO objects (hash, block, start, size) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING')
  return db.transaction((blocks: readonly Packed[]) => {
    for (const { codec, size, data, items } of blocks) {
      const block = Number(insertBlock.run(codec, size, data).lastInsertRowid)
      for (const item of items) insertObject.run(Buffer.from(item.hash, 'hex'), block, item.start, item.size)
    }
  }).immediate
}

interface Finder {
  get(hash: Buffer): { readonly block: number; readonly start: number; readonly size: number } | undefined
}

function readObject(find: Finder, blocks: ReturnType<typeof createBlockCache>, hash: string): Buffer {
  try {
    const place = find.get(Buffer.from(hash, 'hex'))
    if (!place) throw new DamagedObject(hash)
    const bytes = blocks.get(place.block).subarray(place.start, place.start + place.size)
    if (hashOf(bytes) !== hash) throw new DamagedObject(hash)
    return bytes
  } catch (error) {
    if (error instanceof DamagedObject || (isCode(error) && !isDamage(error) && !isUnpackFailure(error))) throw error
    throw new DamagedObject(hash, error)
  }
}

/** Blocks that were read last, unpacked: neighbours in a folder are neighbours in a block. */
export function createBlockCache(db: Database) {
  const select = db.prepare<[number], { codec: CodecName; size: number; data: Buffer }>('SELECT codec, size, data FROM blocks WHERE id = ?')
  const cache = new Map<number, Buffer>()
  let bytes = 0
  return {
    get: (id: number): Buffer => {
      const known = cache.get(id)
      if (known) {
        cache.delete(id)
        cache.set(id, known)
        return known
      }
      const row = select.get(id)
      if (!row) throw new Error(`block ${id} is missing`)
      const raw = decompress(row.codec, row.data, row.size)
      cache.set(id, raw)
      bytes += raw.length
      for (const [oldest, old] of cache) {
        if (bytes <= CACHED_BYTES || oldest === id) break
        cache.delete(oldest)
        bytes -= old.length
      }
      return raw
    },
    clear: () => {
      cache.clear()
      bytes = 0
    },
  }
}

function isCode(error: unknown): boolean {
  return error instanceof Error && 'code' in error
}

function isUnpackFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ZSTD_|ERR_BUFFER|ERR_ZSTD|ERR_)/.test(String(error.code))
}
