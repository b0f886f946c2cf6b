import { z } from 'zod'

/** Ids are opaque; ours are time-ordered UUIDs. */
export const IdSchema = z.string().min(1).max(64)

/** Milliseconds since the Unix epoch, UTC. */
export const TimestampSchema = z.number().int().nonnegative()

/** Tokens of one or several model calls. `estimated` when any part was not reported by the provider. */
export const UsageSchema = z.object({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  /** The part of `inputTokens` that the provider read from its cache. */
  cachedTokens: z.number().int().nonnegative(),
  totalTokens: z.number().int().nonnegative(),
  estimated: z.boolean(),
})
export type Usage = z.infer<typeof UsageSchema>

/** US dollars; null when the price of the model is not known. */
export const CostSchema = z.number().nonnegative().nullable()

/**
 * What runs without asking: `ask` reads only, `auto-edit` also edits inside the workspace, `sandboxed-auto` also commands inside the
 * sandbox, `plan` reads only and refuses the rest. What leaves the sandbox always asks.
 */
export const ModeSchema = z.enum(['ask', 'auto-edit', 'sandboxed-auto', 'plan'])
export type Mode = z.infer<typeof ModeSchema>

/** `provider/model`, for instance `openai/gpt-5`. The model part may itself contain slashes. */
export const ModelIdSchema = z
  .string()
  .max(200)
  .regex(/^[^/\s]+\/\S+$/, 'A model id looks like provider/model')

export const PageInputSchema = z.object({
  /** The `nextCursor` of the previous page. */
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

export const EmptySchema = z.object({})
