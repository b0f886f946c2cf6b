import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SearchHit, SearchResult } from '#contract/search'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { formatAge } from '../../lib/format'
import { useLater, useNow } from '../../lib/hooks'
import { useServices } from '../../lib/services'

export interface SearchResultsProps {
  readonly search: string
  readonly workspaceName: (id: string | null) => string
  /** `entryId` null: the title was found, or the session itself was pressed. */
  readonly onOpen: (sessionId: string, entryId: string | null) => void
}

const kinds: Readonly<Record<SearchHit['kind'], string>> = { title: 'Title', user: 'You', agent: 'Agent', tool: 'Tool' }

/** What the search of titles, messages and tool texts found, by session. */
export function SearchResults({ search, workspaceName, onOpen }: SearchResultsProps) {
  const { orpc } = useServices()
  const query = useLater(search.trim() === search ? search : `${search.trim()} `, 150)
  const answer = useQuery({ ...orpc.search.sessions.queryOptions({ input: { query } }), placeholderData: keepPreviousData, staleTime: 0, gcTime: 30_000 })
  const now = useNow(60_000)
  const count = answer.data?.items.length ?? 0
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
      <p role="status" className="px-1.5 pt-1 pb-1 text-xs text-muted">
        {answer.data === undefined ? '' : `${count}${answer.data.truncated ? ' or more' : ''} ${count === 1 ? 'session' : 'sessions'}`}
        {answer.data?.complete === false && ' · older messages are still being taken in'}
      </p>
      {answer.isPending && <Skeleton rows={5} label="Searching" className="p-2" />}
      {answer.error !== null && <ErrorNote error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.data !== undefined && count === 0 && (
        <p className="px-2 py-6 text-center text-muted">Nothing found. Quotation marks hold words together, an asterisk leaves the end of a word open.</p>
      )}
      <ul aria-label="Found sessions" className="flex flex-col gap-1.5">
        {answer.data?.items.map((result) => (
          <li key={result.session.id}><Result result={result} query={query} now={now} place={workspaceName(result.session.workspaceId)} onOpen={onOpen} /></li>
        ))}
      </ul>
    </div>
  )
}

function Result({ result, query, now, place, onOpen }: {
  readonly result: SearchResult
  readonly query: string
  readonly now: number
  readonly place: string
  readonly onOpen: SearchResultsProps['onOpen']
}) {
  const { orpc } = useServices()
  const [all, setAll] = useState(false)
  const { session, count } = result
  const more = useQuery({ ...orpc.search.sessions.queryOptions({ input: { query, sessionId: session.id } }), enabled: all })
  const hits = (all ? more.data?.items[0]?.hits : undefined) ?? result.hits
  const [title] = hits.filter((hit) => hit.kind === 'title')
  return (
    <div className="rounded-md border border-line bg-surface">
      <button type="button" onClick={() => onOpen(session.id, null)} className="flex w-full flex-col rounded-md px-2 py-1 text-start hover:bg-hover">
        <span className="w-full truncate font-medium" dir="auto">{title === undefined ? session.title : <Snippet hit={title} />}</span>
        <span className="w-full truncate text-xs text-muted">{formatAge(session.updatedAt, now)} · {place}{session.archived && ' · archived'}</span>
      </button>
      <ul>
        {hits.filter((hit) => hit.kind !== 'title').map((hit) => (
          <li key={hit.entryId} className="border-t border-line">
            <button type="button" onClick={() => onOpen(session.id, hit.entryId)} className="w-full px-2 py-1 text-start text-xs hover:bg-hover">
              <span className="me-1.5 font-medium text-muted">{kinds[hit.kind]}</span>
              <span className="break-words" dir="auto"><Snippet hit={hit} /></span>
            </button>
          </li>
        ))}
      </ul>
      {count > hits.length && !all && (
        <Button small tone="quiet" className="w-full" onClick={() => setAll(true)}>{count - hits.length} more here</Button>
      )}
    </div>
  )
}

function Snippet({ hit }: { readonly hit: SearchHit }) {
  return hit.snippet.map((part, index) =>
    part.hit ? <mark key={index} className="rounded-sm bg-warning-soft text-warning">{part.text}</mark> : <span key={index}>{part.text}</span>)
}
