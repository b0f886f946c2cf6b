import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import { createMemoryReader } from '../reader'
import type { Reply, Request, ThreadData } from './protocol'

/** The thread that searches the memory: it reads what is committed and writes nothing. */
const port = parentPort
if (!port) throw new Error('this is a thread of the memory')
const { library, path } = workerData as ThreadData
const Database = createRequire(library)(library) as typeof Sqlite
const db = new Database(path, { readonly: true, fileMustExist: true })
db.pragma('cache_size = -32000')
db.pragma('temp_store = MEMORY')
const reader = createMemoryReader(db, () => new Promise((resolve) => { setImmediate(resolve) }))
const say = (reply: Reply) => { port.postMessage(reply) }

port.on('message', ({ id, method, args }: Request) => {
  // The port's types were checked where the call was made.
  const call = reader[method] as (...all: readonly unknown[]) => unknown
  Promise.resolve().then(() => call(...args)).then(
    (result) => { if (id !== 0) say({ id, result }) },
    (error: unknown) => { if (id !== 0) say({ id, error: describe(error) }) },
  )
})

function describe(error: unknown): { code: string | null; message: string } {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  return { code, message: error instanceof Error ? error.message : String(error) }
}
