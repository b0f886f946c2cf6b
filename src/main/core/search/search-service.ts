import type { SearchAnswer, SearchHit, SearchResult } from '#contract/search'
import type { FoundText } from '../ports/search-store'
import type { Store } from '../ports/store'
import type { Clock, Logger } from '../ports/system'
import { parseQuery, type SearchTerm } from './query'
import { searchText } from './search-text'
import { snippetOf } from './snippet'

const MOST_FOUND = 1000
const MOST_SESSIONS = 50
const HITS_SHOWN = 3
const HITS_OF_ONE_SESSION = 100

/** So little at a time that nothing else has to wait for it. */
const TAKEN_IN_AT_ONCE = 50
const PAUSE_MS = 25

export interface SearchService {
  find(query: { readonly query: string; readonly workspaceId?: string | undefined; readonly sessionId?: string | undefined }): SearchAnswer
  /** Takes in what was written before there was an index, beside other work. The result stops it; the next start goes on. */
  start(): () => void
}

export function createSearchService({ store, clock, logger }: { readonly store: Store; readonly clock: Clock; readonly logger: Logger }): SearchService {
  const find: SearchService['find'] = ({ query, workspaceId, sessionId }) => {
    const terms = parseQuery(query)
    if (terms.length === 0) return { items: [], truncated: false, complete: store.search.isComplete() }
    const found = store.search.find(terms, { workspaceId, sessionId, limit: MOST_FOUND + 1 })
    const groups = groupBySession(found.slice(0, MOST_FOUND))
    const shown = sessionId === undefined ? HITS_SHOWN : HITS_OF_ONE_SESSION
    const items = [...groups].slice(0, MOST_SESSIONS).flatMap(([id, texts]) => resultOf(store, id, texts, terms, shown))
    return { items, truncated: found.length > MOST_FOUND || groups.size > MOST_SESSIONS, complete: store.search.isComplete() }
  }

  const start = () => {
    let cancel: (() => void) | null = null
    const next = () => { cancel = clock.after(PAUSE_MS, step) }
    const step = () => {
      try {
        if (!store.transaction(() => store.search.takeIn(TAKEN_IN_AT_ONCE), 'later')) next()
      } catch (error) {
        // A full disk, say. What is in stays in; the next start goes on.
        logger.warn('search.not_taken_in', { error })
      }
    }
    if (!store.search.isComplete()) next()
    return () => cancel?.()
  }

  return { find, start }
}

function groupBySession(found: readonly FoundText[]): Map<string, FoundText[]> {
  const groups = new Map<string, FoundText[]>()
  for (const text of found) {
    const known = groups.get(text.sessionId)
    if (known) known.push(text)
    else groups.set(text.sessionId, [text])
  }
  return groups
}

function resultOf(store: Store, id: string, texts: readonly FoundText[], terms: readonly SearchTerm[], shown: number): SearchResult[] {
  const session = store.sessions.get(id)
  if (!session) return []
  const { title, workspaceId, archived, updatedAt } = session
  const hits = texts.slice(0, shown).map(({ entryId, kind, at }): SearchHit => {
    const entry = entryId === null ? null : store.journal.get(entryId)
    const text = entry === null ? title : (searchText(entry.payload)?.text ?? '')
    return { entryId, kind, at, snippet: snippetOf(text, terms) }
  })
  return [{ session: { id, title, workspaceId, archived, updatedAt }, hits, count: texts.length }]
}
