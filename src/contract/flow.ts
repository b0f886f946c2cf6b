import { z } from 'zod'
import { IdSchema } from './common'

/**
 * What a model has read. `untrusted`: written by nobody whom the person trusts, so it may ask for things. `private`: a secret, or what
 * belongs to the person alone.
 */
export const FlowLabelSchema = z.object({ label: z.enum(['untrusted', 'private']), why: z.string().max(300) })
export type FlowLabel = z.infer<typeof FlowLabelSchema>

/** A label with the entry that brought it. */
export const FlowSourceSchema = FlowLabelSchema.extend({ entryId: IdSchema })
export type FlowSource = z.infer<typeof FlowSourceSchema>

/** What would go where, where a run that has read both kinds wants to send something out. */
export const FlowSchema = z.object({
  /** The places that it would reach, in plain words. */
  to: z.array(z.string()),
  /** What would be sent: the arguments as they are. */
  what: z.string(),
  /** The newest of each kind. */
  sources: z.array(FlowSourceSchema),
})
export type Flow = z.infer<typeof FlowSchema>
