import { oc } from '@orpc/contract'
import { z } from 'zod'
import { IdSchema, TimestampSchema } from './common'

/** What a person asked, and where in the conversation that is. */
export const PromptSchema = z.object({
  entryId: IdSchema,
  at: TimestampSchema,
  /** Its first 300 characters. */
  text: z.string(),
  /** 0 for the first entry of the branch. */
  position: z.number().int(),
})
export type Prompt = z.infer<typeof PromptSchema>

export const FoundEntrySchema = z.object({ entryId: IdSchema, matches: z.number().int(), position: z.number().int() })
export type FoundEntry = z.infer<typeof FoundEntrySchema>

export const FoundInSessionSchema = z.object({
  /** Oldest first. */
  items: z.array(FoundEntrySchema),
  matches: z.number().int(),
  /** There are more entries with matches than are told; the newest are. */
  truncated: z.boolean(),
})
export type FoundInSession = z.infer<typeof FoundInSessionSchema>

/** Longest text that can be looked for. */
export const MAX_FIND_CHARS = 200

const tags = ['sessions']
const BranchSchema = z.object({ id: IdSchema, headId: IdSchema.optional() })

export const conversation = {
  prompts: oc.route({ method: 'GET', path: '/sessions/{id}/prompts', tags, summary: 'What the person asked on a branch, oldest first; the newest 20,000' })
    .input(BranchSchema).output(z.object({ items: z.array(PromptSchema), /** Entries of the branch. */ entries: z.number().int() })),
  find: oc.route({ method: 'GET', path: '/sessions/{id}/find', tags,
    summary: 'Entries of a branch whose message, arguments or output hold a text, in whatever case, and how often' })
    .input(BranchSchema.extend({ query: z.string().min(1).max(MAX_FIND_CHARS) })).output(FoundInSessionSchema),
}
