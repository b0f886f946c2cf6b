import type { EventEnvelope } from '#contract/events'
import { assertNever } from '../errors'
import type { Clock } from '../ports/system'
import type { EventSource } from './event-source'

/** How long text may be held back to be joined with what follows, in ms. It is on its way to a window within 8 ms, and timers are late. */
const FRAME_MS = 4
/** From then on what it will have to wait for is made ready. */
const HALF_FRAME_MS = 2

export type LiveTextKind =
  | { readonly topic: 'agent.token'; readonly stepId: string; readonly kind: 'text' | 'thinking' }
  | { readonly topic: 'tool.output'; readonly stepId: string; readonly callId: string }

export interface LiveText {
  append(delta: string): void
  readonly text: () => string
  /** Publishes what is left. */
  close(): void
}

interface LiveTexts {
  open(kind: LiveTextKind, source: EventSource): LiveText
  /** The whole of every open text, for a subscriber that joins late. */
  snapshot(): EventEnvelope[]
  /** Publishes what is held back. */
  flush(): void
}

export function createLiveTexts({ clock, nextSeq, publish, prepare }: {
  readonly clock: Clock
  readonly nextSeq: () => number
  /** `more`: the text goes on, and somebody may be watching it. */
  readonly publish: (event: EventEnvelope, more: boolean) => void
  /** Something is to be published in a moment. */
  readonly prepare: () => void
}): LiveTexts {
  const open = new Set<{ whole: () => EventEnvelope; flush: () => void }>()

  const openText = (kind: LiveTextKind, source: EventSource): LiveText => {
    let published = ''
    let held = ''
    let heldSince = 0
    let cancelTimer: (() => void) | null = null
    const event = (offset: number, delta: string) => deltaEvent(kind, source, { seq: nextSeq(), at: clock.now() }, offset, delta)
    const flush = (more = true) => {
      cancelTimer?.()
      cancelTimer = null
      if (held === '') return
      const delta = held
      const offset = published.length
      published += delta
      held = ''
      publish(event(offset, delta), more)
    }
    const live = { whole: () => event(0, published), flush }
    open.add(live)
    return {
      append: (delta) => {
        if (delta === '') return
        const now = clock.elapsed()
        if (held === '') heldSince = now
        held += delta
        // A reply that arrives without a pause keeps timers from firing in time.
        if (now - heldSince >= FRAME_MS) return flush()
        if (now - heldSince >= HALF_FRAME_MS) prepare()
        cancelTimer ??= clock.after(FRAME_MS, () => flush())
      },
      text: () => published + held,
      close: () => {
        flush(false)
        open.delete(live)
      },
    }
  }

  const flush = () => {
    for (const live of open) live.flush()
  }
  return {
    open: openText,
    snapshot: () => {
      flush()
      return [...open].map((live) => live.whole())
    },
    flush,
  }
}

function deltaEvent(kind: LiveTextKind, source: EventSource, when: { seq: number; at: number }, offset: number, delta: string): EventEnvelope {
  const base = { ...when, sessionId: source.sessionId, runId: source.runId, traceId: source.traceId }
  switch (kind.topic) {
    case 'agent.token':
      return { ...base, topic: kind.topic, payload: { stepId: kind.stepId, kind: kind.kind, offset, delta } }
    case 'tool.output':
      return { ...base, topic: kind.topic, payload: { stepId: kind.stepId, callId: kind.callId, offset, delta } }
    default:
      return assertNever(kind)
  }
}
