import type { MemoryItem, MemorySolution } from '#contract/memory'
import type { StoredMemory } from '#core/ports/memory-store'

export interface MemoryRow {
  readonly position: number
  readonly id: string
  readonly kind: MemoryItem['kind']
  readonly scope: MemoryItem['scope']
  readonly workspace_id: string | null
  readonly session_id: string | null
  readonly importance: number
  readonly sensitive: number
  readonly trust: MemoryItem['trust']
  readonly expires_at: number | null
  readonly pinned: number
  readonly archived: number
  readonly forgotten_at: number | null
  readonly used_at: number
  readonly use_count: number
  readonly created_at: number
  readonly updated_at: number
  readonly revision: number
  readonly source_by: MemoryItem['source']['by']
  readonly source_session_id: string | null
  readonly source_run_id: string | null
  readonly source_entry_id: string | null
  readonly source_path: string | null
  readonly tags: string
  readonly title: string
  readonly text: string
  readonly more: string
  readonly solution: string | null
  readonly statements: string | null
}

export const memoryColumns = `m.position, m.id, m.kind, m.scope, m.workspace_id, m.session_id, m.importance, m.sensitive, m.trust, m.expires_at, m.pinned, m.archived,
  m.forgotten_at, m.used_at, m.use_count, m.created_at, m.updated_at, m.revision, m.source_by, m.source_session_id, m.source_run_id, m.source_entry_id, m.source_path,
  m.tags, m.title, m.text, m.more, m.solution, m.statements`

export function toMemory(row: MemoryRow): StoredMemory {
  return {
    position: row.position, id: row.id, kind: row.kind, title: row.title, text: row.text, solution: row.solution === null ? null : JSON.parse(row.solution),
    statements: row.statements === null ? [] : JSON.parse(row.statements),
    tags: JSON.parse(row.tags), scope: row.scope, workspaceId: row.workspace_id, sessionId: row.session_id, importance: row.importance,
    sensitivity: row.sensitive === 1 ? 'sensitive' : 'normal', trust: row.trust, expiresAt: row.expires_at, pinned: row.pinned === 1, archived: row.archived === 1,
    forgottenAt: row.forgotten_at,
    source: { by: row.source_by, sessionId: row.source_session_id, runId: row.source_run_id, entryId: row.source_entry_id, path: row.source_path },
    lastUsedAt: row.used_at === 0 ? null : row.used_at, useCount: row.use_count, createdAt: row.created_at, updatedAt: row.updated_at, revision: row.revision,
  }
}

/** What the index of words takes of an item, by column. */
export interface Indexed {
  readonly title: string
  readonly text: string
  readonly more: string
}

export function indexedOf({ title, text, tags, solution }: Pick<MemoryItem, 'title' | 'text' | 'tags' | 'solution'>): Indexed {
  return { title, text, more: [...tags, ...(solution === null ? [] : textsOf(solution))].join('\n') }
}

function textsOf({ problem, steps, outcome, artifacts }: MemorySolution): string[] {
  return [problem, ...steps, outcome, ...artifacts.flatMap(({ path, text }) => (path === undefined ? [text] : [path, text]))]
}

/** What can change. */
export function toChangingRow(item: MemoryItem, hash: number) {
  return {
    id: item.id, kind: item.kind, scope: item.scope, workspaceId: item.workspaceId, sessionId: item.sessionId, importance: item.importance,
    sensitive: item.sensitivity === 'sensitive' ? 1 : 0, trust: item.trust, expiresAt: item.expiresAt, pinned: item.pinned ? 1 : 0, archived: item.archived ? 1 : 0,
    forgottenAt: item.forgottenAt, updatedAt: item.updatedAt, revision: item.revision, hash, tags: JSON.stringify(item.tags), ...indexedOf(item),
    solution: item.solution === null ? null : JSON.stringify(item.solution),
    statements: item.statements.length === 0 ? null : JSON.stringify(item.statements),
  }
}

export function toNewRow(item: MemoryItem, hash: number) {
  const { source } = item
  return {
    ...toChangingRow(item, hash), createdAt: item.createdAt, usedAt: item.lastUsedAt ?? 0, useCount: item.useCount,
    by: source.by, sourceSessionId: source.sessionId, runId: source.runId, entryId: source.entryId, path: source.path,
  }
}
