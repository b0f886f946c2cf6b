import { z } from 'zod'
import type { ErrorBody } from '#contract/errors'
import { SubscribeInputSchema, TopicSchema } from '#contract/events'

/** `task:update` is the same topic as `task.update`. */
const TopicOnWireSchema = z.string().max(100).transform((name) => name.replaceAll(':', '.')).pipe(TopicSchema)

/** What a client of `/ws/stream` may send. */
export const StreamCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('auth'), token: z.string().max(1000) }),
  SubscribeInputSchema.extend({ type: z.literal('subscribe'), topics: z.array(TopicOnWireSchema).max(100).optional() }),
  z.object({ type: z.literal('unsubscribe') }),
  z.object({ type: z.literal('ping') }),
])
export type StreamCommand = z.infer<typeof StreamCommandSchema>

/** What it gets beside the events. */
export type StreamAnswer =
  | { readonly type: 'authenticated' }
  | { readonly type: 'unsubscribed' }
  | { readonly type: 'pong' }
  | ({ readonly type: 'error' } & ErrorBody)

/** Null for what is no command; the text says why. */
export function parseStreamCommand(text: string): { readonly command: StreamCommand } | { readonly problem: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'The message is not valid JSON.' }
  }
  const parsed = StreamCommandSchema.safeParse(value)
  if (parsed.success) return { command: parsed.data }
  const [issue] = parsed.error.issues
  return { problem: `Invalid message: ${issue ? `${issue.path.map(String).join('.')}: ${issue.message}` : 'unknown'}` }
}
