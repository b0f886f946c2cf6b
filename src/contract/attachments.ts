import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema } from './common'
import { FilePathSchema } from './file-changes'

/** Longest text that can be attached, in bytes of UTF-8. */
export const MAX_ATTACHED_TEXT_BYTES = 512 * 1024
/** Largest image, in bytes: the most that all providers take. */
export const MAX_ATTACHED_IMAGE_BYTES = 5 * 1024 * 1024
export const MAX_ATTACHMENTS = 50

export const LineSpanSchema = z.object({ from: z.number().int().min(1), to: z.number().int().min(1) })
export type LineSpan = z.infer<typeof LineSpanSchema>

/** Something that goes with a message. Its content is kept as it was when it was attached, by its hash. */
export const AttachmentSchema = z.object({
  id: IdSchema,
  /** `text`: any text file or piece of one. `image`: PNG, JPEG, GIF or WebP. */
  kind: z.enum(['text', 'image']),
  name: z.string().min(1).max(255),
  /** Where it is from in the workspace; null when it came from elsewhere. */
  path: FilePathSchema.nullable(),
  /** A part of that file. */
  lines: LineSpanSchema.nullable(),
  mimeType: z.string(),
  bytes: z.number().int(),
  /** About what it takes of the model's window. */
  tokens: z.number().int(),
  /** SHA-256 of the content, in hex. */
  hash: z.string(),
  /** The beginning of a text. */
  excerpt: z.string(),
})
export type Attachment = z.infer<typeof AttachmentSchema>

export const AttachmentInputSchema = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('text'), name: z.string().trim().min(1).max(255), text: z.string().max(MAX_ATTACHED_TEXT_BYTES),
    path: FilePathSchema.nullable().default(null), lines: LineSpanSchema.nullable().default(null),
  }),
  /** A file from elsewhere. What it is, is judged by its content. */
  z.object({ from: z.literal('bytes'), name: z.string().trim().min(1).max(255), base64: z.base64().max(Math.ceil((MAX_ATTACHED_IMAGE_BYTES * 4) / 3) + 4) }),
  /** A file of the session's folder, or some of its lines. */
  z.object({ from: z.literal('workspace'), path: FilePathSchema, lines: LineSpanSchema.nullable().default(null) }),
])
export type AttachmentInput = z.input<typeof AttachmentInputSchema>

const tags = ['attachments']
const ById = z.object({ id: IdSchema })

export const attachments = {
  add: oc.route({ method: 'POST', path: '/sessions/{id}/attachments', successStatus: 201, tags, inputStructure: 'detailed',
    summary: 'Keep a text or an image to be sent with a message: `attachments: [id]` in `POST /sessions/{id}/messages`' })
    .input(z.object({ params: ById, body: AttachmentInputSchema })).output(AttachmentSchema),
  read: oc.route({ method: 'GET', path: '/attachments/{id}', tags, summary: 'An attachment with its content: a text, or an image in Base64' })
    .input(ById).output(AttachmentSchema.extend({ text: z.string().nullable(), base64: z.string().nullable() })),
  remove: oc.route({ method: 'DELETE', path: '/attachments/{id}', tags, summary: 'Forget an attachment that no message has' })
    .input(ById).output(EmptySchema),
}
