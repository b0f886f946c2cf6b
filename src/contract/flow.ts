import { z } from 'zod'
import { IdSchema, TimestampSchema } from './common'

/**
 * What a model has read. `untrusted`: written by nobody whom the person trusts, so it may ask for things. `private`: a secret, or what
 * belongs to the person alone.
 */
export const FlowLabelSchema = z.object({
  label: z.enum(['untrusted', 'private']),
  why: z.string().max(300),
  /** It came by a file of the folder that an agent wrote. */
  byFile: z.boolean().optional(),
})
export type FlowLabel = z.infer<typeof FlowLabelSchema>

/** A label with the entry that brought it. */
export const FlowSourceSchema = FlowLabelSchema.extend({ entryId: IdSchema })
export type FlowSource = z.infer<typeof FlowSourceSchema>

/** A file that an agent wrote after it had read what is labelled. As long as its content is the same, reading it brings these labels. */
export const LabelledFileSchema = z.object({
  /** In the folder. Empty: which files a command wrote is not known, so each one of the folder counts. */
  path: z.string(),
  labels: z.array(FlowLabelSchema),
  /** Whose agent wrote it. */
  sessionId: IdSchema,
  at: TimestampSchema,
})
export type LabelledFile = z.infer<typeof LabelledFileSchema>

/** What would go where, where a run that has read both kinds, or repeats what is private, wants to send something out. */
export const FlowSchema = z.object({
  /** `both`: it has read what came from outside, and what is private. `quoted`: what would be sent repeats what is private. */
  why: z.enum(['both', 'quoted']).default('both'),
  /** The places that it would reach, in plain words. */
  to: z.array(z.string()),
  /** What would be sent: the arguments as they are. */
  what: z.string(),
  /** The newest of each kind. */
  sources: z.array(FlowSourceSchema),
})
export type Flow = z.infer<typeof FlowSchema>
