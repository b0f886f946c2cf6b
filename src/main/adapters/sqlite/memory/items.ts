import type { Database } from 'better-sqlite3'
import type { MemoryUse } from '#contract/memory'
import { wordsOf } from '#core/memory/words'
import type { MemoryStore, StoredMemory, StoredRevision } from '#core/ports/memory-store'
import { atomic } from '../tables/atomic'
import { type Indexed, type MemoryRow, memoryColumns, toChangingRow, toMemory, toNewRow } from './item-columns'
import { createScrub } from './scrub'
import { createStatementRows, type StatementRows } from './statement-rows'
import { createWordChanges, type WordChanges } from './word-changes'

interface RevisionRow {
  readonly revision: number
  readonly at: number
  readonly action: StoredRevision['action']
  readonly by: StoredRevision['by']
  readonly cause: string
  readonly session_id: string | null
  readonly run_id: string | null
  readonly entry_id: string | null
  readonly before: string
}

const select = `SELECT ${memoryColumns} FROM memory_items m`

export const memoryQueries = {
  get: `${select} WHERE m.id = ?`,
  byPosition: `${select} WHERE m.position = ?`,
  byHash: `${select} WHERE m.text_hash = ? LIMIT 20`,
  ofSession: `${select} WHERE m.session_id = ? AND m.scope = 'session' ORDER BY m.position`,
  walk: `${select} WHERE m.position > @after AND m.position <= @until ORDER BY m.position`,
  nextPosition: 'SELECT position FROM memory_items WHERE position > ? ORDER BY position LIMIT 1',
  revisions: `SELECT revision, at, action, by, cause, session_id, run_id, entry_id, before FROM memory_revisions
    WHERE item = @position AND revision < @before ORDER BY revision DESC LIMIT @limit`,
  revisedAfter: 'SELECT DISTINCT item FROM memory_revisions WHERE item > @after AND item <= @until AND at > @at',
  createdAfter: 'SELECT position FROM memory_items WHERE position > @after AND position <= @until AND created_at > @at',
  changedBy: `SELECT m.position FROM memory_items m WHERE m.updated_at > @at
    AND (m.created_at > @at AND m.source_session_id IN (SELECT value FROM json_each(@sessions))
      OR EXISTS (SELECT 1 FROM memory_revisions r WHERE r.item = m.position AND r.at > @at AND r.session_id IN (SELECT value FROM json_each(@sessions)))) ORDER BY m.updated_at, m.position LIMIT @limit`,
  use: 'UPDATE memory_items SET used_at = max(used_at, @at), use_count = use_count + 1 WHERE id = @id',
}

const changing = `kind = @kind, scope = @scope, workspace_id = @workspaceId, session_id = @sessionId, importance = @importance, sensitive = @sensitive, trust = @trust,
  expires_at = @expiresAt, pinned = @pinned, archived = @archived, forgotten_at = @forgottenAt, updated_at = @updatedAt, revision = @revision, text_hash = @hash, tags = @tags,
  title = @title, text = @text, more = @more, solution = @solution, statements = @statements`

/** Of one item. */
const MOST_USES = 20

