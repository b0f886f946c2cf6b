import { BrokenRules } from './stdio-transport'
import type { Fetch } from './options'

const MOST_MESSAGE_BYTES = 8 * 1024 * 1024
const MOST_LINES = 50_000
const WINDOW_MS = 10_000
const NEW_LINE = 10

/** Ends an answer with too long a line, or too many of them at once. Lines are what the parts of a stream of events are made of. */
export function boundedFetch(fetch: Fetch, now: () => number, onBroken: (why: string) => void): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init)
    if (response.body === null) return response
    let bytes = 0
    let lines = 0
    let since = now()
    const count = (chunk: Uint8Array): string | null => {
      if (now() - since > WINDOW_MS) [since, lines] = [now(), 0]
      for (const byte of chunk) {
        bytes += 1
        if (byte !== NEW_LINE) continue
        if (bytes > MOST_MESSAGE_BYTES) break
        lines += 1
        bytes = 0
      }
      if (bytes > MOST_MESSAGE_BYTES) return `it sent a message of more than ${MOST_MESSAGE_BYTES / 1024 / 1024} MB`
      return lines > MOST_LINES ? 'it sent too many messages at once' : null
    }
    const body = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        const why = count(chunk)
        if (why === null) return controller.enqueue(chunk)
        onBroken(why)
        controller.error(new BrokenRules(why))
      },
    }))
    return new Response(body, { status: response.status, headers: response.headers })
  }
}
