import type { Instruction } from '#contract/desktop'

const MOST_WAITING = 20

export interface Instructions {
  /** Kept until the window asks, as one that is still loading does. */
  send(windowId: string, instruction: Instruction): void
  follow(windowId: string, signal: AbortSignal): AsyncGenerator<Instruction, void, void>
  forget(windowId: string): void
}

/** From the desktop to its windows, one queue each. */
export function createInstructions(): Instructions {
  const queues = new Map<string, { readonly waiting: Instruction[]; wake: () => void }>()
  const queueOf = (windowId: string) => {
    const queue = queues.get(windowId) ?? { waiting: [], wake: () => {} }
    queues.set(windowId, queue)
    return queue
  }
  return {
    send: (windowId, instruction) => {
      const queue = queueOf(windowId)
      queue.waiting.push(instruction)
      if (queue.waiting.length > MOST_WAITING) queue.waiting.shift()
      queue.wake()
    },
    follow: async function* (windowId, signal) {
      const queue = queueOf(windowId)
      while (!signal.aborted) {
        const next = queue.waiting.shift()
        if (next) yield next
        else await sleepUntil(signal, (wake) => { queue.wake = wake })
      }
    },
    forget: (windowId) => void queues.delete(windowId),
  }
}

function sleepUntil(signal: AbortSignal, onWake: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
    onWake(resolve)
  })
}