export function createMemoryStore(db: Database): MemoryStore {
  const wordChanges = createWordChanges(db)
  const said = createStatementRows(db)
  const insert = db.prepare(`INSERT INTO memory_items (id, kind, scope, workspace_id, session_id, importance, sensitive, trust, expires_at, pinned, archived, forgotten_at, used_at,
      use_count, created_at, updated_at, revision, text_hash, source_by, source_session_id, source_run_id, source_entry_id, source_path, tags, title, text, more, solution, statements)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const get = db.prepare<[string], MemoryRow>(memoryQueries.get)
  const byPosition = db.prepare<[number], MemoryRow>(memoryQueries.byPosition)
  const byHash = db.prepare<[number], MemoryRow>(memoryQueries.byHash)
  const ofSession = db.prepare<[string], MemoryRow>(memoryQueries.ofSession)
  const walk = db.prepare<[object], MemoryRow>(memoryQueries.walk)
  const nextPosition = db.prepare<[number], number>(memoryQueries.nextPosition).pluck()
  const update = db.prepare(`UPDATE memory_items SET ${changing} WHERE position = @position`)
  const dropVector = db.prepare<[number]>('DELETE FROM memory_vectors WHERE item = ?')
  const addRevision = db.prepare(`INSERT INTO memory_revisions (item, revision, at, action, by, cause, session_id, run_id, entry_id, before)
    VALUES (@position, @revision, @at, @action, @by, @cause, @sessionId, @runId, @entryId, @before)`)
  const revisions = db.prepare<[object], RevisionRow>(memoryQueries.revisions)
  const revisedAfter = db.prepare<[object], number>(memoryQueries.revisedAfter).pluck()
  const createdAfter = db.prepare<[object], number>(memoryQueries.createdAfter).pluck()
  const changedBy = db.prepare<[object], number>(memoryQueries.changedBy).pluck()
  const uses = createUses(db)
  const { isUnfinished, ...scrubbing } = createScrub(db, securely(db, atomic(db, wordChanges.prune)))
  const eraser = createEraser(db, { wordChanges, said }, (id) => get.get(id))
  const saveRevision = (position: number, { before, ...revision }: StoredRevision) => void addRevision.run({ ...revision, position, before: JSON.stringify(before) })

  return {
    insert: atomic(db, (item, hash) => {
      const row = toNewRow(item, hash)
      // By place: names take as long as the rest of it.
      const position = Number(insert.run(
        row.id, row.kind, row.scope, row.workspaceId, row.sessionId, row.importance, row.sensitive, row.trust, row.expiresAt, row.pinned, row.archived, row.forgottenAt, row.usedAt,
        row.useCount, row.createdAt, row.updatedAt, row.revision, row.hash, row.by, row.sourceSessionId, row.runId, row.entryId, row.path, row.tags, row.title, row.text, row.more, row.solution, row.statements,
      ).lastInsertRowid)
      if (row.statements !== null) said.put(position, item.statements, true)
      return { ...item, position }
    }),
    get: (id) => fromRow(get.get(id)),
    getMany: (positions) => positions.flatMap((position) => fromRow(byPosition.get(position)) ?? []),
    change: atomic(db, (before, after, hash, revision) => {
      const old = byPosition.get(before.position)
      if (!old || old.revision !== before.revision) throw new Error('the item has changed since it was read')
      const row = toChangingRow(after, hash)
      update.run({ ...row, position: before.position })
      saveRevision(before.position, revision)
      if (row.statements !== old.statements) said.put(before.position, after.statements, false)
      const isGone = after.forgottenAt !== null
      const moved = isGone !== (old.forgotten_at !== null)
      if (moved || !isSame(old, row)) {
        wordChanges.add(before.position, old, old.forgotten_at !== null)
        // Made anew from the new text.
        dropVector.run(before.position)
      }
    }),
    addRevision: saveRevision,
    revisions: (position, query) => revisions.all({ position, ...query }).map(toRevision),
    findByHash: (hash) => byHash.all(hash).map(toMemory),
    ofSession: (sessionId) => ofSession.all(sessionId).map(toMemory),
    findByFact: (entity, attribute) => said.itemsByFact(entity, attribute).flatMap((position) => fromRow(byPosition.get(position)) ?? []),
    walk: (after, span) => {
      const until = after + span
      return { items: walk.all({ after, until }).map(toMemory), next: nextPosition.get(until) === undefined ? null : until }
    },
    wordsTaken: wordChanges.taken,
    hasErasedWords: () => wordChanges.hasErased() || isUnfinished(),
    ...uses,
    changedAfter: (at, { after, span }) => {
      const until = after + span
      const positions = new Set([...revisedAfter.all({ at, after, until }), ...createdAfter.all({ at, after, until })])
      return { positions: [...positions], next: nextPosition.get(until) === undefined ? null : until }
    },
    changedBy: (sessionIds, at, limit) => changedBy.all({ sessions: JSON.stringify(sessionIds), at, limit }),
    ...eraser,
    ...scrubbing,
  }
}

/** When it was sent to a model: how often, and the newest turns. */
function createUses(db: Database): Pick<MemoryStore, 'use' | 'uses'> {
  const use = db.prepare<[object]>(memoryQueries.use)
  const add = db.prepare<[object]>('INSERT OR IGNORE INTO memory_uses (item, at, run_id, session_id) SELECT position, @at, @runId, @sessionId FROM memory_items WHERE id = @id')
  const dropOld = db.prepare<[string]>(`DELETE FROM memory_uses WHERE item = (SELECT position FROM memory_items WHERE id = ?)
    AND at <= (SELECT u.at FROM memory_uses u WHERE u.item = memory_uses.item ORDER BY u.at DESC LIMIT 1 OFFSET ${MOST_USES})`)
  const newest = db.prepare<[number], MemoryUse>(`SELECT at, run_id AS runId, session_id AS sessionId FROM memory_uses WHERE item = ? ORDER BY at DESC LIMIT ${MOST_USES}`)
  return {
    use: atomic(db, (ids, at, by) => {
      for (const id of ids) {
        use.run({ id, at })
        if (!by) continue
        add.run({ id, at, ...by })
        dropOld.run(id)
      }
    }),
    uses: (position) => newest.all(position),
  }
}

function createEraser(db: Database, { wordChanges, said }: { readonly wordChanges: WordChanges; readonly said: StatementRows }, get: (id: string) => MemoryRow | undefined): Pick<MemoryStore, 'erase' | 'leftOf'> {
  const remove = db.prepare<[number]>('DELETE FROM memory_items WHERE position = ?')
  const revisionTexts = db.prepare<[number], string>('SELECT before FROM memory_revisions WHERE item = ?').pluck()
  const removeRevisions = db.prepare<[number]>('DELETE FROM memory_revisions WHERE item = ?')
  const removeUses = db.prepare<[number]>('DELETE FROM memory_uses WHERE item = ?')
  const removeVector = db.prepare<[number]>('DELETE FROM memory_vectors WHERE item = ?')
  const tables = { memory_items: 'position', memory_revisions: 'item', memory_uses: 'item', memory_vectors: 'item' } as const
  const counts = Object.entries(tables).map(([table, column]) => ({ in: table, count: db.prepare<[number], number>(`SELECT count(*) FROM ${table} WHERE ${column} = ?`).pluck() }))
  const wordsOfItem = (item: Indexed) => wordsOf(`${item.title} ${item.text} ${item.more}`)

  return {
    erase: securely(db, atomic(db, (ids: readonly string[]) => {
      const removed = new Map<string, number>()
      const count = (from: string, rows: number) => { removed.set(from, (removed.get(from) ?? 0) + rows) }
      for (const id of ids) {
        const row = get(id)
        if (!row) continue
        const words = new Set(wordsOfItem(row))
        // Those of what it said before too.
        for (const before of revisionTexts.all(row.position)) for (const word of wordsOf(before)) words.add(word)
        wordChanges.add(row.position, row, row.forgotten_at !== null, words)
        for (const { from, rows } of said.remove(row.position)) count(from, rows)
        count('memory_uses', removeUses.run(row.position).changes)
        count('memory_vectors', removeVector.run(row.position).changes)
        count('memory_revisions', removeRevisions.run(row.position).changes)
        count('memory_items', remove.run(row.position).changes)
      }
      return { removed: [...removed].map(([from, rows]) => ({ from, rows })) }
    })),
    leftOf: (items: readonly StoredMemory[]) => {
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
      return [
        ...said.leftOf(items),
        ...counts.map(({ in: place, count }) => ({ in: place, rows: sum(items.map(({ position }) => count.get(position) ?? 0)) })),
        { in: 'memory_word_changes', rows: sum(items.map(({ position }) => wordChanges.of(position))) },
      ]
    },
  }
}

/** What is removed is overwritten in the file. */
function securely<Args extends unknown[], Result>(db: Database, work: (...args: Args) => Result): (...args: Args) => Result {
  return (...args) => {
    db.pragma('secure_delete = ON')
    try {
      return work(...args)
    } finally {
      db.pragma('secure_delete = FAST')
    }
  }
}

function fromRow(row: MemoryRow | undefined): StoredMemory | null {
  return row ? toMemory(row) : null
}

function isSame(left: Indexed, right: Indexed): boolean {
  return left.title === right.title && left.text === right.text && left.more === right.more
}

function toRevision(row: RevisionRow): StoredRevision {
  return {
    revision: row.revision, at: row.at, action: row.action, by: row.by, cause: row.cause, sessionId: row.session_id, runId: row.run_id, entryId: row.entry_id,
    before: JSON.parse(row.before),
  }
}
