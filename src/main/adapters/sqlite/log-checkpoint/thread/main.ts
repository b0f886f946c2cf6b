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
const ends = { 'begin anew': db.prepare<[], Answer>('PRAGMA wal_checkpoint(RESTART)'), empty: db.prepare<[], Answer>('PRAGMA wal_checkpoint(TRUNCATE)') }
const id = Number(db.pragma('application_id', { simple: true }))

interface Answer {
  readonly busy: number
  readonly log: number
  readonly checkpointed: number
}

/** Whether it came to the end that is wished for. */
async function takeOver(wish: Wish): Promise<boolean> {
  if (wish === 'take over') {
    passive.get()
    return false
  }
  for (let tries = TRIES; tries > 0; tries -= 1) {
    const answer = passive.get()
    // What is left to do then keeps nobody from writing for long.
    if (answer && answer.log === answer.checkpointed && ends[wish].get()?.busy === 0) {
      if (wish === 'begin anew') writeFirst()
      return true
    }
    await setTimeout(PAUSE_MS)
  }
  return false
}

/** The first transaction of a log waits for the disk, so it is made here; it writes what is there already. */
function writeFirst(): void {
  db.pragma(`application_id = ${id}`)
}

port.on('message', (wish: Wish) => {
  // The disk is full, or somebody else is at it: the next time, or SQLite itself on the way.
  takeOver(wish).catch(() => false).then((isReached) => { port.postMessage(isReached) }, () => undefined)
})
