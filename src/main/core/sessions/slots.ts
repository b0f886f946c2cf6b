import type { Clock } from '../ports/system'

/** A bound on how many turns work at the same time. First come, first served. */
export interface Slots {
  /** Resolves with the release once there is room; rejects with the signal's reason when it aborts first. */
  take(signal: AbortSignal): Promise<() => void>
}

/** So long nobody waits without a person being told. */
const LONG_WAIT_MS = 30 * 60_000

export interface LongWaits {
  readonly clock: Pick<Clock, 'after'>
  /** One has waited for half an hour; told once, and again only after something got through. It goes on waiting. */
  readonly onLongWait: (waiting: number) => void
}

export function createSlots(limit: () => number, longWaits?: LongWaits): Slots {
  let isTold = false
  let taken = 0
  const queue: { readonly grant: () => void }[] = []

  const next = () => {
    while (taken < limit()) {
      const waiter = queue.shift()
      if (!waiter) return
      taken += 1
      isTold = false
      waiter.grant()
    }
  }
  const releaseOnce = () => {
    let released = false
    return () => {
      if (released) return
      released = true
      taken -= 1
      next()
    }
  }

  return {
    take: (signal) => new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      let stopTimer = () => {}
      const onAbort = () => {
        stopTimer()
        queue.splice(queue.indexOf(waiter), 1)
        reject(signal.reason)
      }
      const waiter = {
        grant: () => {
          stopTimer()
          signal.removeEventListener('abort', onAbort)
          resolve(releaseOnce())
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      queue.push(waiter)
      next()
      if (!longWaits || !queue.includes(waiter)) return
      stopTimer = longWaits.clock.after(LONG_WAIT_MS, () => {
        if (!isTold) longWaits.onLongWait(queue.length)
        isTold = true
      })
    }),
  }
}
