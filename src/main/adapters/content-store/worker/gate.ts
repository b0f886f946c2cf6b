import { Interrupted, type Pace } from './garbage'

/** Many may store at the same time; who decides what is not needed must be alone, and gives way to who waits. */
export function createGate() {
  let inside = 0
  let waiting = 0
  let alone: Promise<void> | null = null
  let left: (() => void) | null = null

  const enter = async <T>(work: () => Promise<T>): Promise<T> => {
    waiting += 1
    while (alone) await alone
    waiting -= 1
    inside += 1
    try {
      return await work()
    } finally {
      inside -= 1
      if (inside === 0) left?.()
    }
  }
  const once = async (work: (pace: Pace) => Promise<void>, mayInterrupt: boolean): Promise<void> => {
    let open: () => void = () => undefined
    while (alone) await alone
    alone = new Promise((resolve) => { open = resolve })
    try {
      if (inside > 0) await new Promise<void>((resolve) => { left = resolve })
      await work({
        step: async () => {
          await new Promise((resolve) => { setImmediate(resolve) })
          if (mayInterrupt && waiting > 0) throw new Interrupted()
        },
      })
    } finally {
      left = null
      alone = null
      open()
    }
  }
  return {
    enter,
    alone: async (interruptions: number, work: (pace: Pace) => Promise<void>): Promise<void> => {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await once(work, attempt < interruptions)
        } catch (error) {
          if (!(error instanceof Interrupted)) throw error
          await new Promise((resolve) => { setTimeout(resolve, 20) })
        }
      }
    },
  }
}
