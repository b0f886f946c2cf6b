import { AnswerSchema, type ColouredLines } from './protocol'

export interface Highlighter {
  /** The coloured code if it is known; else null, and `onReady` is called once when it is. */
  get(code: string, language: string): ColouredLines | null
  /** Returns the disposer: nobody waits for it any more. */
  request(code: string, language: string, onReady: () => void): () => void
}

export interface WorkerLike {
  postMessage(message: unknown): void
  terminate(): void
  addEventListener(type: 'message' | 'error', listener: (event: { readonly data?: unknown }) => void): void
}

interface Job {
  readonly id: number
  readonly key: string
  readonly code: string
  readonly language: string
  readonly listeners: Set<() => void>
}

const idleMs = 60_000
const timeoutMs = 4_000
const maxKnownChars = 4_000_000
const maxWaiting = 300

/** One thread that colours code, one piece at a time, the newest wish first: that is what is in sight. */
export function createHighlighter(start: () => WorkerLike, after: (ms: number, callback: () => void) => () => void): Highlighter {
  const known = new Map<string, ColouredLines | null>()
  const waiting = new Map<string, Job>()
  const state: { worker: WorkerLike | null; current: Job | null; size: number; count: number; cancel: () => void } = { worker: null, current: null, size: 0, count: 0, cancel: () => {} }

  const stop = (): void => {
    state.worker?.terminate()
    state.worker = null
  }
  const finish = (lines: ColouredLines | null): void => {
    const job = state.current
    state.current = null
    state.cancel()
    if (job !== null) {
      remember(job.key, lines)
      for (const listener of job.listeners) listener()
    }
    next()
  }
  const remember = (key: string, lines: ColouredLines | null): void => {
    known.set(key, lines)
    state.size += key.length
    for (const oldest of known.keys()) {
      if (state.size <= maxKnownChars) break
      known.delete(oldest)
      state.size -= oldest.length
    }
  }
  const open = (): WorkerLike => {
    const worker = start()
    worker.addEventListener('message', ({ data }) => {
      const answer = AnswerSchema.safeParse(data)
      if (worker === state.worker && answer.success && answer.data.id === state.current?.id) finish(answer.data.lines)
    })
    worker.addEventListener('error', () => {
      if (worker !== state.worker) return
      stop()
      finish(null)
    })
    return worker
  }
  const next = (): void => {
    const job = [...waiting.values()].at(-1)
    if (job === undefined) {
      state.cancel = after(idleMs, stop)
      return
    }
    waiting.delete(job.key)
    if (job.listeners.size === 0) return next()
    state.current = job
    state.worker ??= open()
    // What takes this long is left in one colour, and its thread is ended.
    state.cancel = after(timeoutMs, () => {
      stop()
      finish(null)
    })
    state.worker.postMessage({ id: job.id, code: job.code, language: job.language })
  }

  return {
    get: (code, language) => known.get(keyOf(code, language)) ?? null,
    request: (code, language, onReady) => {
      const key = keyOf(code, language)
      if (known.has(key)) return () => {}
      const job = state.current?.key === key ? state.current : waiting.get(key) ?? { id: (state.count += 1), key, code, language, listeners: new Set() }
      job.listeners.add(onReady)
      if (state.current !== job) {
        waiting.delete(key)
        waiting.set(key, job)
        for (const oldest of [...waiting.keys()].slice(0, Math.max(0, waiting.size - maxWaiting))) waiting.delete(oldest)
      }
      if (state.current === null) {
        state.cancel()
        next()
      }
      return () => void job.listeners.delete(onReady)
    },
  }
}

function keyOf(code: string, language: string): string {
  return `${language}\n${code}`
}
