import type { IncomingMessage } from 'node:http'

/** The part of a web stream's reader that the SDKs use. */
export interface BodyReader {
  /** All that has arrived since the last read, or what comes next. Rejects when the answer was cut off. */
  read(): Promise<{ readonly done: false; readonly value: Uint8Array<ArrayBuffer> } | { readonly done: true; readonly value: undefined }>
  /** Nobody reads on. What is left is taken off the connection, so that it can be used again, if it comes soon. */
  cancel(): Promise<void>
  releaseLock(): void
}

/** What may wait to be read, in bytes. */
const MAX_WAITING = 1_000_000
/** What a server may take to end an answer whose last event has been read, in ms. */
const END_WITHIN_MS = 1000

export function createMessageReader(message: IncomingMessage): BodyReader {
  let waiting: Buffer<ArrayBuffer>[] = []
  let bytes = 0
  let end: { readonly error: Error | null } | null = null
  let wake: (() => void) | null = null
  const look = (): void => {
    wake?.()
    wake = null
  }
  const finish = (error: Error | null): void => {
    end ??= { error }
    look()
  }
  message.on('data', (chunk: Buffer<ArrayBuffer>) => {
    waiting.push(chunk)
    bytes += chunk.byteLength
    if (bytes > MAX_WAITING) message.pause()
    look()
  })
  message.once('end', () => finish(null))
  message.once('error', finish)
  message.once('close', () => finish(message.complete ? null : new Error('the answer was cut off')))

  return {
    async read() {
      while (waiting.length === 0) {
        if (end?.error) throw end.error
        if (end) return { done: true, value: undefined }
        await new Promise<void>((resolve) => { wake = resolve })
      }
      const [first] = waiting
      const value = waiting.length === 1 && first ? first : Buffer.concat(waiting, bytes)
      waiting = []
      bytes = 0
      if (message.isPaused()) message.resume()
      return { done: false, value }
    },
    async cancel() {
      if (end) return
      message.removeAllListeners('data')
      message.resume()
      const timer = setTimeout(() => message.destroy(), END_WITHIN_MS)
      message.once('close', () => clearTimeout(timer))
      finish(null)
    },
    releaseLock() {},
  }
}
