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
/** How often it looks for new entries. */
const IDLE_MS = 5000
/** Taken in before an answer, so that it knows what was just said: this many times. */
const TURNS_BEFORE_ANSWER = 10

export interface SearchService {
  find(query: { readonly query: string; readonly workspaceId?: string | undefined; readonly sessionId?: string | undefined }): SearchAnswer
  /** Takes in what is written, beside other work. The result stops it; the next start goes on. */
  start(): () => void
}

export function createSearchService({ store, clock, logger }: { readonly store: Store; readonly clock: Clock; readonly logger: Logger }): SearchService {
  const takeIn = () => store.transaction(() => store.search.takeIn(TAKEN_IN_AT_ONCE), 'later')
  const catchUp = () => {
    for (let turn = 0; turn < TURNS_BEFORE_ANSWER && !store.search.isComplete(); turn += 1) takeIn()
  }
  const find: SearchService['find'] = ({ query, workspaceId, sessionId }) => {
    const terms = parseQuery(query)
    if (terms.length === 0) return { items: [], truncated: false, complete: store.search.isComplete() }
    catchUp()
    const found = store.search.find(terms, { workspaceId, sessionId, limit: MOST_FOUND + 1 })
    const groups = groupBySession(found.slice(0, MOST_FOUND))
    const shown = sessionId === undefined ? HITS_SHOWN : HITS_OF_ONE_SESSION
    const items = [...groups].slice(0, MOST_SESSIONS).flatMap(([id, texts]) => resultOf(store, id, texts, terms, shown))
    return { items, truncated: found.length > MOST_FOUND || groups.size > MOST_SESSIONS, complete: store.search.isComplete() }
  }

  const start = () => {
    let isWarned = false
    const isDone = () => {
      try {
        return store.search.isComplete() || takeIn()
      } catch (error) {
        // A full disk, say. What is in stays in; it is tried again.
        if (!isWarned) logger.warn('search.not_taken_in', { error })
        isWarned = true
        return true
      }
    }
    const step = () => { cancel = clock.after(isDone() ? IDLE_MS : PAUSE_MS, step) }
    let cancel = clock.after(PAUSE_MS, step)
    return () => cancel()
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
