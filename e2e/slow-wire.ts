import type { Page } from '@playwright/test'

/** What the host sends to the window, held back between `hold` and `release`. */
export interface SlowWire {
  hold(): void
  release(): void
  /** How many messages wait. */
  held(): number
}

/** Counts from the next load of the page. */
export async function slowWire(page: Page): Promise<SlowWire> {
  const waiting: (() => void)[] = []
  let isHeld = false
  await page.routeWebSocket(/\/ws$/, (socket) => {
    socket.connectToServer().onMessage((message) => (isHeld ? void waiting.push(() => socket.send(message)) : socket.send(message)))
  })
  return {
    hold: () => {
      isHeld = true
    },
    release: () => {
      isHeld = false
      for (const send of waiting.splice(0)) send()
    },
    held: () => waiting.length,
  }
}
