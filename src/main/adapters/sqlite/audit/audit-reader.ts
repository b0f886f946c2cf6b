import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import { AppError } from '#core/errors'
import type { AuditReader, ChainReport } from '#core/ports/audit-store'
import type { VerifyData, VerifyReply } from './worker/protocol'

/** Each look is a thread of its own with a connection of its own. A database in memory has one connection: it is read where it is. */
export function createAuditReader(db: Database): AuditReader {
  return db.memory ? createReaderInPlace(db) : createReaderThread(db.name)
}

function createReaderInPlace(db: Database): AuditReader {
  return { verify: async (from) => (await import('./verify-chain')).verifyChain(db, from), close: () => Promise.resolve() }
}

function createReaderThread(path: string): AuditReader {
  const running = new Set<Worker>()
  const state = { isClosed: false }
  return {
    verify: async (from) => {
      const { source } = await import('./worker/main?thread')
      if (state.isClosed) throw new AppError('SHUTTING_DOWN', 'Trestle is stopping.')
      const workerData: VerifyData = { library: createRequire(import.meta.url).resolve('better-sqlite3'), path, from }
      const worker = new Worker(source, { eval: true, workerData, name: 'audit' })
      running.add(worker)
      return new Promise<ChainReport>((resolve, reject) => {
        const fail = (cause: unknown) => reject(new AppError('SERVICE_UNAVAILABLE', 'The audit could not be read just now. Try again.', { cause }))
        worker.once('message', ({ report }: VerifyReply) => resolve(report))
        worker.once('error', fail)
        worker.once('exit', () => {
          running.delete(worker)
          fail(new Error('the thread has ended'))
        })
      })
    },
    close: async () => {
      state.isClosed = true
      await Promise.all([...running].map((worker) => worker.terminate()))
    },
  }
}
