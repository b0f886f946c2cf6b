import type { Work } from '#contract/work'
import type { Audit } from '../audit/audit-log'
import { AppError } from '../errors'
import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'

export interface WorkService {
  current(): Work
  /** Idempotent. Steps at work are finished; none starts until `resume`, over a restart too. */
  pause(traceId: string): Work
  /** AppError CONFLICT while locked down. */
  resume(traceId: string): Work
  /** Takes no new work and holds every step from now on; what runs is for `lockDown` to stop. Idempotent. */
  lock(traceId: string): Work
  lift(traceId: string): Work
  /** Aborted while locked down: what asks something of the network ends with it. */
  lockSignal(): AbortSignal
  readonly gate: Gate
}

/** Where every step waits while everything is paused. */
export interface Gate {
  isOpen(): boolean
  /** Throws AppError CONFLICT while locked down. */
  assertUnlocked(): void
  /** Resolves once it is open; rejects with the signal's reason. */
  pass(signal: AbortSignal, traceId: string): Promise<void>
}

const FLAG = 'work.paused_at'
const LOCK_FLAG = 'work.locked_at'

export function createWorkService({ store, events, clock, audit }: {
  readonly store: Pick<Store, 'flags' | 'runs' | 'tasks'>
  readonly events: EventStream
  readonly audit: Audit
  readonly clock: Clock
}): WorkService {
  const waiting = new Set<() => void>()
  let pausedAt = numberOf(store.flags.get(FLAG))
  let lockedAt = numberOf(store.flags.get(LOCK_FLAG))
  let unlocked = new AbortController()
  if (lockedAt !== null) unlocked.abort()

  const current = (): Work => ({ pausedAt, lockedAt, held: waiting.size, ...countWork(store) })
  const tell = (traceId: string, change: () => void = () => {}): Work => events.transact((emit) => {
    change()
    const work = current()
    emit({ topic: 'work.update', payload: { work } }, { sessionId: null, runId: null, traceId })
    return work
  })

  const assertUnlocked = () => {
    if (lockedAt !== null) throw new AppError('CONFLICT', 'Trestle is locked down: nothing runs until a person lifts it. Nothing was started.')
  }
  const open = (traceId: string): Work => {
    if (pausedAt === null) return current()
    const held = [...waiting]
    waiting.clear()
    const work = tell(traceId, () => {
      pausedAt = null
      store.flags.remove(FLAG)
    })
    for (const go of held) go()
    return work
  }

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
      assertUnlocked()
      return open(traceId)
    },
    lock: (traceId) => {
      if (lockedAt !== null) return current()
      unlocked.abort()
      return tell(traceId, () => {
        lockedAt = clock.now()
        audit.append({ kind: 'lock', severity: 'high', title: 'Locked down: everything stops' }, { sessionId: null, runId: null, traceId })
        pausedAt ??= lockedAt
        store.flags.put(LOCK_FLAG, String(lockedAt))
        store.flags.put(FLAG, String(pausedAt))
      })
    },
    lift: (traceId) => {
      if (lockedAt === null) return current()
      tell(traceId, () => {
        lockedAt = null
        audit.append({ kind: 'lock', severity: 'high', title: 'The lock-down was lifted' }, { sessionId: null, runId: null, traceId })
        store.flags.remove(LOCK_FLAG)
      })
      unlocked = new AbortController()
      return open(traceId)
    },
    lockSignal: () => unlocked.signal,
    gate: {
      assertUnlocked,
      isOpen: () => pausedAt === null,
      pass: async (signal, traceId) => {
        if (pausedAt === null) return
        await waitIn(waiting, signal, () => tell(traceId))
      },
    },
  }
}

function countWork({ runs, tasks }: Pick<Store, 'runs' | 'tasks'>): Pick<Work, 'running' | 'waiting' | 'queued' | 'ready'> {
  const count = (state: 'running' | 'waiting' | 'queued') => runs.listInStates([state]).length
  return { running: count('running'), waiting: count('waiting'), queued: count('queued'), ready: tasks.idsInState('ready').length }
}

/** Resolves when what it put into `waiting` is called. `onChange`: the number of those that wait is another. */
function waitIn(waiting: Set<() => void>, signal: AbortSignal, onChange: () => void): Promise<void> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const leave = () => {
      waiting.delete(go)
      onChange()
      reject(signal.reason)
    }
    const go = () => {
      signal.removeEventListener('abort', leave)
      resolve()
    }
    waiting.add(go)
    signal.addEventListener('abort', leave, { once: true })
    onChange()
  })
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text)
}
