import { z } from 'zod'

const NameSchema = z.string().trim().min(1).max(120)

/** A thing that is spoken of. The same name is the same thing; an empty type: not said. */
export const MentionSchema = z.object({ name: NameSchema, type: z.string().trim().toLowerCase().max(40).default('') })
export type Mention = z.infer<typeof MentionSchema>

/** What an item of the memory says, in a form that can be asked. */
export const StatementSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('entity'), about: MentionSchema, /** Other names of it. */ aliases: z.array(NameSchema).max(10).default([]) }),
  z.object({ kind: z.literal('fact'), about: MentionSchema, attribute: z.string().trim().min(1).max(80), value: z.string().trim().min(1).max(2_000) }),
  z.object({
    kind: z.literal('relation'), from: MentionSchema, type: z.string().trim().min(1).max(80), to: MentionSchema,
    properties: z.record(z.string().min(1).max(80), z.string().max(500)).default({}).refine((properties) => Object.keys(properties).length <= 20, 'at most 20 properties'),
  }),
])
export type Statement = z.infer<typeof StatementSchema>
export type StatementInput = z.input<typeof StatementSchema>

/** Of one item. */
export const MAX_STATEMENTS = 20
export const StatementsSchema = z.array(StatementSchema).max(MAX_STATEMENTS)
