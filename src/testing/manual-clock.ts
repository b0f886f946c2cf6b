import type { Clock } from '#core/ports/system'

export interface ManualClock extends Clock {
  /** Moves time on; timers that come due fire in order of their due time, those they set in between included. */
  advance(ms: number): void
  /** Moves the wall clock only, as a person or a time server would; no timer fires. */
  setNow(now: number): void
  /** How many timers wait. */
  readonly pending: number
}

interface Timer {
  readonly due: number
  readonly order: number
  readonly callback: () => void
}

export function createManualClock(start = 1_700_000_000_000): ManualClock {
  const timers = new Set<Timer>()
  let now = start
  let elapsed = 0
  let order = 0

  const after = (ms: number, callback: () => void) => {
    const timer = { due: elapsed + Math.max(0, ms), order: order++, callback }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  const moveTo = (target: number) => {
    now += target - elapsed
    elapsed = target
  }

  return {
    now: () => now,
    elapsed: () => elapsed,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const onAbort = () => {
          cancel()
          reject(signal?.reason)
        }
        const cancel = after(ms, () => {
          signal?.removeEventListener('abort', onAbort)
          resolve()
        })
        signal?.addEventListener('abort', onAbort, { once: true })
      }),
    advance: (ms) => {
      const target = elapsed + ms
      for (;;) {
        const next = [...timers].filter((timer) => timer.due <= target).sort((a, b) => a.due - b.due || a.order - b.order)[0]
        if (!next) break
        timers.delete(next)
        moveTo(Math.max(elapsed, next.due))
        next.callback()
      }
      moveTo(target)
    },
    setNow: (value) => {
      now = value
    },
    get pending() {
      return timers.size
    },
  }
}
