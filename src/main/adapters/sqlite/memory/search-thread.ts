import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { AppError } from '#core/errors'
import type { Method, Reply, Request, ThreadData } from './worker/protocol'

interface Call {
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

export interface SearchThread {
  ask<T>(method: Method, ...args: readonly unknown[]): Promise<T>
  /** Without an answer. A thread that is not there yet is told nothing, unless it is to start. */
  tell(method: Method, args: readonly unknown[], start?: boolean): void
  close(): Promise<void>
}

/** A thread with a connection of its own, which starts with the first call; when it ends by itself, the next call starts another. */
export function createSearchThread(name: string, data: Omit<ThreadData, 'library'>, onTaken: (seq: number) => void): SearchThread {
  const calls = new Map<number, Call>()
  let thread: Worker | null = null
  let starting: Promise<Worker> | null = null
  let count = 0
  let isClosed = false

  const fail = (error: unknown) => {
    thread = null
    starting = null
    for (const { reject } of calls.values()) reject(new AppError('SERVICE_UNAVAILABLE', 'The search of the memory stopped; nothing is lost. Try again.', { cause: error }))
    calls.clear()
  }
  const receive = (reply: Reply) => {
    if ('taken' in reply) return onTaken(reply.taken)
    const call = calls.get(reply.id)
    calls.delete(reply.id)
    if (calls.size === 0) thread?.unref()
    if ('error' in reply) call?.reject(toAppError(reply.error))
    else call?.resolve(reply.result as never)
  }
  const start = async (): Promise<Worker> => {
    // Read when it is needed, which is not at the start.
    const { source } = await import('./worker/main?thread')
    if (isClosed) throw new AppError('SHUTTING_DOWN', 'Trestle is stopping.')
    const workerData: ThreadData = { library: createRequire(import.meta.url).resolve('better-sqlite3'), ...data }
    const worker = new Worker(source, { eval: true, workerData, env: {}, name })
    worker.unref()
    worker.on('message', receive)
    worker.on('error', fail)
    worker.on('exit', () => {
      if (thread === worker) fail(new Error('the thread has ended'))
    })
    thread = worker
    return worker
  }
  const whenStarted = (send: (worker: Worker) => void) => {
    if (thread) send(thread)
    else (starting ??= start()).then(send, fail)
  }

  return {
    ask: (method, ...args) => new Promise((resolve, reject) => {
      if (isClosed) {
        reject(new AppError('SHUTTING_DOWN', 'Trestle is stopping.'))
        return
      }
      const id = (count += 1)
      calls.set(id, { resolve, reject })
      whenStarted((worker) => {
        if (!calls.has(id)) return
        // A call that is on its way keeps the process alive, an idle thread does not.
        worker.ref()
        worker.postMessage({ id, method, args } satisfies Request)
      })
    }),
    tell: (method, args, isToStart = false) => {
      const request: Request = { id: 0, method, args }
      if (isClosed) return
      if (thread) thread.postMessage(request)
      else if (isToStart) whenStarted((worker) => { worker.postMessage(request) })
    },
    close: async () => {
      isClosed = true
      const worker = thread
      thread = null
      for (const { reject } of calls.values()) reject(new AppError('SHUTTING_DOWN', 'Trestle is stopping.'))
      calls.clear()
      await worker?.terminate()
    },
  }
}

function toAppError({ code, message }: { readonly code: string | null; readonly message: string }): unknown {
  if (code === 'INVALID_PARAMETERS') return new AppError(code, message)
  if (code !== null && /^SQLITE_/.test(code)) return new AppError('SERVICE_UNAVAILABLE', 'The memory could not be searched just now; nothing is lost. Try again.', { cause: new Error(`${code}: ${message}`) })
  return new Error(message)
}
