import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, TimestampSchema } from './common'

/** A shell of the person's own in the folder of a workspace. No agent has a tool that reaches it. */
export const TerminalSchema = z.object({
  id: IdSchema,
  workspaceId: IdSchema,
  title: z.string(),
  state: z.enum(['running', 'ended']),
  exitCode: z.number().int().nullable(),
  createdAt: TimestampSchema,
})
export type Terminal = z.infer<typeof TerminalSchema>

export const TerminalMessageSchema = z.discriminatedUnion('kind', [
  /**
   * Clear the screen, what follows begins anew at `offset`: the first message, and when this reader fell too far behind.
   * Output up to `replayUntil` was printed before: programs must not be answered for it a second time.
   */
  z.object({ kind: z.literal('reset'), offset: z.number().int(), replayUntil: z.number().int() }),
  /** `offset` counts the UTF-16 units of the output before. */
  z.object({ kind: z.literal('output'), offset: z.number().int(), data: z.string() }),
  z.object({ kind: z.literal('ended'), exitCode: z.number().int().nullable() }),
])
export type TerminalMessage = z.infer<typeof TerminalMessageSchema>

const SizeSchema = z.object({ columns: z.number().int().min(2).max(1_000), rows: z.number().int().min(1).max(1_000) })
const ById = z.object({ id: IdSchema })
const tags = ['terminals']

export const terminals = {
  create: oc.route({ method: 'POST', path: '/workspaces/{id}/terminals', successStatus: 201, tags, summary: 'Start a shell in the folder; only where it is trusted' })
    .input(ById.extend(SizeSchema.partial().shape)).output(TerminalSchema),
  list: oc.route({ method: 'GET', path: '/workspaces/{id}/terminals', tags }).input(ById).output(z.object({ items: z.array(TerminalSchema) })),
  rename: oc.route({ method: 'PATCH', path: '/terminals/{id}', tags }).input(ById.extend({ title: z.string().trim().min(1).max(100) })).output(TerminalSchema),
  output: oc.route({ method: 'GET', path: '/terminals/{id}/output', tags, summary: 'What it shows, from the kept output on, as server-sent events' })
    .input(ById).output(eventIterator(TerminalMessageSchema)),
  seen: oc.route({ method: 'POST', path: '/terminals/{id}/seen', tags, summary: 'A reader has shown the output up to here; a flood waits for it' })
    .input(ById.extend({ offset: z.number().int().nonnegative() })).output(EmptySchema),
  input: oc.route({ method: 'POST', path: '/terminals/{id}/input', tags }).input(ById.extend({ data: z.string().max(200_000) })).output(EmptySchema),
  resize: oc.route({ method: 'POST', path: '/terminals/{id}/size', tags }).input(ById.extend(SizeSchema.shape)).output(EmptySchema),
  close: oc.route({ method: 'DELETE', path: '/terminals/{id}', tags, summary: 'End the shell with everything it started' }).input(ById).output(EmptySchema),
}
