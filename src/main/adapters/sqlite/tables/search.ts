import type { Database } from 'better-sqlite3'
import type { EntryPayload } from '#contract/entries'
import type { FoundText, SearchStore } from '#core/ports/search-store'
import type { SearchTerm } from '#core/search/query'
import { searchText } from '#core/search/search-text'

interface FoundRow {
  readonly session_id: string
  readonly entry_id: string | null
  readonly kind: FoundText['kind']
  readonly at: number
}
interface EntryRow {
  readonly row: number
  readonly id: string
  readonly session_id: string
  readonly at: number
  readonly kind: string
  readonly payload: string
}

/** A long text is as much work as many short ones. */
const MOST_CHARS_AT_ONCE = 200_000

/** The index first, in its own order: anything else would look at every text. */
const found = `SELECT t.session_id, t.entry_id, t.kind, t.at FROM search_index i
  CROSS JOIN search_texts t ON t.id = i.rowid CROSS JOIN sessions s ON s.id = t.session_id
  WHERE search_index MATCH @match AND s.deleted_at IS NULL AND (@workspaceId IS NULL OR s.workspace_id = @workspaceId)`
const textInsert = 'INSERT INTO search_texts (session_id, entry_id, kind, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'
const newestRow = 'coalesce((SELECT max(rowid) FROM entries), 0)'

export const searchQueries = {
  find: `${found} ORDER BY i.rowid DESC LIMIT @limit`,
  findInSession: `${found} AND t.session_id = @sessionId ORDER BY i.rowid DESC LIMIT @limit`,
  nextEntries: 'SELECT rowid AS row, id, session_id, at, kind, payload FROM entries WHERE rowid > ? ORDER BY rowid LIMIT ?',
  titleOf: 'SELECT id FROM search_texts WHERE session_id = ? AND entry_id IS NULL',
  idsOf: 'SELECT id FROM search_texts WHERE session_id = ?',
}

/** What the table of sessions tells the index, in its transactions. */
export interface SearchIndex {
  setTitle(sessionId: string, title: string, at: number): void
  /** Calls `remove`, which takes the session's row with its entries. */
  removeSession(sessionId: string, remove: () => void): void
}

export function createSearchIndex(db: Database): SearchIndex {
  const insertText = db.prepare<[string, string | null, string, number]>(textInsert)
  const insertTitle = db.prepare<[number | bigint, string]>('INSERT INTO search_index (rowid, title) VALUES (?, ?)')
  const removeText = db.prepare<[number]>('DELETE FROM search_index WHERE rowid = ?')
  const titleOf = db.prepare<[string], { id: number }>(searchQueries.titleOf)
  const idsOf = db.prepare<[string], { id: number }>(searchQueries.idsOf)
  // Numbers of rows above the highest are given out again.
  const stepBack = db.prepare(`UPDATE search_progress SET after_row = ${newestRow}, after_entry = (SELECT id FROM entries WHERE rowid = ${newestRow})
    WHERE after_row > ${newestRow}`)

  return {
    setTitle(sessionId, title, at) {
      const known = titleOf.get(sessionId)
      if (known) removeText.run(known.id)
      insertTitle.run(known?.id ?? insertText.run(sessionId, null, 'title', at).lastInsertRowid, title)
    },
    removeSession(sessionId, remove) {
      for (const { id } of idsOf.all(sessionId)) removeText.run(id)
      remove()
      stepBack.run()
    },
  }
}

export function createSearchStore(db: Database): SearchStore {
  const find = db.prepare<[object], FoundRow>(searchQueries.find)
  const findInSession = db.prepare<[object], FoundRow>(searchQueries.findInSession)
  const nextEntries = db.prepare<[number, number], EntryRow>(searchQueries.nextEntries)
  const progress = db.prepare<[], number>('SELECT after_row FROM search_progress').pluck()
  const setProgress = db.prepare<[number, string]>('UPDATE search_progress SET after_row = ?, after_entry = ?')
  const isComplete = db.prepare<[], number>(`SELECT after_row >= ${newestRow} FROM search_progress`).pluck()
  const insertText = db.prepare<[string, string, string, number]>(textInsert)
  const insertBody = db.prepare<[number | bigint, string]>('INSERT INTO search_index (rowid, body) VALUES (?, ?)')
  // A copy of a database may number its rows anew: then the entry is looked for, or all are looked at again, which harms nothing.
  const findPlace = db.prepare(`UPDATE search_progress SET after_row = coalesce((SELECT rowid FROM entries WHERE id = after_entry), 0)
    WHERE after_row > 0 AND after_entry IS NOT (SELECT id FROM entries WHERE rowid = after_row)`)
  findPlace.run()

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
      const rows = nextEntries.all(progress.get() ?? 0, limit)
      let chars = 0
      for (const { row, id, session_id: sessionId, at, kind, payload } of rows) {
        const text = searchText({ kind, ...JSON.parse(payload) } as EntryPayload)
        const added = text && insertText.run(sessionId, id, text.kind, at)
        if (added?.changes === 1) insertBody.run(added.lastInsertRowid, text?.text ?? '')
        setProgress.run(row, id)
        chars += text?.text.length ?? 0
        if (chars > MOST_CHARS_AT_ONCE) break
      }
      return isComplete.get() === 1
    }).immediate,
    isComplete: () => isComplete.get() === 1,
  }
}

/** In the language of FTS5; every word is quoted, so none of it can be taken for an operator. */
function matchOf(terms: readonly SearchTerm[]): string {
  return terms.map(({ words, prefix }) => `"${words.join(' ')}"${prefix ? ' *' : ''}`).join(' AND ')
}

function toFound(row: FoundRow): FoundText {
  return { sessionId: row.session_id, entryId: row.entry_id, kind: row.kind, at: row.at }
}
