import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { type JSONRPCMessage, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js'
import type { Readable, Writable } from 'node:stream'

/** Of one message; the longest that a result may be is far below. */
const MOST_MESSAGE_BYTES = 8 * 1024 * 1024
const MOST_UNSENT_BYTES = 16 * 1024 * 1024
const MOST_JUNK = 200
const MOST_MESSAGES = 5000
const WINDOW_MS = 10_000

export interface Streams {
  readonly stdin: Writable
  readonly stdout: Readable
}

/** What ends a connection because its server does not keep to the rules. */
export class BrokenRules extends Error {}

/**
 * The protocol over the streams of a program: one message of JSON per line. Junk is skipped and told, but not without end; too long a message and a
 * flood of messages end the connection. `now`: monotonic.
 */
export function createStdioTransport({ stdin, stdout }: Streams, now: () => number, onJunk: (line: string) => void): Transport & { fail(why: string): void } {
  let parts: Buffer[] = []
  let size = 0
  let junk = 0
  let since = now()
  let messages = 0
  let closed = false

  const fail = (why: string) => {
    if (closed) return
    transport.onerror?.(new BrokenRules(why))
    void transport.close()
  }
  const countMessage = () => {
    if (now() - since > WINDOW_MS) [since, messages] = [now(), 0]
    messages += 1
    if (messages > MOST_MESSAGES) fail(`it sent more than ${MOST_MESSAGES} messages within ${WINDOW_MS / 1000} seconds`)
  }
  const takeLine = (line: string) => {
    if (line.trim() === '') return
    const message = parseMessage(line)
    if (message) {
      countMessage()
      if (!closed) transport.onmessage?.(message)
      return
    }
    junk += 1
    onJunk(line)
    if (junk > MOST_JUNK) fail('it writes things that are not the protocol to its output')
  }
  const onData = (chunk: Buffer) => {
    let rest = chunk
    for (let end = rest.indexOf(10); end !== -1 && !closed; end = rest.indexOf(10)) {
      parts.push(rest.subarray(0, end))
      rest = rest.subarray(end + 1)
      const line = Buffer.concat(parts).toString('utf8')
      parts = []
      size = 0
      takeLine(line)
    }
    if (closed) return
    parts.push(rest)
    size += rest.length
    if (size > MOST_MESSAGE_BYTES) fail(`it sent a message of more than ${MOST_MESSAGE_BYTES / 1024 / 1024} MB`)
  }

  const transport: Transport & { fail(why: string): void } = {
    fail,
    start: () => {
      stdout.on('data', onData)
      for (const stream of [stdin, stdout]) stream.on('error', () => undefined)
      return Promise.resolve()
    },
    send: (message) => {
      if (closed || !stdin.writable) return Promise.reject(new Error('the program has ended'))
      if (stdin.writableLength > MOST_UNSENT_BYTES) {
        fail('it does not read what it is sent')
        return Promise.reject(new Error('the program does not read'))
      }
      stdin.write(`${JSON.stringify(message)}\n`)
      return Promise.resolve()
    },
    close: () => {
      if (closed) return Promise.resolve()
      closed = true
      stdout.off('data', onData)
      stdout.resume()
      parts = []
      stdin.end()
      transport.onclose?.()
      return Promise.resolve()
    },
  }
  return transport
}

function parseMessage(line: string): JSONRPCMessage | null {
  try {
    const parsed = JSONRPCMessageSchema.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
