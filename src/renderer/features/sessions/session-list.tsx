import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { MessagesSquare, Plus, Search } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'
import { useNow } from '../../lib/hooks'
import { useServices } from '../../lib/services'
import { sessionListRows } from './group-sessions'
import { SessionItem } from './session-item'

export interface SessionListProps {
  readonly selectedId: string | null
  readonly workspaceName: (id: string | null) => string
  readonly onSelect: (id: string) => void
  /** After the selected session was deleted or archived. */
  readonly onGone: (id: string) => void
  readonly onNew: () => void
  readonly isNewDisabled: boolean
}

export function SessionList({ selectedId, workspaceName, onSelect, onGone, onNew, isNewDisabled }: SessionListProps) {
  const [search, setSearch] = useState('')
  const [archived, setArchived] = useState(false)
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2 pt-2">
      <div className="flex flex-col gap-2 px-2">
        <Button tone="primary" disabled={isNewDisabled} onClick={onNew} className="w-full"><Plus aria-hidden className="size-4" />New session</Button>
        <div className="relative">
          <Search aria-hidden className="pointer-events-none absolute top-2 left-2 size-4 text-muted" />
          <input
            type="search"
            aria-label="Search sessions by title"
            placeholder="Search sessions"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className={classNames(inputStyle, 'pl-8')}
          />
        </div>
      </div>
      <Rows key={String(archived)} archived={archived} search={search} selectedId={selectedId} workspaceName={workspaceName} onSelect={onSelect} onGone={onGone} />
      <label className="flex items-center gap-2 border-t border-line px-3 py-1.5 text-xs text-muted">
        <input type="checkbox" checked={archived} onChange={(event) => setArchived(event.target.checked)} className="accent-accent" />
        Show archived
      </label>
    </div>
  )
}

type RowsProps = Pick<SessionListProps, 'selectedId' | 'workspaceName' | 'onSelect' | 'onGone'> & { readonly archived: boolean; readonly search: string }

function Rows({ archived, search, selectedId, workspaceName, onSelect, onGone }: RowsProps) {
  const { queries } = useServices()
  const now = useNow(60_000)
  const scroller = useRef<HTMLDivElement>(null)
  const sessions = useInfiniteQuery({ ...queries.sessions(archived), select: (data) => data.pages.flatMap((page) => page.items) })
  const rows = useMemo(() => sessionListRows(sessions.data ?? [], search), [sessions.data, search])
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => (rows[index]?.kind === 'group' ? 30 : 46),
    overscan: 10,
  })
  const items = list.getVirtualItems()
  // A search looks through all sessions, so the rest is loaded while one is typed.
  const wantsMore = sessions.hasNextPage && !sessions.isFetchingNextPage && !sessions.isFetchNextPageError &&
    (search.trim() !== '' || (items.at(-1)?.index ?? 0) >= rows.length - 10)
  const { fetchNextPage } = sessions
  useEffect(() => {
    if (wantsMore) void fetchNextPage()
  }, [wantsMore, fetchNextPage])

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2">
      {sessions.isPending && <Skeleton rows={5} label="Loading sessions" className="p-2" />}
      {sessions.error !== null && <ErrorNote error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.isSuccess && rows.length === 0 && <NoRows search={search} archived={archived} />}
      <ul className="relative" style={{ height: list.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]
          if (row === undefined) return null
          return (
            <li key={item.key} ref={list.measureElement} data-index={item.index} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${item.start}px)` }}>
              {row.kind === 'group'
                ? <h2 className="px-1.5 pt-2 pb-1 text-xs font-semibold text-muted">{row.group} ({row.count})</h2>
                : (
                  <SessionItem
                    session={row.session}
                    selected={row.session.id === selectedId}
                    place={workspaceName(row.session.workspaceId)}
                    now={now}
                    onSelect={() => onSelect(row.session.id)}
                    onGone={() => onGone(row.session.id)}
                  />
                )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function NoRows({ search, archived }: { readonly search: string; readonly archived: boolean }) {
  if (search.trim() !== '') return <p className="px-2 py-6 text-center text-muted">No session has this in its title.</p>
  if (archived) return <p className="px-2 py-6 text-center text-muted">Nothing is archived.</p>
  return (
    <EmptyState icon={<MessagesSquare />} title="No sessions yet">
      <p>Start one with New session.</p>
    </EmptyState>
  )
}
