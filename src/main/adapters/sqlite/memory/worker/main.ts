import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import { createMemoryReader } from '../reader'
import { attachWords, isDamaged, removeWordFile } from '../words/word-file'
import { createWordReader } from '../words/word-reader'
import type { Reply, Request, ThreadData } from './protocol'

/** A thread that searches the memory: it reads what is committed; one of them keeps the index of words, in a file of its own. */
const port = parentPort
if (!port) throw new Error('this is a thread of the memory')
const { library, path, wordFile } = workerData as ThreadData
const Database = createRequire(library)(library) as typeof Sqlite
const turn = () => new Promise<void>((resolve) => { setImmediate(resolve) })
const say = (reply: Reply) => { port.postMessage(reply) }
const reader = wordFile === null ? openReader() : openWords(wordFile)

function openReader() {
  const db = new Database(path, { readonly: true, fileMustExist: true })
  db.pragma('cache_size = -32000')
  db.pragma('temp_store = MEMORY')
  return createMemoryReader(db, turn)
}

function openWords(file: string) {
  // One that may only read could not write to what is attached either. Nothing is written to the items.
  const db = new Database(path, { fileMustExist: true })
  attachWords(db, file)
  db.pragma('words.cache_size = -32000')
  db.pragma('temp_store = MEMORY')
  return createWordReader(db, { turn, onTaken: (seq) => { say({ taken: seq }) } })
}

port.on('message', ({ id, method, args }: Request) => {
  // The port's types were checked where the call was made.
  const call = (reader as Readonly<Record<string, (...all: readonly unknown[]) => unknown>>)[method]
  Promise.resolve().then(() => call?.(...args)).then(
    (result) => { if (id !== 0) say({ id, result }) },
    (error: unknown) => {
      if (id !== 0) say({ id, error: describe(error) })
      if (wordFile === null || !isDamaged(error)) return
      // Made anew by the thread that comes after this one.
      removeWordFile(wordFile)
      setImmediate(() => process.exit(0))
    },
  )
})

function describe(error: unknown): { code: string | null; message: string } {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  return { code, message: error instanceof Error ? error.message : String(error) }
}
