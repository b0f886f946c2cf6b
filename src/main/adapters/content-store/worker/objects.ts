import { type Codec, type CodecName, decompress } from './codec'
import { type Database, isDamage } from './database'
import { hashOf } from './tree-codec'

/** So much is compressed together. Larger ones compress better, smaller ones are read faster. */
const BLOCK_BYTES = 512 * 1024
/** Compressed blocks that wait to be written; more than this and `put` must be followed by `settle`. */
const BLOCKS_IN_FLIGHT = 6
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
  /** Keeps the bytes, once. On disk after `flush`. */
  put(hash: string, bytes: Buffer): void
  /** Waits while too much is on its way. */
  settle(): Promise<void>
  /** Everything that was put is on disk when it resolves. Rejects (disk full) with all that was put since the last flush forgotten. */
  flush(): Promise<void>
  /** Throws DamagedObject. What it returns must not be changed. */
  get(hash: string): Buffer
  /** Compressed bytes written since the start of the process. */
  readonly written: number
  /** After blocks were moved or removed by someone else. */
  forgetCache(): void
}

interface Packed {
  readonly size: number
  readonly codec: CodecName
  readonly data: Buffer
  readonly items: readonly { readonly hash: string; readonly start: number; readonly size: number }[]
}

export function createObjects(db: Database, codec: Codec): Objects {
  const find = db.prepare<[Buffer], { block: number; start: number; size: number }>('SELECT block, start, size FROM objects WHERE hash = ?')
  const insert = createBlockWriter(db)
  const blocks = createBlockCache(db)
  const pending = new Map<string, Buffer>()
  let open: { hash: string; bytes: Buffer }[] = []
  let openBytes = 0
  let packed: Packed[] = []
  let inFlight: Promise<void>[] = []
  let failure: Error | null = null
  let written = 0

  const write = () => {
    const ready = packed
    packed = []
    if (ready.length === 0) return
    insert(ready)
    for (const { data, items } of ready) {
      written += data.length
      for (const { hash } of items) pending.delete(hash)
    }
  }
  const seal = (): { raw: Buffer; items: Packed['items'] } | null => {
    if (open.length === 0) return null
    const raw = open.length === 1 && open[0] ? open[0].bytes : Buffer.concat(open.map(({ bytes }) => bytes))
    let start = 0
    const items = open.map(({ hash, bytes }) => ({ hash, start: (start += bytes.length) - bytes.length, size: bytes.length }))
    open = []
    openBytes = 0
    return { raw, items }
  }
  const forgetUnwritten = () => {
    pending.clear()
    packed = []
    open = []
    openBytes = 0
    failure = null
  }
  const startBlock = () => {
    const block = seal()
    if (!block) return
    const task = codec.compress(block.raw).then((data) => {
      packed.push(pack(codec.name, block.raw, data, block.items))
      if (packed.length >= BLOCKS_IN_FLIGHT) write()
    }).catch((error: unknown) => {
      failure ??= error instanceof Error ? error : new Error('a block was not compressed', { cause: error })
    })
    inFlight.push(task)
  }

  return {
    has: (hash) => pending.has(hash) || find.get(Buffer.from(hash, 'hex')) !== undefined,
    put: (hash, bytes) => {
      if (pending.has(hash) || find.get(Buffer.from(hash, 'hex')) !== undefined) return
      pending.set(hash, bytes)
      open.push({ hash, bytes })
      openBytes += bytes.length
      if (openBytes >= BLOCK_BYTES) startBlock()
    },
    settle: async () => { while (inFlight.length > BLOCKS_IN_FLIGHT) await inFlight.shift() },
    flush: async () => {
      if (inFlight.length > 0) startBlock()
      const waiting = inFlight
      inFlight = []
      await Promise.all(waiting)
      try {
        if (failure) throw failure
        const last = seal()
        if (last) packed.push(pack(codec.name, last.raw, codec.compressSync(last.raw), last.items))
        write()
      } catch (error) {
        forgetUnwritten()
        throw error
      }
    },
    get: (hash) => pending.get(hash) ?? readObject(find, blocks, hash),
    get written() { return written },
    forgetCache: blocks.clear,
  }
}

function pack(codec: CodecName, raw: Buffer, data: Buffer, items: Packed['items']): Packed {
  return data.length < raw.length ? { size: raw.length, codec, data, items } : { size: raw.length, codec: 'raw', data: raw, items }
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
