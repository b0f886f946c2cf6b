import { z } from 'zod'
import { AttachmentSchema, LineSpanSchema } from '#contract/attachments'
import { createStore, type ReadableStore } from './external-store'
import type { LocalMemory } from './storage'

/** What a person noted at lines of a change, to be sent with the next message. */
export const LineCommentSchema = z.object({
  id: z.string(),
  path: z.string(),
  lines: LineSpanSchema,
  /** Whether the lines are counted in the text before the change or after it. */
  side: z.enum(['before', 'after']),
  quote: z.string(),
  text: z.string(),
})
export type LineComment = z.infer<typeof LineCommentSchema>

const PartsSchema = z.object({ attachments: z.array(AttachmentSchema), comments: z.array(LineCommentSchema) })
export type MessageParts = Readonly<{ attachments: readonly z.infer<typeof AttachmentSchema>[]; comments: readonly LineComment[] }>
type PartsMap = Readonly<Record<string, MessageParts>>

/** What goes with the next message of each session, beside its text. Kept over a reload. */
export interface DraftParts {
  readonly all: ReadableStore<PartsMap>
  get(sessionId: string): MessageParts
  change(sessionId: string, change: (parts: MessageParts) => MessageParts): void
}

const storageKey = 'draft parts'
const maxKept = 50
const none: MessageParts = { attachments: [], comments: [] }

export function createDraftParts(memory: LocalMemory): DraftParts {
  const all = createStore<PartsMap>(parse(memory.read(storageKey)))
  const get = (sessionId: string): MessageParts => all.get()[sessionId] ?? none
  return {
    all,
    get,
    change: (sessionId, change) => {
      const next = change(get(sessionId))
      const { [sessionId]: _old, ...others } = all.get()
      const isEmpty = next.attachments.length === 0 && next.comments.length === 0
      const entries = Object.entries(isEmpty ? others : { ...others, [sessionId]: next }).slice(-maxKept)
      all.set(Object.fromEntries(entries))
      memory.write(storageKey, JSON.stringify(Object.fromEntries(entries)))
    },
  }
}

function parse(stored: string | null): PartsMap {
  if (stored === null) return {}
  try {
    return z.record(z.string(), PartsSchema).parse(JSON.parse(stored))
  } catch {
    return {}
  }
}

/** The message as it is sent: what was typed, then each comment with its place and the lines it is about. */
export function withComments(text: string, comments: readonly LineComment[]): string {
  const notes = comments.map(({ path, lines, side, quote, text: note }) => {
    const place = `${path}:${lines.from}${lines.to > lines.from ? `-${lines.to}` : ''}${side === 'before' ? ' (before the change)' : ''}`
    const quoted = quote.split('\n').map((line) => `> ${line}`).join('\n')
    return `${place}\n${quoted}\n${note.trim()}`
  })
  return [text.trim(), ...notes].filter((part) => part !== '').join('\n\n')
}
