import type { Codec, CodecName } from './codec'
import type { Database } from './database'
import type { Gathered } from './gathering'

/** Blocks that are being compressed; with more than this `settle` waits. */
const BLOCKS_IN_FLIGHT = 6
/** Compressed blocks that are written together. */
const BLOCKS_PER_WRITE = 16

export interface Packed {
  readonly size: number
  readonly codec: CodecName
  readonly data: Buffer
  readonly items: Gathered['items']
}

export interface BlockQueuePorts {
  readonly db: Database
  readonly codec: Codec
  /** One transaction. */
  readonly insert: (blocks: readonly Packed[]) => void
  readonly onWritten: (block: Packed, raw: Buffer) => void
}

/** Blocks on their way to the disk: compressed beside the work, written several at a time. */
export interface BlockQueue {
  add(block: Gathered): void
  settle(): Promise<void>
  /** All that was added, and this one, is on disk when it resolves. Rejects when anything of it was lost; the rest is forgotten then. */
  flush(last: Gathered | null): Promise<void>
}

export function createBlockQueue({ db, codec, insert, onWritten }: BlockQueuePorts): BlockQueue {
  const inFlight: Promise<void>[] = []
  let packed: { readonly block: Packed; readonly raw: Buffer }[] = []
  let unsynced = false
  let flushing = 0
  let failure: Error | null = null

  const write = () => {
    const ready = packed
    packed = []
    insert(ready.map(({ block }) => block))
    for (const { block, raw } of ready) onWritten(block, raw)
  }
  /** While a lot comes in: on disk with the flush that follows, which syncs the same log. */
  const writeEarly = () => {
    db.pragma('synchronous = NORMAL')
    try {
      write()
      unsynced = true
    } finally {
      db.pragma('synchronous = FULL')
    }
  }
  const keep = ({ raw, items }: Gathered, data: Buffer) => {
    packed.push({ raw, block: data.length < raw.length ? { size: raw.length, codec: codec.name, data, items } : { size: raw.length, codec: 'raw', data: raw, items } })
  }
  const add = (block: Gathered) => {
    inFlight.push(codec.compress(block.raw).then((data) => {
      keep(block, data)
      if (packed.length >= BLOCKS_PER_WRITE && flushing === 0) writeEarly()
    }).catch((error: unknown) => {
      failure ??= error instanceof Error ? error : new Error('a block was not compressed', { cause: error })
    }))
  }
  const writeAll = async (last: Gathered | null) => {
    const alone = inFlight.length === 0
    if (last && !alone) add(last)
    await Promise.all(inFlight.splice(0))
    if (failure) throw failure
    if (last && alone) keep(last, codec.compressSync(last.raw))
    if (packed.length > 0) write()
    else if (unsynced) db.pragma('wal_checkpoint(PASSIVE)')
    unsynced = false
  }

  return {
    add,
    settle: async () => { while (inFlight.length > BLOCKS_IN_FLIGHT) await inFlight.shift() },
    flush: async (last) => {
      flushing += 1
      try {
        await writeAll(last)
      } catch (error) {
        packed = []
        failure = null
        throw error
      } finally {
        flushing -= 1
      }
    },
  }
}
