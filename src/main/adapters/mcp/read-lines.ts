import type { Readable } from 'node:stream'
import type { McpListener } from '#core/ports/mcp-client'

const LONGEST = 2000
const MOST_LINES = 200
const WINDOW_MS = 1000

/** Passes on what a program says beside the protocol: lines of a bounded length, no more than a person could read; the rest is counted. */
export function readLines(stream: Readable, { onLine, onDropped }: Pick<McpListener, 'onLine' | 'onDropped'>, now: () => number): void {
  const decoder = new TextDecoder()
  let rest = ''
  let since = now()
  let lines = 0
  const take = (line: string) => {
    if (line.trim() === '') return
    if (now() - since > WINDOW_MS) [since, lines] = [now(), 0]
    lines += 1
    if (lines > MOST_LINES) onDropped(1)
    else onLine(line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line)
  }
  stream.on('data', (chunk: Buffer) => {
    const found = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = found.pop() ?? ''
    for (const line of found) take(line)
    if (rest.length <= LONGEST) return
    take(rest)
    rest = ''
  })
  stream.on('end', () => take(rest))
  stream.on('error', () => undefined)
}
