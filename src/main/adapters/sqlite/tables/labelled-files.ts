import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { FlowLabelSchema } from '#contract/flow'
import type { LabelledFileStore, StoredLabelledFile } from '#core/ports/flow-store'

interface FileRow {
  readonly workspace_id: string
  readonly path: string
  readonly hash: string
  readonly labels: string
  readonly session_id: string
  readonly at: number
}

/** The same content may be in many places. */
const MOST_FOUND = 20

const LabelsSchema = z.array(FlowLabelSchema)
const columns = 'workspace_id, path, hash, labels, session_id, at'

export const labelledFileQueries = {
  find: `SELECT ${columns} FROM labelled_files WHERE hash = ? ORDER BY at DESC LIMIT ${MOST_FOUND}`,
  list: `SELECT ${columns} FROM labelled_files WHERE workspace_id = ? ORDER BY at DESC LIMIT ?`,
  count: 'SELECT count(*) FROM labelled_files WHERE workspace_id = ?',
  ofPath: 'SELECT hash FROM labelled_files WHERE workspace_id = ? AND path = ?',
  removePath: 'DELETE FROM labelled_files WHERE workspace_id = ? AND path = ?',
  removeContent: 'DELETE FROM labelled_files WHERE hash = ?',
}

export function createLabelledFileStore(db: Database): LabelledFileStore {
  const first = db.prepare<[], number>('SELECT 1 FROM labelled_files LIMIT 1').pluck()
  const find = db.prepare<[string], FileRow>(labelledFileQueries.find)
  const list = db.prepare<[string, number], FileRow>(labelledFileQueries.list)
  const count = db.prepare<[string], number>(labelledFileQueries.count).pluck()
  const ofPath = db.prepare<[string, string], string>(labelledFileQueries.ofPath).pluck()
  const removePath = db.prepare<[string, string]>(labelledFileQueries.removePath)
  const removeContent = db.prepare<[string]>(labelledFileQueries.removeContent)
  const put = db.prepare(`INSERT INTO labelled_files (${columns}) VALUES (@workspaceId, @path, @hash, @labels, @sessionId, @at)
    ON CONFLICT (workspace_id, path, hash) DO UPDATE SET labels = excluded.labels, session_id = excluded.session_id, at = excluded.at`)

  return {
    isEmpty: () => first.get() === undefined,
    find: (hash) => (hash === '' ? [] : find.all(hash).map(toFile)),
    list: (workspaceId, limit) => list.all(workspaceId, limit).map(toFile),
    count: (workspaceId) => count.get(workspaceId) ?? 0,
    put: (file) => {
      put.run({ ...file, labels: JSON.stringify(file.labels) })
    },
    remove: (workspaceId, paths) => {
      const wanted = paths ?? [...new Set(list.all(workspaceId, Number.MAX_SAFE_INTEGER).map(({ path }) => path))]
      return wanted.filter((path) => {
        const hashes = ofPath.all(workspaceId, path)
        removePath.run(workspaceId, path)
        for (const hash of hashes) if (hash !== '') removeContent.run(hash)
        return hashes.length > 0
      }).length
    },
  }
}

function toFile({ workspace_id: workspaceId, session_id: sessionId, labels, ...row }: FileRow): StoredLabelledFile {
  return { ...row, workspaceId, sessionId, labels: LabelsSchema.parse(JSON.parse(labels)) }
}
