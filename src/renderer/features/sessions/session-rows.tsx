import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { MessagesSquare } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Session } from '#contract/sessions'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { useNow } from '../../lib/hooks'
import type { SessionPlace } from '../../lib/queries'
import { useServices } from '../../lib/services'
import { DeleteDialog } from './delete-dialog'
import { plainRows, type SessionListRow, sessionListRows } from './group-sessions'
import { RenameField } from './rename-field'
import { SessionItem } from './session-item'
import { useSessionActions } from './use-session-actions'

export interface SessionRowsProps {
  readonly shown: SessionPlace
  readonly selectedId: string | null
  readonly workspaceName: (id: string | null) => string
  readonly onSelect: (id: string) => void
  /** After a session was deleted or archived. */
  readonly onGone: (id: string) => void
}

type Doing = { readonly what: 'rename' | 'delete'; readonly session: Session }

export function SessionRows({ shown, selectedId, workspaceName, onSelect, onGone }: SessionRowsProps) {
  const now = useNow(60_000)
  const { sessions, rows } = useRows(shown)
  const [doing, setDoing] = useState<Doing | null>(null)
  const actions = useSessionActions({ onGone })
  const { scroller, list, currentId, setCurrentId, focus, buttons } = useRovingRows(rows, selectedId)
  const stopRenaming = (id: string): void => {
    setDoing(null)
    focus(id)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const ids = rows.flatMap((row) => (row.kind === 'session' ? [row.session] : []))
    const at = ids.findIndex((session) => session.id === currentId)
    const session = ids[at]
    const target = moveTo(event.key, at, ids.length)
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement) || event.target.closest('[data-row-keys]') === null) return
    if (target !== null) focus(ids[target]?.id ?? '')
    else if (event.key === 'F2' && session?.deletedAt === null) setDoing({ what: 'rename', session })
    else if (event.key === 'Delete' && session !== undefined) {
      if (session.deletedAt !== null) return setDoing({ what: 'delete', session })
      actions.trash(session)
      focus((ids[at + 1] ?? ids[at - 1])?.id ?? '')
    } else return
    event.preventDefault()
  }
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2">
      {sessions.isPending && <Skeleton rows={5} label="Loading sessions" className="p-2" />}
      {sessions.error !== null && <ErrorNote error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.isSuccess && rows.length === 0 && <NoRows shown={shown} />}
      <ul className="relative" style={{ height: list.getTotalSize() }} onKeyDown={onKeyDown}>
        {list.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (row === undefined) return null
          const { key } = row
          return (
            <li key={item.key} ref={list.measureElement} data-index={item.index} className="absolute top-0 left-0 w-full" style={{ transform: `translateY(${item.start}px)` }}>
              {row.kind === 'group' && <h2 className="px-1.5 pt-2 pb-1 text-xs font-semibold text-muted">{row.group} ({row.count})</h2>}
              {row.kind === 'session' && (doing?.what === 'rename' && doing.session.id === key
                ? <RenameField title={row.session.title} onClose={() => stopRenaming(key)} onSave={(title) => actions.rename(row.session, title)} />
                : (
                  <div data-row-keys>
                    <SessionItem
                      ref={(button) => void (button === null ? buttons.delete(key) : buttons.set(key, button))}
                      session={row.session}
                      selected={key === selectedId}
                      isCurrent={key === currentId}
                      place={workspaceName(row.session.workspaceId)}
                      now={now}
                      actions={actions}
                      onSelect={() => onSelect(key)}
                      onFocus={() => setCurrentId(key)}
                      onRename={() => setDoing({ what: 'rename', session: row.session })}
                      onDeleteForGood={() => setDoing({ what: 'delete', session: row.session })}
                    />
                  </div>
                ))}
            </li>
          )
        })}
      </ul>
      {doing?.what === 'delete' && <DeleteDialog session={doing.session} onClose={() => setDoing(null)} onDeleted={() => onGone(doing.session.id)} />}
    </div>
  )
}

/** All pages are loaded one after the other, since a session that needs attention may be an old one. */
function useRows(shown: SessionPlace) {
  const { queries } = useServices()
  const sessions = useInfiniteQuery({ ...queries.sessions(shown), select: (data) => data.pages.flatMap((page) => page.items) })
  const rows = useMemo(() => (shown === 'active' ? sessionListRows : plainRows)(sessions.data ?? []), [sessions.data, shown])
  const wantsMore = sessions.hasNextPage && !sessions.isFetchingNextPage && !sessions.isFetchNextPageError
  const { fetchNextPage } = sessions
  useEffect(() => {
    if (wantsMore) void fetchNextPage()
  }, [wantsMore, fetchNextPage])
  return { sessions, rows }
}

function moveTo(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown': return Math.min(at + 1, count - 1)
    case 'ArrowUp': return Math.max(at - 1, 0)
    case 'Home': return 0
    case 'End': return count - 1
    default: return null
  }
}

/** One row is in the order of Tab; the arrows move to the others, also to those that are not in the page yet. */
function useRovingRows(rows: readonly SessionListRow[], selectedId: string | null) {
  const scroller = useRef<HTMLDivElement>(null)
  const [buttons] = useState(() => new Map<string, HTMLButtonElement>())
  const [picked, setPicked] = useState<string | null>(null)
  const wanted = useRef<string | null>(null)
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.key ?? index,
    estimateSize: (index) => (rows[index]?.kind === 'group' ? 30 : 46),
    overscan: 10,
  })
  const has = (id: string | null): boolean => id !== null && rows.some((row) => row.kind === 'session' && row.key === id)
  const currentId = has(picked) ? picked : has(selectedId) ? selectedId : (rows.find((row) => row.kind === 'session')?.key ?? null)
  const focus = (id: string): void => {
    const index = rows.findIndex((row) => row.key === id)
    if (index === -1) return
    setPicked(id)
    wanted.current = id
    list.scrollToIndex(index, { align: 'auto' })
  }
  useLayoutEffect(() => {
    const button = wanted.current === null ? undefined : buttons.get(wanted.current)
    if (button === undefined) return
    button.focus({ preventScroll: true })
    wanted.current = null
  })
  return { scroller, list, currentId, setCurrentId: setPicked, focus, buttons }
}

function NoRows({ shown }: { readonly shown: SessionPlace }) {
  if (shown === 'archived') return <p className="px-2 py-6 text-center text-muted">Nothing is archived.</p>
  if (shown === 'deleted') return <p className="px-2 py-6 text-center text-muted">The bin is empty.</p>
  return (
    <EmptyState icon={<MessagesSquare />} title="No sessions yet">
      <p>Start one with New session.</p>
    </EmptyState>
  )
}
