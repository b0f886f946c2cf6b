import type { Database } from 'better-sqlite3'
import type { Entry, EntryPayload } from '#contract/entries'
import type { FoundText, SearchStore } from '#core/ports/search-store'
import type { SearchTerm } from '#core/search/query'
import { searchText } from '#core/search/search-text'

interface FoundRow {
  readonly session_id: string
  readonly entry_id: string | null
  readonly kind: FoundText['kind']
  readonly at: number
}
interface OldEntryRow {
  readonly id: string
  readonly session_id: string
  readonly at: number
  readonly kind: string
  readonly payload: string
}

/** A long text is as much work as many short ones. */
const MOST_CHARS_AT_ONCE = 200_000

const found = `SELECT t.session_id, t.entry_id, t.kind, t.at FROM search_index i
  JOIN search_texts t ON t.id = i.rowid JOIN sessions s ON s.id = t.session_id
  WHERE search_index MATCH @match AND s.deleted_at IS NULL AND (@workspaceId IS NULL OR s.workspace_id = @workspaceId)`

export const searchQueries = {
  find: `${found} ORDER BY i.rowid DESC LIMIT @limit`,
  findInSession: `${found} AND t.session_id = @sessionId ORDER BY i.rowid DESC LIMIT @limit`,
  oldEntries: 'SELECT id, session_id, at, kind, payload FROM entries WHERE id > ? ORDER BY id LIMIT ?',
  newestOld: 'SELECT id FROM search_texts WHERE id < ? ORDER BY id DESC LIMIT 1',
  titleOf: 'SELECT id FROM search_texts WHERE session_id = ? AND entry_id IS NULL',
  idsOf: 'SELECT id FROM search_texts WHERE session_id = ?',
}

/** What the tables of sessions and entries tell the index, in their transactions. */
export interface SearchIndex {
  setTitle(sessionId: string, title: string, at: number): void
  addEntry(entry: Pick<Entry, 'id' | 'sessionId' | 'at' | 'payload'>): void
  /** Before the session's row goes. */
  removeSession(sessionId: string): void
}

export function createSearchIndex(db: Database): SearchIndex {
  const insertText = db.prepare<[number | null, string, string | null, string, number]>(
    'INSERT INTO search_texts (id, session_id, entry_id, kind, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const insertTitle = db.prepare<[number | bigint, string]>('INSERT INTO search_index (rowid, title) VALUES (?, ?)')
  const insertBody = db.prepare<[number | bigint, string]>('INSERT INTO search_index (rowid, body) VALUES (?, ?)')
  const remove = db.prepare<[number]>('DELETE FROM search_index WHERE rowid = ?')
  const titleOf = db.prepare<[string], { id: number }>(searchQueries.titleOf)
  const idsOf = db.prepare<[string], { id: number }>(searchQueries.idsOf)
  // The first of a new profile is where all new ones begin.
  const next = db.prepare<[], { id: number }>('SELECT max(coalesce((SELECT max(id) FROM search_texts), 0), first_new) + 1 AS id FROM search_progress')

  return {
    setTitle(sessionId, title, at) {
      const known = titleOf.get(sessionId)
      if (known) remove.run(known.id)
      const id = known?.id ?? insertText.run(next.get()?.id ?? null, sessionId, null, 'title', at).lastInsertRowid
      insertTitle.run(id, title)
    },
    addEntry({ id, sessionId, at, payload }) {
      const text = searchText(payload)
      if (text) insertBody.run(insertText.run(next.get()?.id ?? null, sessionId, id, text.kind, at).lastInsertRowid, text.text)
    },
    removeSession(sessionId) {
      for (const { id } of idsOf.all(sessionId)) remove.run(id)
    },
  }
}

export function createSearchStore(db: Database): SearchStore {
  const find = db.prepare<[object], FoundRow>(searchQueries.find)
  const findInSession = db.prepare<[object], FoundRow>(searchQueries.findInSession)
  const oldEntries = db.prepare<[string, number], OldEntryRow>(searchQueries.oldEntries)
  const newestOld = db.prepare<[number], { id: number }>(searchQueries.newestOld)
  const progress = db.prepare<[], { first_new: number; after_entry: string | null; complete: number }>('SELECT first_new, after_entry, complete FROM search_progress')
  const setProgress = db.prepare<[string | null, number]>('UPDATE search_progress SET after_entry = ?, complete = ?')
  const insertText = db.prepare<[number, string, string, string, number]>(
    'INSERT INTO search_texts (id, session_id, entry_id, kind, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const insertBody = db.prepare<[number, string]>('INSERT INTO search_index (rowid, body) VALUES (?, ?)')

  return {
    find(terms, { workspaceId = null, sessionId, limit }) {
      const select = (column: 'title' | 'body', most: number) => {
        const parameters = { match: `{${column}} : (${matchOf(terms)})`, workspaceId, limit: most }
        return sessionId === undefined ? find.all(parameters) : findInSession.all({ ...parameters, sessionId })
      }
      const titles = select('title', limit)
      return [...titles, ...select('body', Math.max(0, limit - titles.length))].map(toFound)
    },
    takeIn: db.transaction<SearchStore['takeIn']>((limit) => {
      const at = progress.get()
      if (!at || at.complete === 1) return true
      const rows = oldEntries.all(at.after_entry ?? '', limit)
      let id = newestOld.get(at.first_new)?.id ?? 0
      let chars = 0
      let last = at.after_entry
      let taken = 0
      for (const row of rows) {
        const text = searchText({ kind: row.kind, ...JSON.parse(row.payload) } as EntryPayload)
        // New ones are in it already.
        if (text && insertText.run(id + 1, row.session_id, row.id, text.kind, row.at).changes === 1) insertBody.run(id += 1, text.text)
        last = row.id
        taken += 1
        chars += text?.text.length ?? 0
        if (chars > MOST_CHARS_AT_ONCE) break
      }
      const complete = taken === rows.length && rows.length < limit
      setProgress.run(last, complete ? 1 : 0)
      return complete
    }).immediate,
    isComplete: () => progress.get()?.complete === 1,
  }
}

/** In the language of FTS5; every word is quoted, so none of it can be taken for an operator. */
function matchOf(terms: readonly SearchTerm[]): string {
  return terms.map(({ words, prefix }) => `"${words.join(' ')}"${prefix ? ' *' : ''}`).join(' AND ')
}

function toFound(row: FoundRow): FoundText {
  return { sessionId: row.session_id, entryId: row.entry_id, kind: row.kind, at: row.at }
}
