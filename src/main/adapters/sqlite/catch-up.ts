/** How long a commit may wait for others to share its way to the disk, in ms. Not noticed by a person. */
const SOON_MS = 4

export interface CatchUp {
  /** Within a moment. */
  soon(): void
  /** Now, or right after the round at work. */
  hurry(): void
  stop(): void
}

/** Says when the next round begins, never two at a time. `round` never rejects; it says whether another one is needed. */
export function createCatchUp(round: () => Promise<boolean>): CatchUp {
  let timer: NodeJS.Timeout | null = null
  let isAtWork = false
  let isUrgent = false
  let isStopped = false

  const clear = () => {
    if (timer) clearTimeout(timer)
    timer = null
  }
  const start = async () => {
    clear()
    isAtWork = true
    isUrgent = false
    const more = await round()
    isAtWork = false
    if (!more || isStopped) return
    if (isUrgent) void start()
    else soon()
  }
  const soon = () => {
    if (!isAtWork) timer ??= setTimeout(() => void start(), SOON_MS)
  }

  return {
    soon,
    hurry() {
      if (isAtWork) isUrgent = true
      else void start()
    },
    stop() {
      isStopped = true
      clear()
    },
  }
}
