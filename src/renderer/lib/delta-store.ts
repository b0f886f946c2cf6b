export type DeltaChannel = 'text' | 'thinking' | 'output'

export interface Delta {
  readonly stepId: string
  readonly channel: DeltaChannel
  /** UTF-16 units of this stream that came before. */
  readonly offset: number
  readonly delta: string
}

/** Text that is still being written. `dropped` units at its start were let go to stay inside the bound. */
export interface LiveText {
  readonly text: string
  readonly dropped: number
}

export interface DeltaStore {
  apply(delta: Delta): void
  get(stepId: string, channel: DeltaChannel): LiveText
  /** Called at most once per flush for each changed stream; returns the disposer. */
  subscribe(stepId: string, channel: DeltaChannel, listener: () => void): () => void
  /** Lets go of all streams of a step. */
  remove(stepId: string): void
  clear(): void
}

export interface DeltaStoreOptions {
  /** Calls back once, on the next animation frame in the window. */
  readonly schedule: (flush: () => void) => void
  /** Longest text that is kept of one stream; the newest part stays. */
  readonly maxChars?: number
  /** Most streams that are kept; the one that was not written to for longest goes first. */
  readonly maxStreams?: number
}

const nothing: LiveText = { text: '', dropped: 0 }

/** Keep the first `offset` units, then append. A delta that starts beyond the end has lost its front and is ignored. */
export function applyDelta(live: LiveText, offset: number, delta: string, maxChars: number): LiveText {
  const keep = offset - live.dropped
  if (keep > live.text.length) return live
  const text = keep <= 0 ? delta : keep === live.text.length ? live.text + delta : live.text.slice(0, keep) + delta
  const dropped = keep < 0 ? offset : live.dropped
  // Cutting at a quarter above the bound makes the cost of cutting small per character.
  if (text.length <= maxChars * 1.25) return { text, dropped }
  const cut = text.length - maxChars
  return { text: text.slice(cut), dropped: dropped + cut }
}

export function createDeltaStore({ schedule, maxChars = 400_000, maxStreams = 200 }: DeltaStoreOptions): DeltaStore {
  const written = new Map<string, LiveText>()
  const shown = new Map<string, LiveText>()
  const changed = new Set<string>()
  const listeners = new Map<string, Set<() => void>>()
  let scheduled = false

  const keyOf = (stepId: string, channel: DeltaChannel): string => `${stepId} ${channel}`

  function flush(): void {
    scheduled = false
    const keys = [...changed]
    changed.clear()
    for (const key of keys) {
      const live = written.get(key)
      if (live === undefined) shown.delete(key)
      else shown.set(key, live)
    }
    for (const key of keys) for (const listener of [...(listeners.get(key) ?? [])]) listener()
  }

  function touch(key: string): void {
    changed.add(key)
    if (scheduled) return
    scheduled = true
    schedule(flush)
  }

  function drop(key: string): void {
    if (written.delete(key)) touch(key)
  }

  return {
    apply: ({ stepId, channel, offset, delta }) => {
      const key = keyOf(stepId, channel)
      const next = applyDelta(written.get(key) ?? nothing, offset, delta, maxChars)
      written.delete(key)
      written.set(key, next)
      if (written.size > maxStreams) for (const oldest of [...written.keys()].slice(0, written.size - maxStreams)) drop(oldest)
      touch(key)
    },
    get: (stepId, channel) => shown.get(keyOf(stepId, channel)) ?? nothing,
    subscribe: (stepId, channel, listener) => {
      const key = keyOf(stepId, channel)
      const set = listeners.get(key) ?? new Set()
      listeners.set(key, set.add(listener))
      return () => {
        set.delete(listener)
        if (set.size === 0 && listeners.get(key) === set) listeners.delete(key)
      }
    },
    remove: (stepId) => {
      drop(keyOf(stepId, 'text'))
      drop(keyOf(stepId, 'thinking'))
      drop(keyOf(stepId, 'output'))
    },
    clear: () => {
      for (const key of [...written.keys()]) drop(key)
    },
  }
}
