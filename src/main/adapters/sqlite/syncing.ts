import type { Database } from 'better-sqlite3'
import type { Durability } from '#core/ports/store'
import { createCatchUp } from './catch-up'
import { createLogFlush } from './log-flush'

export interface Syncing {
  /** One transaction. `disk`: it is there, with all before it, when this returns. Inside another it joins that. */
  transaction(work: () => unknown, durability: Durability): unknown
  /** Returns when all of before is on disk. */
  sync(): void
  /** Calls back once all of before is on disk: now, or in a few milliseconds and without holding anything up; unless that fails. */
  soon(done: () => void): void
  /** What waits shares its way with no others any more: it starts now, or when the disk has come back with those before. */
  hurry(): void
  stop(): void
}

/**
 * Leaves out waits for the disk that can be made up for: a commit is never on disk before the one in front of it in
 * the log, so one wait serves all since the last.
 */
export function createSyncing(db: Database, onCommit: () => void = () => {}): Syncing {
  // Only a transaction that changes something waits for the disk. One number more that no event gets does no harm.
  const touch = db.prepare('UPDATE event_position SET reserved_until = reserved_until + 1')
  // Nested, it is a savepoint of the one around it; the outermost begins IMMEDIATE.
  const run = db.transaction((work: () => unknown) => work()).immediate
  const log = createLogFlush(db)
  let waiting: { readonly commit: number; readonly done: () => void }[] = []
  /** Commits that were left for later, and how many of them are on disk. */
  let committed = 0
  let durable = 0

  const reached = (commit: number) => {
    if (commit > durable) durable = commit
    const served = waiting.filter((entry) => entry.commit <= durable)
    if (served.length === 0) return
    waiting = waiting.slice(served.length)
    for (const { done } of served) done()
  }
  const sync = () => {
    if (durable < committed) touch.run()
    reached(committed)
  }
  const catchUp = createCatchUp(async () => {
    const commit = committed
    try {
      // Where that fails, the way of SQLite itself: it knows what to do when the log cannot be written.
      if (durable < commit) await log.flush().then(() => reached(commit), sync)
    } catch {
      waiting = []
    }
    return waiting.length > 0
  })

  const runNow = (work: () => unknown) => {
    const result = run(durable < committed ? () => {
      touch.run()
      return work()
    } : work)
    reached(committed)
    return result
  }
  const runLater = (work: () => unknown) => {
    db.exec('PRAGMA synchronous = NORMAL')
    try {
      const result = run(work)
      committed += 1
      return result
    } finally {
      db.exec('PRAGMA synchronous = FULL')
    }
  }

  return {
    sync,
    transaction: (work, durability) => {
      if (db.inTransaction) return run(work)
      const result = durability === 'later' ? runLater(work) : runNow(work)
      onCommit()
      return result
    },
    soon(done) {
      if (durable >= committed) return done()
      waiting.push({ commit: committed, done })
      catchUp.soon()
    },
    hurry() {
      if (waiting.length > 0) catchUp.hurry()
    },
    stop() {
      catchUp.stop()
      waiting = []
      log.close()
    },
  }
}
