import { oc } from '@orpc/contract'
import { z } from 'zod'
import { IdSchema, TimestampSchema } from './common'
import { SessionSchema } from './sessions'

/** Where the words were found: the title, a message of the person, a reply, or a tool with what it was called with. */
export const SearchKindSchema = z.enum(['title', 'user', 'agent', 'tool'])
export type SearchKind = z.infer<typeof SearchKindSchema>

export const SearchHitSchema = z.object({
  /** Null: the title. */
  entryId: IdSchema.nullable(),
  kind: SearchKindSchema,
  at: TimestampSchema,
  /** A piece of the text around the first hit, on one line; `hit` marks the words that were searched for. */
  snippet: z.array(z.object({ text: z.string(), hit: z.boolean() })),
})
export type SearchHit = z.infer<typeof SearchHitSchema>

export const SearchResultSchema = z.object({
  session: SessionSchema.pick({ id: true, title: true, workspaceId: true, archived: true, updatedAt: true }),
  /** Newest first; the first few of `count`. */
  hits: z.array(SearchHitSchema),
  count: z.number().int(),
})
export type SearchResult = z.infer<typeof SearchResultSchema>

export const SearchAnswerSchema = z.object({
  items: z.array(SearchResultSchema),
  /** More was found than is looked at: more words narrow it down. */
  truncated: z.boolean(),
  /** False while what was written by an earlier version is still being taken in. */
  complete: z.boolean(),
})
export type SearchAnswer = z.infer<typeof SearchAnswerSchema>

export const search = {
  sessions: oc.route({ method: 'GET', path: '/search', tags: ['search'],
    summary: 'Find sessions by their titles, messages and tool texts: words, beginnings (`conf*`; the last word always), "quoted phrases"; all must be in one place' })
    .input(z.object({
      query: z.string().max(1000),
      workspaceId: IdSchema.optional(),
      /** Only in this session; then with more hits. */
      sessionId: IdSchema.optional(),
    }))
    .output(SearchAnswerSchema),
}
