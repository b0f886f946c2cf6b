import type { Work } from '#contract/work'
import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'

export interface WorkService {
  current(): Work
  /** Idempotent. Steps at work are finished; none starts until `resume`, over a restart too. */
  pause(traceId: string): Work
  resume(traceId: string): Work
  readonly gate: Gate
}

/** Where every step waits while everything is paused. */
export interface Gate {
  isOpen(): boolean
  /** Resolves once it is open; rejects with the signal's reason. */
  pass(signal: AbortSignal, traceId: string): Promise<void>
}

const FLAG = 'work.paused_at'

export function createWorkService({ store, events, clock }: {
  readonly store: Pick<Store, 'flags' | 'runs' | 'tasks'>
  readonly events: EventStream
  readonly clock: Clock
}): WorkService {
  const waiting = new Set<() => void>()
  let pausedAt = numberOf(store.flags.get(FLAG))

  const current = (): Work => {
    const count = (state: 'running' | 'waiting' | 'queued') => store.runs.listInStates([state]).length
    return { pausedAt, running: count('running'), waiting: count('waiting'), queued: count('queued'), held: waiting.size, ready: store.tasks.idsInState('ready').length }
  }
  const tell = (traceId: string, change: () => void = () => {}): Work => events.transact((emit) => {
    change()
    const work = current()
    emit({ topic: 'work.update', payload: { work } }, { sessionId: null, runId: null, traceId })
    return work
  })

  return {
    current,
    pause: (traceId) => {
      if (pausedAt !== null) return current()
      return tell(traceId, () => {
        pausedAt = clock.now()
        store.flags.put(FLAG, String(pausedAt))
      })
    },
    resume: (traceId) => {
      if (pausedAt === null) return current()
      const held = [...waiting]
      waiting.clear()
      const work = tell(traceId, () => {
        pausedAt = null
        store.flags.remove(FLAG)
      })
      for (const go of held) go()
      return work
    },
    gate: {
      isOpen: () => pausedAt === null,
      pass: async (signal, traceId) => {
        if (pausedAt === null) return
        signal.throwIfAborted()
        await new Promise<void>((resolve, reject) => {
          const leave = () => {
            waiting.delete(go)
            tell(traceId)
            reject(signal.reason)
          }
          const go = () => {
            signal.removeEventListener('abort', leave)
            resolve()
          }
          waiting.add(go)
          signal.addEventListener('abort', leave, { once: true })
          tell(traceId)
        })
      },
    },
  }
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text)
}
