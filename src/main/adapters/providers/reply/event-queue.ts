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
  /** All the text of deltas so far. */
  text(): string
  /** Null while there is room; else, since nobody takes the events, resolves when there is some again, or at the end. */
  room(): Promise<void> | null
}

const maxWaitingEvents = 1000
const maxMerged = 200

export function createEventQueue(): EventQueue {
  const ready: ModelEvent[] = []
  const takers: ((result: IteratorResult<ModelEvent>) => void)[] = []
  const pending = createPendingDelta()
  let merged = 0
  let ended = false
  let waking = false
  let onRoom: (() => void) | null = null

  function queuePending() {
    const event = pending.take()
    if (event !== null) ready.push(event)
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
    delta(kind, part) {
      if (ended || part === '') return
      if (pending.kind() !== kind) queuePending()
      const parts = pending.add(kind, part)
      if (takers.length === 0) {
        if (parts >= maxMerged) queuePending()
        return
      }
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
    text: pending.text,
    room: () => (ended || ready.length < maxWaitingEvents ? null : new Promise((resolve) => (onRoom = resolve))),
  }
}

/** The delta that still grows. Its parts are joined when it is taken: a string grown token by token keeps every token alive. */
function createPendingDelta() {
  let kind: 'text' | 'thinking' = 'text'
  let parts: string[] = []
  let text = ''

  return {
    kind: () => kind,
    add(newKind: 'text' | 'thinking', part: string): number {
      kind = newKind
      return parts.push(part)
    },
    take(): ModelEvent | null {
      if (parts.length === 0) return null
      const delta = parts.join('')
      parts = []
      if (kind === 'text') text += delta
      return { type: kind, delta }
    },
    text: () => (kind === 'text' ? text + parts.join('') : text),
  }
}
