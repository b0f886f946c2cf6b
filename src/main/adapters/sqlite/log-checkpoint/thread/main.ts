import { createRequire } from 'node:module'
import { setTimeout } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import type { CheckpointData, Wish } from './protocol'

/** A log that is being read cannot begin anew: it is tried again so often, so far apart. */
const TRIES = 60
const PAUSE_MS = 4

/** The thread that takes the log over into the file, each time it is told to; it answers when that is done, or could not be done now. */
const port = parentPort
if (!port) throw new Error('this is a thread of the database')
const { library, path } = workerData as CheckpointData
const Database = createRequire(library)(library) as typeof Sqlite
// It waits for nobody: who reads and writes goes first.
const db = new Database(path, { fileMustExist: true, timeout: 0 })
db.pragma('wal_autocheckpoint = 0')
db.pragma('synchronous = NORMAL')
const passive = db.prepare<[], Answer>('PRAGMA wal_checkpoint(PASSIVE)')
// The next transaction, here: the first of a log waits for the disk. It writes what is there already.
const id = Number(db.pragma('application_id', { simple: true }))
const writeFirst = () => void db.pragma(`application_id = ${id}`)
const restart = db.prepare<[], Answer>('PRAGMA wal_checkpoint(RESTART)')

interface Answer {
  readonly busy: number
  readonly log: number
  readonly checkpointed: number
}

/** Whether all of it is in the file, nobody read in the log, and it was begun anew. */
async function takeOver(wish: Wish): Promise<boolean> {
  for (let tries = wish === 'begin anew' ? TRIES : 1; tries > 0; tries -= 1) {
    const answer = passive.get()
    if (wish === 'take over') break
    // What is left to do then keeps nobody from writing for long.
    if (answer && answer.log === answer.checkpointed && restart.get()?.busy === 0) {
      writeFirst()
      return true
    }
    await setTimeout(PAUSE_MS)
  }
  return false
}

port.on('message', (wish: Wish) => {
  // The disk is full, or somebody else is at it: the next time, or SQLite itself on the way.
  takeOver(wish).catch(() => false).then((beginsAnew) => { port.postMessage(beginsAnew) }, () => undefined)
})
