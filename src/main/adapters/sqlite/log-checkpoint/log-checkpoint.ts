import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import type { CheckpointData, Wish } from './thread/protocol'

export interface LogCheckpoint {
  /** After each commit. */
  committed(): void
  /** Resolves when the log has room; at once unless very much was written in a short time. */
  room(): Promise<void>
  /** Resolves with whether all is in the file and nothing in the log any more. False: somebody reads it for a longer time. */
  empty(): Promise<boolean>
  /** Never rejects. To be called before the database is closed. */
  stop(): Promise<void>
}

/** Commits between two looks at the log. */
const LOOK_EVERY = 8
/**
 * In pages of 4 kB: from here on the log is taken over into the file; here whoever can wait waits until it begins anew; beyond, SQLite takes
 * it over where it is written, which helps only where the thread is too slow: what is being read holds up both.
 */
const LONG = 1_000
const FULL = 4_000
const TOO_LONG = 64_000
/** As SQLite does it when it is alone. */
const USUAL = 1_000

const nothing: LogCheckpoint = { committed: () => undefined, room: () => Promise.resolve(), empty: () => Promise.resolve(true), stop: () => Promise.resolve() }

/**
 * Takes the write-ahead log over into the database file in a thread of its own, since that waits for the disk twice: everybody else goes
 * on reading and writing meanwhile. The thread starts when the log is long for the first time; without one, SQLite does it as usual.
 */
export function createLogCheckpoint(db: Database): LogCheckpoint {
  if (db.memory) return nothing
  db.pragma(`wal_autocheckpoint = ${TOO_LONG}`)
  // Says how long it is and does nothing (https://sqlite.org/pragma.html#pragma_wal_checkpoint).
  const look = db.prepare<[], { readonly log: number; readonly checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)')
  let commits = 0
  let thread: Promise<Worker | null> | null = null
  let working: Promise<boolean> | null = null
  let isStopped = false
  /** Where somebody reads on and on the log cannot begin anew: nobody waits for that again before it has become this long. */
  let full = FULL

  const lengths = () => look.get() ?? { log: 0, checkpointed: 0 }
  const giveUp = (): null => {
    if (!isStopped) db.pragma(`wal_autocheckpoint = ${USUAL}`)
    return null
  }
  const start = async (): Promise<Worker | null> => {
    try {
      const { source } = await import('./thread/main?thread')
      if (isStopped) return null
      const workerData: CheckpointData = { library: createRequire(import.meta.url).resolve('better-sqlite3'), path: db.name }
      const worker = new Worker(source, { eval: true, workerData, env: {}, name: 'log-checkpoint' })
      worker.unref()
      return worker
    } catch {
      return giveUp()
    }
  }
  /** Whether the log has begun anew, or is empty. */
  const takeOver = async (wish: Wish): Promise<boolean> => {
    const worker = await (thread ??= start())
    if (!worker || isStopped) return false
    return new Promise<boolean>((resolve) => {
      const end = (beginsAnew: boolean) => {
        worker.off('message', end).off('error', fail).off('exit', fail)
        worker.unref()
        resolve(beginsAnew)
      }
      const fail = () => {
        thread = Promise.resolve(giveUp())
        end(false)
      }
      worker.ref()
      worker.on('message', end).on('error', fail).on('exit', fail)
      worker.postMessage(wish)
    })
  }
  const begin = (wish: Wish) => (working ??= takeOver(wish).finally(() => { working = null }))
  const beginNext = async (wish: Wish): Promise<boolean> => {
    while (working !== null) await working
    return begin(wish)
  }

  return {
    committed() {
      if (isStopped || (commits += 1) % LOOK_EVERY !== 0 || working !== null) return
      const { log, checkpointed } = lengths()
      if (log - checkpointed >= LONG) void begin('take over')
    },
    async room() {
      if (isStopped || lengths().log < full) return
      full = await beginNext('begin anew') || isStopped ? FULL : lengths().log + FULL
    },
    async empty() {
      if (await beginNext('empty')) return true
      if (isStopped || await thread !== null) return false
      const [answer] = db.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[]
      return answer?.busy === 0
    },
    async stop() {
      isStopped = true
      const worker = await thread
      await worker?.terminate()
      await working
    },
  }
}
