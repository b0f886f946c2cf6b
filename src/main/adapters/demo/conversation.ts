import { z } from 'zod'

const ContentSchema = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]).nullish()

/** What the demo reads of a chat completions request. */
export const DemoRequestSchema = z.object({
  model: z.string().default('scripted'),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
  messages: z.array(
    z.object({
      role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
      content: ContentSchema,
      tool_call_id: z.string().optional(),
      tool_calls: z.array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) })).nullish(),
    }),
  ),
})
export type DemoRequest = z.infer<typeof DemoRequestSchema>

export interface ToolUse {
  readonly name: string
  /** Null while there is no result. */
  readonly result: string | null
  readonly failed: boolean
  readonly denied: boolean
}

/** What a reply depends on. */
export interface DemoTurn {
  /** How many messages the person has written. */
  readonly number: number
  readonly request: string
  /** What was done about it so far, oldest first. */
  readonly uses: readonly ToolUse[]
  readonly tools: ReadonlySet<string>
}

export function readTurn(request: DemoRequest): DemoTurn {
  const { messages } = request
  const start = messages.findLastIndex((message) => message.role === 'user')
  const since = messages.slice(start + 1)
  const results = new Map(since.flatMap((message) => (message.role === 'tool' ? [[message.tool_call_id ?? '', textOf(message.content)]] : [])))
  return {
    number: messages.filter((message) => message.role === 'user').length,
    request: textOf(messages[start]?.content).trim(),
    uses: since.flatMap((message) => message.tool_calls ?? []).map((call) => toUse(call.function.name, results.get(call.id) ?? null)),
    tools: new Set(request.tools.map((tool) => tool.function.name)),
  }
}

function toUse(name: string, result: string | null): ToolUse {
  const failed = result !== null && /^error\b/i.test(result)
  const denied = failed && /rejected (this|the) call|plan mode|not trusted|stopped by the user/i.test(result.slice(0, 200))
  return { name, result, failed, denied }
}

function textOf(content: z.infer<typeof ContentSchema>): string {
  if (typeof content === 'string') return content
  return (content ?? []).map((part) => part.text ?? '').join('\n')
}
