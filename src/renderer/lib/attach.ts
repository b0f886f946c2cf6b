import { type AttachmentInput, MAX_ATTACHED_IMAGE_BYTES, MAX_ATTACHMENTS } from '#contract/attachments'
import type { Client } from './client'
import type { DraftParts } from './draft-parts'
import { errorMessage } from './error-message'
import { formatBytes } from './format'
import type { Toasts } from './notices'

/** The type of what is dragged from the tree: a JSON list of paths of the session's folder. */
export const draggedPathsType = 'application/x-trestle-paths'

/**
 * Adds something to the next message of a session: a file of the folder (`{from: 'workspace', path, lines?}`), a piece of
 * an editor (`{from: 'text', name, text, path, lines}`) or a file from elsewhere. It is kept at once and shown as a chip at
 * the composer. Never rejects: what cannot be attached is told, and gives false.
 */
export type Attach = (sessionId: string, source: AttachmentInput | File) => Promise<boolean>

export function createAttach({ client, parts, toasts }: { readonly client: Client; readonly parts: DraftParts; readonly toasts: Toasts }): Attach {
  return async (sessionId, source) => {
    try {
      if (parts.get(sessionId).attachments.length >= MAX_ATTACHMENTS) throw new TypeError(`A message takes at most ${MAX_ATTACHMENTS} attachments.`)
      const body = source instanceof File ? await readFile(source) : source
      const attachment = await client.attachments.add({ params: { id: sessionId }, body })
      parts.change(sessionId, (before) => ({
        ...before,
        attachments: [...before.attachments.filter((other) => !isSame(other, attachment)), attachment],
      }))
      return true
    } catch (error) {
      toasts.error(error instanceof TypeError ? error.message : errorMessage(error))
      return false
    }
  }
}

interface Placed {
  readonly hash: string
  readonly name: string
  readonly path: string | null
  readonly lines: { readonly from: number; readonly to: number } | null
}

function isSame(left: Placed, right: Placed): boolean {
  return left.hash === right.hash && left.name === right.name && left.path === right.path && left.lines?.from === right.lines?.from
}

async function readFile(file: File): Promise<AttachmentInput> {
  const name = file.name.slice(-255) || 'file'
  if (file.size > MAX_ATTACHED_IMAGE_BYTES) {
    throw new TypeError(`${name} has ${formatBytes(file.size)}; at most ${formatBytes(MAX_ATTACHED_IMAGE_BYTES)} can be attached.`)
  }
  return { from: 'bytes', name, base64: await toBase64(file) }
}

function toBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result.slice(reader.result.indexOf(',') + 1) : '')
    reader.onerror = () => reject(new TypeError(`${file.name} could not be read.`))
    reader.readAsDataURL(file)
  })
}
