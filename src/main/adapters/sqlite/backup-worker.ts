import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

export interface CopyResult {
  /** `ok`, or the first thing that was found to be damaged. */
  readonly check: string
}

export interface RunningCopy {
  /** Rejects with an Error; its `code` is that of SQLite or of the file system where there is one. */
  readonly result: Promise<CopyResult>
  /** Gives up. Resolves when neither file is open any more. */
  stop(): Promise<void>
}

/**
 * Copies the database as it is at this moment to `target` and checks the copy, in a thread of its own: both take
 * seconds for a large database. Writers are not held up, and what they write meanwhile does not start the copy anew.
 */
export function copyAndCheck(source: string, target: string): RunningCopy {
  const library = createRequire(import.meta.url).resolve('better-sqlite3')
  const worker = new Worker(script, { eval: true, env: {}, workerData: { library, source, target } })
  const result = new Promise<CopyResult>((resolve, reject) => {
    worker.once('message', (message: CopyResult | { readonly code: string; readonly message: string }) => {
      if ('check' in message) resolve(message)
      else if (/^SQLITE_(CORRUPT|NOTADB)/.test(message.code)) resolve({ check: message.message })
      else reject(Object.assign(new Error(message.message), { code: message.code }))
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the copy was given up')))
  })
  return { result, stop: async () => void (await worker.terminate()) }
}

/** Plain JavaScript in a string: it is the same under every bundler, and the path of the library is all it needs. */
const script = `
const { parentPort, workerData } = require('node:worker_threads')
const Database = require(workerData.library)

async function copy() {
  const source = new Database(workerData.source, { readonly: true, fileMustExist: true })
  try {
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    await source.backup(workerData.target, { progress: () => 2000 })
  } finally {
    source.close()
  }
}

function check() {
  const target = new Database(workerData.target)
  try {
    target.pragma('journal_mode = DELETE')
    return target.pragma('integrity_check(1)', { simple: true })
  } finally {
    target.close()
  }
}

copy().then(check).then(
  (result) => parentPort.postMessage({ check: String(result) }),
  (error) => parentPort.postMessage({ code: String(error.code), message: error.message }),
)
`
