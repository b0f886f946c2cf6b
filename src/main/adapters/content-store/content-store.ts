import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { AppError } from '#core/errors'
import type { Snapshots } from '#core/ports/snapshots'
import { source as threadSource } from './worker/main?thread'
import type { Method, Reply, Request, ThreadData } from './worker/protocol'

export interface ContentStoreOptions {
  /** In the profile; made when first needed. */
  readonly folder: string
  /** Called when the store was damaged beyond opening: it was put aside and begins anew. */
  readonly onQuarantined?: (path: string) => void
  readonly compressionLevel?: number
}

/** Hash of an empty folder's tree: `tree` and a NUL byte. */
const emptyTreeId = '4c91b08843fdda8593f1552b5a6f10075310e7773fed804c20e24813c963f26f'

interface Call {
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
  readonly onProgress: ((done: number, total: number) => void) | null
}

/**
 * The content store, in a thread of its own that starts with the first call. Everything that reads, hashes, compresses
 * or writes files of a workspace happens there.
 */
export function createContentStore(options: ContentStoreOptions): Snapshots {
  const calls = new Map<number, Call>()
  let thread: Worker | null = null
  let count = 0

  const fail = (error: unknown) => {
    thread = null
    for (const { reject } of calls.values()) reject(new AppError('SERVICE_UNAVAILABLE', 'The checkpoint store stopped in the middle of this. Nothing that was acknowledged is lost; try again.', { cause: error }))
    calls.clear()
  }
  const start = (): Worker => {
    const data: ThreadData = { library: createRequire(import.meta.url).resolve('better-sqlite3'), folder: options.folder, compressionLevel: options.compressionLevel ?? 1 }
    const worker = new Worker(threadSource, { eval: true, workerData: data, env: {}, name: 'content-store' })
    worker.unref()
    worker.on('message', (reply: Reply) => { receive(reply) })
    worker.on('error', (error) => { fail(error) })
    worker.on('exit', () => {
      if (thread === worker) fail(new Error('the thread has ended'))
    })
    return worker
  }
  const receive = (reply: Reply) => {
    if (reply.id === 0) {
      if ('result' in reply && typeof reply.result === 'string') options.onQuarantined?.(reply.result)
      return
    }
    const call = calls.get(reply.id)
    if (!call) return
    if ('progress' in reply) {
      call.onProgress?.(...reply.progress)
      return
    }
    calls.delete(reply.id)
    if (calls.size === 0) thread?.unref()
    if ('error' in reply) call.reject(toAppError(reply.error))
    else call.resolve(reply.result as never)
  }
  const ask = <T>(method: Method, args: readonly unknown[], onProgress: Call['onProgress'] = null): Promise<T> => new Promise((resolve, reject) => {
    thread ??= start()
    // A call that is on its way keeps the process alive, an idle thread does not.
    thread.ref()
    const id = (count += 1)
    calls.set(id, { resolve, reject, onProgress })
    thread.postMessage({ id, method, args } satisfies Request)
  })

  return {
    emptyTreeId,
    take: (root, limits) => ask('take', [root, limits]),
    protect: (root, paths) => ask('protect', [root, paths]),
    diff: (from, to, limit) => ask('diff', [from, to, limit]),
    stateAt: (treeId, path) => ask('stateAt', [treeId, path]),
    read: (hash, maxBytes) => ask('read', [hash, maxBytes]),
    store: (bytes) => ask('store', [bytes]),
    apply: (root, id, changes, onProgress) => ask('apply', [root, id, changes], onProgress),
    materialise: (treeId, folder) => ask('materialise', [treeId, folder]),
    discard: (folder) => ask('discard', [folder]),
    forget: (root) => ask('forget', [root]),
    findDamaged: (hashes) => ask('findDamaged', [hashes]),
    usage: (roots) => ask('usage', [roots]),
    prune: (keep, onProgress) => ask('prune', [keep], onProgress),
    compact: (onProgress) => ask('compact', [], onProgress),
    verify: (roots, onProgress) => ask('verify', [roots], onProgress),
    close: async () => {
      const worker = thread
      if (!worker) return
      await ask('close', [])
      thread = null
      await worker.terminate()
    },
  }
}

function toAppError({ code, message, hash }: { readonly code: string | null; readonly message: string; readonly hash?: string }): unknown {
  const cause = new Error(message)
  switch (code) {
    case 'CONTENT_DAMAGED':
      return new AppError('CONTENT_DAMAGED', 'A part of this checkpoint is damaged on disk. Everything else can still be restored.', { cause, data: { hash } })
    case 'CONTENT_NEWER':
      return new AppError('DATABASE_NEWER', 'The checkpoint store was written by a newer Trestle. Update Trestle to use it; nothing was touched.', { cause })
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ESTALE':
    case 'EACCES':
      return new AppError('WORKSPACE_UNAVAILABLE', 'The folder is gone or cannot be read. Its checkpoints are kept.', { cause })
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return new AppError('DISK_FULL', 'The disk is full: the checkpoint was not saved. Free some space and try again; nothing else was changed.', { cause })
    case null:
      return cause
    default:
      return new AppError('SERVICE_UNAVAILABLE', `The checkpoint store could not do this (${code}). Nothing was changed; try again.`, { cause })
  }
}
