/** A bound on how many turns work at the same time. First come, first served. */
export interface Slots {
  /** Resolves with the release once there is room; rejects with the signal's reason when it aborts first. */
  take(signal: AbortSignal): Promise<() => void>
}

export function createSlots(limit: () => number): Slots {
  let taken = 0
  const queue: { readonly grant: () => void }[] = []

  const next = () => {
    while (taken < limit()) {
      const waiter = queue.shift()
      if (!waiter) return
      taken += 1
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
      const onAbort = () => {
        queue.splice(queue.indexOf(waiter), 1)
        reject(signal.reason)
      }
      const waiter = {
        grant: () => {
          signal.removeEventListener('abort', onAbort)
          resolve(releaseOnce())
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      queue.push(waiter)
      next()
    }),
  }
}
