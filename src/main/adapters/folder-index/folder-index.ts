import { Worker } from 'node:worker_threads'
import type { FolderChange } from '#contract/files'
import { AppError } from '#core/errors'
import type { FolderIndex } from '#core/ports/folder-index'
import { source as threadSource } from './worker/main?thread'
import type { Reply, Request } from './worker/protocol'

const RESTART_MS = 1_000

interface Call {
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

type Question = Request extends infer One ? (One extends { readonly id: number } ? Omit<One, 'id'> : never) : never

/** In a thread of its own that starts with the first call; when it ends by itself, the next call starts another. */
export function createFolderIndex(): FolderIndex {
  const calls = new Map<number, Call>()
  const listeners = new Map<string, Set<(change: FolderChange) => void>>()
  let thread: Worker | null = null
  let count = 0

  const fail = (error: unknown) => {
    thread = null
    for (const { reject } of calls.values()) reject(new AppError('SERVICE_UNAVAILABLE', 'The list of files stopped; try again.', { cause: error }))
    calls.clear()
    if (listeners.size > 0) setTimeout(() => { resume() }, RESTART_MS).unref()
  }
  /** What happened meanwhile is not known. */
  const resume = () => {
    for (const [root, waiting] of listeners) {
      void ask({ kind: 'watch', root }).catch(() => undefined)
      for (const listener of waiting) listener({ reset: true, folders: [], files: [], git: true, listed: false, available: true, trouble: null })
    }
  }
  const receive = (reply: Reply) => {
    if ('root' in reply) {
      for (const listener of listeners.get(reply.root) ?? []) listener(reply.change)
      return
    }
    const call = calls.get(reply.id)
    calls.delete(reply.id)
    if ('error' in reply) call?.reject(toAppError(reply.error))
    else call?.resolve(reply.result as never)
  }
  const start = (): Worker => {
    const worker = new Worker(threadSource, { eval: true, env: {}, name: 'folder-index' })
    worker.unref()
    worker.on('message', receive)
    worker.on('error', fail)
    worker.on('exit', () => {
      if (thread === worker) fail(new Error('the thread has ended'))
    })
    return worker
  }
  const ask = <T>(question: Question): Promise<T> => new Promise((resolve, reject) => {
    thread ??= start()
    const id = (count += 1)
    calls.set(id, { resolve, reject })
    thread.postMessage({ ...question, id })
  })

  return {
    list: (root, path) => ask({ kind: 'list', root, path }),
    find: (root, query) => ask({ kind: 'find', root, ...query }),
    watch: (root, onChange) => {
      const known = listeners.get(root) ?? new Set()
      known.add(onChange)
      listeners.set(root, known)
      void ask({ kind: 'watch', root }).catch(() => undefined)
      return () => {
        known.delete(onChange)
        if (known.size > 0 || listeners.get(root) !== known) return
        listeners.delete(root)
        void ask({ kind: 'unwatch', root }).catch(() => undefined)
      }
    },
    close: async () => {
      listeners.clear()
      const worker = thread
      thread = null
      for (const { reject } of calls.values()) reject(new AppError('SHUTTING_DOWN', 'Trestle is stopping.'))
      calls.clear()
      await worker?.terminate()
    },
  }
}

function toAppError({ code, message }: { readonly code: string | null; readonly message: string }): unknown {
  const cause = new Error(message)
  if (code === 'NO_FOLDER') return new AppError('RESOURCE_NOT_FOUND', 'There is no such folder (any more).', { cause })
  if (code === null) return cause
  return new AppError('WORKSPACE_UNAVAILABLE', 'The workspace folder is gone or cannot be read. Its sessions are kept; put the folder back or open another one', { cause })
}
