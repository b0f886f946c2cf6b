import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type Sqlite from 'better-sqlite3'
import { verifyChain } from '../verify-chain'
import type { VerifyData, VerifyReply } from './protocol'

/** The thread that calculates the chain of the audit anew, once. It writes nothing. */
const { library, path, from } = workerData as VerifyData
const Database = createRequire(library)(library) as typeof Sqlite
const db = new Database(path, { readonly: true, fileMustExist: true })
const reply: VerifyReply = { report: verifyChain(db, from) }
db.close()
parentPort?.postMessage(reply)
