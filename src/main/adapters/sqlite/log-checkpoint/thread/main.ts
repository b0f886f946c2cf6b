import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import type { CheckpointData } from './protocol'

/** The thread that takes the log over into the file, each time it is told to; it answers when that is done, or could not be done now. */
const port = parentPort
if (!port) throw new Error('this is a thread of the database')
const { library, path } = workerData as CheckpointData
const Database = createRequire(library)(library) as typeof Sqlite
const db = new Database(path, { fileMustExist: true })
db.pragma('wal_autocheckpoint = 0')

port.on('message', () => {
  try {
    db.pragma('wal_checkpoint(PASSIVE)')
  } catch {
    // The disk is full, or somebody else is at it: the next time, or SQLite itself on the way.
  }
  port.postMessage('done')
})
