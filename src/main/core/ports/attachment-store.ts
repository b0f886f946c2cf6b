import type { Attachment } from '#contract/attachments'

export interface StoredAttachment extends Attachment {
  readonly sessionId: string
  /** A message has it, or had it. */
  readonly sent: boolean
}

export interface AttachmentStore {
  insert(attachment: StoredAttachment): void
  get(id: string): StoredAttachment | null
  markSent(ids: readonly string[]): void
  remove(id: string): void
  /** Hashes of what a session has. */
  hashesOf(sessionId: string): string[]
  /** Which of these no session has (any more). */
  unused(hashes: readonly string[]): string[]
}
