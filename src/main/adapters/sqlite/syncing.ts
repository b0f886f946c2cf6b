import type { Database } from 'better-sqlite3'
import type { Durability } from '#core/ports/store'

export interface Syncing {
  /** One transaction. `disk`: it is there, with all before it, when this returns. Inside another it joins that. */
  transaction(work: () => unknown, durability: Durability): unknown
  sync(): void
  /** Two turns of the event loop later; then calls back, unless it failed. */
  soon(done: () => void): void
  stop(): void
}

/**
 * Leaves out waits for the disk that can be made up for: a commit is never on disk before the one in front of it in
 * the log, so one wait serves all since the last.
 */
export function createSyncing(db: Database): Syncing {
  // Only a transaction that changes something waits for the disk. One number more that no event gets does no harm.
  const touch = db.prepare('UPDATE event_position SET reserved_until = reserved_until + 1')
  // Nested, it is a savepoint of the one around it; the outermost begins IMMEDIATE.
  const run = db.transaction((work: () => unknown) => work()).immediate
  const waiting: (() => void)[] = []
  let behind = false
  let immediate: NodeJS.Immediate | null = null

  const sync = () => {
    if (!behind) return
    touch.run()
    behind = false
  }
  const catchUp = () => {
    immediate = null
    const callbacks = waiting.splice(0)
    try {
      sync()
    } catch {
      return
    }
    for (const done of callbacks) done()
  }

  const runNow = (work: () => unknown) => {
    const result = run(behind ? () => {
      touch.run()
      return work()
    } : work)
    behind = false
    return result
  }
  const runLater = (work: () => unknown) => {
    db.exec('PRAGMA synchronous = NORMAL')
    try {
      const result = run(work)
      behind = true
      return result
    } finally {
      db.exec('PRAGMA synchronous = FULL')
    }
  }

  return {
    sync,
    transaction: (work, durability) => {
      if (db.inTransaction) return run(work)
      return durability === 'later' ? runLater(work) : runNow(work)
    },
    soon(done) {
      waiting.push(done)
      // In the first turn the request to the model leaves, so that waiting for the disk and for the model is one wait.
      immediate ??= setImmediate(() => { immediate = setImmediate(catchUp) })
    },
    stop() {
      if (immediate) clearImmediate(immediate)
      waiting.length = 0
    },
  }
}
