import type { ArtifactStore, ArtifactWriter } from '../ports/artifact-store'
import { isAppError } from '../errors'

/** Of the output that a model reads, in characters. */
const SHOWN_CHARS = 30_000
const HEAD_CHARS = 12_000
const TAIL_CHARS = SHOWN_CHARS - HEAD_CHARS

export interface CommandOutput {
  add(text: string): void
  finish(): Promise<{ readonly text: string; readonly raw?: string; readonly artifact?: { readonly id: string; readonly bytes: number } }>
  discard(): Promise<void>
}

/** Collects what a command writes: all of it while it is short, else its head and tail, and the whole in an artifact. */
export function collectOutput(artifacts: ArtifactStore, sessionId: string, newId: () => string): CommandOutput {
  let head = ''
  let tail = ''
  let total = 0
  let writer: ArtifactWriter | null = null

  const whole = () => head + tail
  return {
    add: (text) => {
      total += text.length
      if (!writer && total > SHOWN_CHARS) {
        writer = artifacts.create(sessionId, newId())
        writer.write(whole())
      }
      writer?.write(text)
      const room = HEAD_CHARS - head.length
      head += text.slice(0, room)
      tail = (tail + text.slice(Math.max(0, room))).slice(-TAIL_CHARS)
    },
    finish: async () => {
      if (!writer) {
        const text = plain(whole())
        return { text, ...(text !== whole() && { raw: whole() }) }
      }
      const artifact = await closed(writer)
      const missing = total - head.length - tail.length
      const text = `${plain(head)}\n[… ${missing} characters left out. To see more, run it with its output through grep or tail, or into a file …]\n${plain(tail)}`
      return { text: artifact ? text : `${text}\n[the whole output could not be stored]`, ...(artifact && { artifact }) }
    },
    discard: async () => writer?.discard(),
  }
}

async function closed(writer: ArtifactWriter) {
  try {
    return { id: writer.id, ...(await writer.close()) }
  } catch (error) {
    if (isAppError(error)) return null
    throw error
  }
}

/** Without colours, cursor movements, and what was overwritten in its line. */
function plain(text: string): string {
  return text
    .replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_])/g, '')
    .replace(/\r+\n/g, '\n')
    .replace(/[^\n\r]*\r+(?=[^\n])/g, '')
}
