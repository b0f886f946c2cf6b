import { type Attachment, type AttachmentInputSchema, MAX_ATTACHED_IMAGE_BYTES, MAX_ATTACHED_TEXT_BYTES, MAX_ATTACHMENTS } from '#contract/attachments'
import type { z } from 'zod'
import { AppError, notFound } from '../errors'
import { estimateTokens } from '../models/usage'
import type { StoredAttachment } from '../ports/attachment-store'
import type { BlobStore } from '../ports/blob-store'
import type { Store } from '../ports/store'
import type { NewId } from '../ports/system'
import type { Folders } from '../ports/workspace-files'
import { getSession } from '../sessions/publish'
import { fromBase64, toBase64 } from './base64'
import { imageInfo, imageTokens } from './image-info'
import { type AttachmentSource, readFromWorkspace } from './workspace-source'

const EXCERPT_CHARS = 500

type Input = z.output<typeof AttachmentInputSchema>

export interface AttachmentService {
  /** AppError FILE_TOO_LARGE, FILE_BINARY, RESOURCE_NOT_FOUND, DISK_FULL, or what reading the file throws. */
  add(sessionId: string, input: Input): Promise<Attachment>
  read(id: string): Promise<Attachment & { readonly text: string | null; readonly base64: string | null }>
  /** AppError CONFLICT when a message has it. */
  remove(id: string): Promise<void>
  /** Those of a session, in this order. AppError RESOURCE_NOT_FOUND, INVALID_PARAMETERS. */
  pick(sessionId: string, ids: readonly string[]): Attachment[]
  /** Removes content that nothing has any more. `hashes`: of a session that was just removed. */
  sweep(hashes: readonly string[]): Promise<void>
}

export interface AttachmentServicePorts {
  readonly store: Store
  readonly blobs: BlobStore
  readonly folders: Folders
  readonly newId: NewId
}

export function createAttachmentService({ store, blobs, folders, newId }: AttachmentServicePorts): AttachmentService {
  // Content is not swept between its writing and the row that keeps it.
  let queue: Promise<unknown> = Promise.resolve()
  const oneByOne = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work)
    queue = result.catch(() => undefined)
    return result
  }
  const get = (id: string): StoredAttachment => {
    const attachment = store.attachments.get(id)
    if (!attachment) throw notFound('Attachment', id)
    return attachment
  }
  const sweep = async (hashes: readonly string[]) => {
    for (const hash of store.attachments.unused(hashes)) await blobs.remove(hash)
  }

  return {
    add: async (sessionId, input) => {
      const session = getSession(store, sessionId)
      const source = input.from === 'workspace' ? await readFromWorkspace({ store, folders }, session, input) : sourceOf(input)
      const described = describe(source)
      return oneByOne(async () => {
        const hash = await blobs.put(source.bytes)
        const { name, path, lines } = source
        const attachment: Attachment = { id: newId(), name, path, lines, bytes: source.bytes.length, hash, ...described }
        store.transaction(() => {
          // It may have gone while the content was written.
          getSession(store, sessionId)
          store.attachments.insert({ ...attachment, sessionId, sent: false })
        })
        return attachment
      })
    },
    read: async (id) => {
      const attachment = present(get(id))
      const bytes = await blobs.read(attachment.hash)
      if (!bytes) throw new AppError('CONTENT_DAMAGED', `The content of ${attachment.name} is not in the profile any more, or damaged.`)
      return attachment.kind === 'image' ? { ...attachment, text: null, base64: toBase64(bytes) } : { ...attachment, text: new TextDecoder().decode(bytes), base64: null }
    },
    remove: (id) => oneByOne(async () => {
      const { sent, hash } = get(id)
      if (sent) throw new AppError('CONFLICT', 'A message has this attachment. It goes with its session.')
      store.transaction(() => { store.attachments.remove(id) })
      await sweep([hash])
    }),
    pick: (sessionId, ids) => {
      if (ids.length > MAX_ATTACHMENTS) throw new AppError('INVALID_PARAMETERS', `A message takes at most ${MAX_ATTACHMENTS} attachments.`)
      return [...new Set(ids)].map((id) => {
        const attachment = get(id)
        if (attachment.sessionId !== sessionId) throw notFound('Attachment', id)
        return present(attachment)
      })
    },
    sweep: (hashes) => oneByOne(() => sweep(hashes)),
  }
}

function present({ sessionId: _sessionId, sent: _sent, ...attachment }: StoredAttachment): Attachment {
  return attachment
}

function sourceOf(input: Exclude<Input, { from: 'workspace' }>): AttachmentSource {
  const { name } = input
  if (input.from === 'bytes') return { name, path: null, lines: null, bytes: fromBase64(input.base64) }
  return { name, path: input.path, lines: input.lines, bytes: new TextEncoder().encode(input.text) }
}

/** What it is, by its content. */
function describe({ name, bytes }: AttachmentSource): Pick<Attachment, 'kind' | 'mimeType' | 'tokens' | 'excerpt'> {
  const image = imageInfo(bytes)
  if (image) {
    if (bytes.length > MAX_ATTACHED_IMAGE_BYTES) throw tooLarge(name, bytes.length, MAX_ATTACHED_IMAGE_BYTES)
    return { kind: 'image', mimeType: image.mimeType, tokens: imageTokens(image), excerpt: '' }
  }
  if (bytes.length > MAX_ATTACHED_TEXT_BYTES) throw tooLarge(name, bytes.length, MAX_ATTACHED_TEXT_BYTES)
  const text = textOf(name, bytes)
  return { kind: 'text', mimeType: 'text/plain', tokens: estimateTokens(text), excerpt: text.slice(0, EXCERPT_CHARS) }
}

function textOf(name: string, bytes: Uint8Array): string {
  const refused = new AppError('FILE_BINARY', `${name} is neither text nor an image that models take (PNG, JPEG, GIF, WebP).`)
  if (bytes.subarray(0, 8000).includes(0)) throw refused
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refused
  }
}

export function tooLarge(name: string, bytes: number, most: number): AppError {
  const inUnits = (size: number) => (size < 1024 * 1024 ? `${Math.ceil(size / 1024)} KB` : `${(size / 1024 / 1024).toFixed(1)} MB`)
  return new AppError('FILE_TOO_LARGE', `${name} has ${inUnits(bytes)}; at most ${inUnits(most)} can be attached. Attach a part of it, or name it and let the agent read what it needs.`)
}
