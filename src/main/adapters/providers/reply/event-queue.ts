import type { ModelEvent } from '#core/ports/model-provider'

/**
 * Between a reader that never waits and whoever takes the events. Neighbouring deltas of a kind become one, and wake a
 * waiting taker once per turn of the event loop or per `maxMerged` deltas: a burst costs few events, a lone token does
 * not wait.
 */
export interface EventQueue {
  delta(kind: 'text' | 'thinking', text: string): void
  push(event: ModelEvent): void
  /** Adds the last event. What comes later is left out. */
  end(event: ModelEvent): void
  next(): Promise<IteratorResult<ModelEvent>>
  /** Null while there is room; else, since nobody takes the events, resolves when there is some again, or at the end. */
  room(): Promise<void> | null
}

const maxWaitingEvents = 1000
const maxMerged = 50

export function createEventQueue(): EventQueue {
  const ready: ModelEvent[] = []
  const takers: ((result: IteratorResult<ModelEvent>) => void)[] = []
  let pendingKind: 'text' | 'thinking' = 'text'
  let pending = ''
  let merged = 0
  let ended = false
  let waking = false
  let onRoom: (() => void) | null = null

  function queuePending() {
    if (pending === '') return
    ready.push({ type: pendingKind, delta: pending })
    pending = ''
  }

  function take(): ModelEvent | null {
    if (ready.length === 0) queuePending()
    const event = ready.shift() ?? null
    if (onRoom !== null && (ended || ready.length < maxWaitingEvents)) {
      onRoom()
      onRoom = null
    }
    return event
  }

  function wake() {
    merged = 0
    while (takers.length > 0) {
      const event = take()
      if (event === null && !ended) return
      takers.shift()?.(event === null ? { done: true, value: undefined } : { done: false, value: event })
    }
  }

  function wakeLater() {
    waking = false
    wake()
  }

  function push(event: ModelEvent) {
    if (ended) return
    queuePending()
    ready.push(event)
    wake()
  }

  return {
    push,
    delta(kind, text) {
      if (ended) return
      if (pendingKind !== kind) {
        queuePending()
        pendingKind = kind
      }
      pending += text
      if (takers.length === 0) return
      merged += 1
      if (merged >= maxMerged) return wake()
      if (waking) return
      waking = true
      setImmediate(wakeLater)
    },
    end(event) {
      push(event)
      ended = true
      onRoom?.()
      wake()
    },
    next() {
      const event = take()
      if (event !== null) return Promise.resolve({ done: false, value: event })
      if (ended) return Promise.resolve({ done: true, value: undefined })
      return new Promise((resolve) => takers.push(resolve))
    },
    room: () => (ended || ready.length < maxWaitingEvents ? null : new Promise((resolve) => (onRoom = resolve))),
  }
}
