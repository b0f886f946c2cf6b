import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import { AppError } from '#core/errors'
import type { MemorySearch } from '#core/ports/memory-search'
import { createMemoryReader } from './reader'
import type { Method, Reply, Request, ThreadData } from './worker/protocol'

interface Call {
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

/**
 * In a thread of its own with a connection of its own, which starts with the first call; when it ends by itself, the next call starts
 * another, which reads the vectors anew. A database in memory has one connection: it is searched where it is.
 */
export function createMemorySearch(db: Database): MemorySearch {
  return db.memory ? createSearchInPlace(db) : createSearchThread(db.name)
}

function createSearchInPlace(db: Database): MemorySearch {
  const reader = createMemoryReader(db, () => new Promise((resolve) => { setImmediate(resolve) }))
  const soon = async <T>(work: () => T | Promise<T>): Promise<T> => work()
  return {
    words: (text, query) => soon(() => reader.words(text, query)),
    nearest: (vector, query) => soon(() => reader.nearest(vector, query)),
    list: (query) => soon(() => reader.list(query)),
    past: (query) => soon(() => reader.past(query)),
    moments: (limit) => soon(() => reader.moments(limit)),
    counts: (now) => soon(() => reader.counts(now)),
    vectorCounts: (model, sensitive) => soon(() => reader.vectorCounts(model, sensitive)),
    beyond: (query) => soon(() => reader.beyond(query)),
    unused: (query) => soon(() => reader.unused(query)),
    graph: (query) => soon(() => reader.graph(query)),
    graphTypes: (conditions) => soon(() => reader.graphTypes(conditions)),
    changed: (positions) => { reader.changed(positions) },
    close: () => Promise.resolve(),
  }
}

function createSearchThread(path: string): MemorySearch {
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
    const workerData: ThreadData = { library: createRequire(import.meta.url).resolve('better-sqlite3'), path }
    const worker = new Worker(source, { eval: true, workerData, env: {}, name: 'memory-search' })
    worker.unref()
    worker.on('message', receive)
    worker.on('error', fail)
    worker.on('exit', () => {
      if (thread === worker) fail(new Error('the thread has ended'))
    })
    thread = worker
    return worker
  }
  const ask = <T>(method: Method, ...args: readonly unknown[]): Promise<T> => new Promise((resolve, reject) => {
    if (isClosed) {
      reject(new AppError('SHUTTING_DOWN', 'Trestle is stopping.'))
      return
    }
    const id = (count += 1)
    calls.set(id, { resolve, reject })
    const send = (worker: Worker) => {
      if (!calls.has(id)) return
      // A call that is on its way keeps the process alive, an idle thread does not.
      worker.ref()
      worker.postMessage({ id, method, args } satisfies Request)
    }
    if (thread) send(thread)
    else (starting ??= start()).then(send, fail)
  })

  return {
    words: (text, query) => ask('words', text, query),
    nearest: (vector, query) => ask('nearest', vector, query),
    list: (query) => ask('list', query),
    past: (query) => ask('past', query),
    moments: (limit) => ask('moments', limit),
    counts: (now) => ask('counts', now),
    vectorCounts: (model, sensitive) => ask('vectorCounts', model, sensitive),
    beyond: (query) => ask('beyond', query),
    unused: (query) => ask('unused', query),
    graph: (query) => ask('graph', query),
    graphTypes: (conditions) => ask('graphTypes', conditions),
    // A thread that is not there yet has nothing to be told.
    changed: (positions) => { thread?.postMessage({ id: 0, method: 'changed', args: [positions] } satisfies Request) },
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
