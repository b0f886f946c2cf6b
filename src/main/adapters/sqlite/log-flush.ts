import type { Database } from 'better-sqlite3'
import { closeSync, fdatasync, openSync } from 'node:fs'

export interface LogFlush {
  /** Resolves when all that was committed before the call is on disk. Rejects when it cannot know. */
  flush(): Promise<void>
  close(): void
}

/**
 * Does off the main thread what SQLite does at the end of a transaction under `synchronous = FULL`: it syncs the
 * write-ahead log. What a checkpoint has moved out of the log meanwhile was synced by SQLite itself
 * (https://sqlite.org/pragma.html#pragma_synchronous). SQLite has no locks on the log, so a second handle takes none away.
 */
export function createLogFlush(db: Database): LogFlush {
  let file: number | null = null
  let flushing = 0
  let closed = false

  const closeFile = () => {
    if (!closed || flushing > 0 || file === null) return
    closeSync(file)
    file = null
  }
  return {
    flush: () => new Promise((resolve, reject) => {
      if (closed) throw new Error('the log is closed')
      file ??= openSync(`${db.name}-wal`, 'r+')
      flushing += 1
      fdatasync(file, (error) => {
        flushing -= 1
        closeFile()
        if (error) reject(error)
        else resolve()
      })
    }),
    close() {
      closed = true
      closeFile()
    },
  }
}
