import type { Database } from 'better-sqlite3'
import type { AttachmentStore, StoredAttachment } from '#core/ports/attachment-store'

interface AttachmentRow {
  readonly id: string
  readonly session_id: string
  readonly hash: string
  readonly sent: number
  readonly description: string
}

export const attachmentQueries = {
  get: 'SELECT id, session_id, hash, sent, description FROM attachments WHERE id = ?',
  markSent: 'UPDATE attachments SET sent = 1 WHERE id = ?',
  hashesOf: 'SELECT DISTINCT hash FROM attachments WHERE session_id = ?',
  isUsed: 'SELECT 1 FROM attachments WHERE hash = ? LIMIT 1',
}

export function createAttachmentStore(db: Database): AttachmentStore {
  const insert = db.prepare('INSERT INTO attachments (id, session_id, hash, sent, description) VALUES (?, ?, ?, ?, ?)')
  const select = db.prepare<[string], AttachmentRow>(attachmentQueries.get)
  const markSent = db.prepare<[string]>(attachmentQueries.markSent)
  const remove = db.prepare<[string]>('DELETE FROM attachments WHERE id = ?')
  const hashesOf = db.prepare<[string], string>(attachmentQueries.hashesOf).pluck()
  const isUsed = db.prepare<[string]>(attachmentQueries.isUsed)

  return {
    insert({ id, sessionId, hash, sent, ...description }) {
      insert.run(id, sessionId, hash, sent ? 1 : 0, JSON.stringify(description))
    },
    get(id) {
      const row = select.get(id)
      return row ? toAttachment(row) : null
    },
    markSent: db.transaction<AttachmentStore['markSent']>((ids) => {
      for (const id of ids) markSent.run(id)
    }).immediate,
    remove: (id) => void remove.run(id),
    hashesOf: (sessionId) => hashesOf.all(sessionId),
    unused: (hashes) => [...new Set(hashes)].filter((hash) => !isUsed.get(hash)),
  }
}

function toAttachment({ id, session_id: sessionId, hash, sent, description }: AttachmentRow): StoredAttachment {
  return { ...JSON.parse(description), id, sessionId, hash, sent: sent === 1 } as StoredAttachment
}
