import type { TerminalMessage } from '#contract/terminals'
import { createScrollback } from './scrollback'

/** What is kept for a window that comes back, in characters. */
const KEPT = 500_000
const MOST_PER_MESSAGE = 64_000
/** So much may be on its way to the readers before the program has to wait, and so much before it may go on. */
export const PAUSE_ABOVE = 400_000
export const RESUME_BELOW = 100_000

interface Reader {
  sent: number
  seen: number
  wake: (() => void) | null
}

/** The output of one terminal for any number of readers. A flood waits for the fastest of them; with none it runs on. */
export function createTerminalOutput({ pause, resume }: { readonly pause: () => void; readonly resume: () => void }) {
  const scrollback = createScrollback(KEPT)
  const readers = new Set<Reader>()
  let paused = false
  let ended: { readonly exitCode: number | null } | null = null

  const adjust = () => {
    const behind = readers.size === 0 ? 0 : Math.min(...[...readers].map(({ seen }) => scrollback.end() - seen))
    if (!paused && behind > PAUSE_ABOVE) {
      paused = true
      pause()
    } else if (paused && behind < RESUME_BELOW) {
      paused = false
      resume()
    }
  }
  const wakeAll = () => {
    for (const reader of readers) {
      reader.wake?.()
      reader.wake = null
    }
  }
  return {
    push: (data: string) => {
      scrollback.push(data)
      wakeAll()
      adjust()
    },
    end: (exitCode: number | null) => {
      ended = { exitCode }
      wakeAll()
    },
    /** Of the reader that shows most. */
    seen: (offset: number) => {
      for (const reader of readers) reader.seen = Math.max(reader.seen, Math.min(offset, reader.sent))
      adjust()
    },
    read: async function* (signal: AbortSignal): AsyncGenerator<TerminalMessage, void, void> {
      const reader: Reader = { sent: scrollback.start(), seen: scrollback.end(), wake: null }
      const wake = () => { reader.wake?.() }
      readers.add(reader)
      signal.addEventListener('abort', wake, { once: true })
      try {
        yield { kind: 'reset', offset: reader.sent, replayUntil: scrollback.end() }
        while (!signal.aborted) {
          const data = scrollback.read(reader.sent, MOST_PER_MESSAGE)
          if (data === null) {
            reader.sent = scrollback.start()
            yield { kind: 'reset', offset: reader.sent, replayUntil: reader.sent }
          } else if (data !== '') {
            const offset = reader.sent
            reader.sent += data.length
            yield { kind: 'output', offset, data }
          } else if (ended) {
            yield { kind: 'ended', ...ended }
            return
          } else await new Promise<void>((resolve) => { reader.wake = resolve })
        }
      } finally {
        readers.delete(reader)
        signal.removeEventListener('abort', wake)
        adjust()
      }
    },
  }
}
export type TerminalOutput = ReturnType<typeof createTerminalOutput>
