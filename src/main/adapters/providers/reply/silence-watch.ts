export interface SilenceWatch {
  start(): void
  /** The server has begun to answer. */
  answered(): void
  /** It sent something. */
  heard(): void
  hasAnswered(): boolean
  stop(): void
}

/** Calls back once, with the time that was allowed, when a server is silent for too long. One timer, whatever arrives. */
export function createSilenceWatch(limits: { readonly answerMs: number; readonly idleMs: number }, onSilence: (allowedMs: number) => void): SilenceWatch {
  let timer: NodeJS.Timeout | undefined
  let answered = false
  let lastSign = 0

  function check() {
    const allowed = answered ? limits.idleMs : limits.answerMs
    const left = lastSign + allowed - performance.now()
    if (left <= 0) onSilence(allowed)
    else timer = setTimeout(check, left)
  }

  return {
    start() {
      lastSign = performance.now()
      check()
    },
    answered() {
      answered = true
      lastSign = performance.now()
      if (timer === undefined) return
      // The time allowed now may be shorter than what the timer waits for.
      clearTimeout(timer)
      check()
    },
    heard() {
      lastSign = performance.now()
    },
    hasAnswered: () => answered,
    stop() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
