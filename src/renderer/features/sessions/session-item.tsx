import { Archive, ArchiveRestore, Braces, EllipsisVertical, FileDown, Pencil, Pin, PinOff, Trash2, Undo2 } from 'lucide-react'
import type { Ref } from 'react'
import type { Session } from '#contract/sessions'
import { IconButton } from '../../components/button'
import { Menu, MenuItem } from '../../components/menu'
import { classNames } from '../../lib/class-names'
import { formatAge, shorten } from '../../lib/format'
import { SessionStatusDot } from './session-status'
import { type SessionActions, useExportSession } from './use-session-actions'

export interface SessionItemProps {
  readonly session: Session
  readonly selected: boolean
  /** Whether Tab comes here: one row of the list at a time. */
  readonly isCurrent: boolean
  readonly place: string
  readonly now: number
  readonly actions: SessionActions
  readonly onSelect: () => void
  readonly onFocus: () => void
  readonly onRename: () => void
  readonly onDeleteForGood: () => void
  readonly ref?: Ref<HTMLButtonElement>
}

export function SessionItem({ session, selected, isCurrent, place, now, actions, onSelect, onFocus, onRename, onDeleteForGood, ref }: SessionItemProps) {
  const isBinned = session.deletedAt !== null
  return (
    <div className={classNames('group/item flex items-center rounded-md', selected ? 'bg-accent-soft' : 'hover:bg-hover')} onFocus={onFocus}>
      <button
        ref={ref}
        type="button"
        tabIndex={isCurrent ? 0 : -1}
        aria-current={selected ? 'page' : undefined}
        aria-keyshortcuts={isBinned ? undefined : 'F2 Delete'}
        onClick={onSelect}
        onDoubleClick={isBinned ? undefined : onRename}
        className="flex min-w-0 flex-1 flex-col rounded-md py-1 ps-2 text-start"
      >
        <span className="flex w-full items-center gap-2">
          <SessionStatusDot status={session.status} />
          <span className="min-w-0 flex-1 truncate font-medium" dir="auto">{session.title}</span>
          {session.pinned && <Pin role="img" aria-label="Pinned" className="size-3 shrink-0 text-muted" />}
        </span>
        <span className="w-full truncate ps-4 text-xs text-muted">
          {session.openRequests > 0 && `${session.openRequests} to decide · `}
          {session.queuedRuns > 0 && `${session.queuedRuns} queued · `}
          {isBinned ? `deleted ${formatAge(session.deletedAt ?? now, now)} ago` : formatAge(session.updatedAt, now)} · {place}
        </span>
      </button>
      <Menu
        label={`Actions for ${shorten(session.title, 80)}`}
        trigger={
          <IconButton
            label={`Actions for ${shorten(session.title, 80)}`}
            title="Actions"
            tabIndex={isCurrent ? 0 : -1}
            icon={<EllipsisVertical />}
            className="me-1 opacity-0 group-focus-within/item:opacity-100 group-hover/item:opacity-100 data-[state=open]:opacity-100"
          />
        }
      >
        {isBinned
          ? (
            <>
              <MenuItem icon={<Undo2 />} onSelect={() => actions.untrash(session)}>Take out of the bin</MenuItem>
              <MenuItem icon={<Trash2 />} danger onSelect={onDeleteForGood}>Delete for good…</MenuItem>
            </>
          )
          : <LivingItems session={session} actions={actions} onRename={onRename} />}
      </Menu>
    </div>
  )
}

function LivingItems({ session, actions, onRename }: Pick<SessionItemProps, 'session' | 'actions' | 'onRename'>) {
  const save = useExportSession()
  return (
    <>
      <MenuItem icon={<Pencil />} onSelect={onRename}>Rename</MenuItem>
      <MenuItem icon={session.pinned ? <PinOff /> : <Pin />} onSelect={() => actions.pin(session)}>{session.pinned ? 'Unpin' : 'Pin'}</MenuItem>
      <MenuItem icon={session.archived ? <ArchiveRestore /> : <Archive />} onSelect={() => actions.archive(session)}>{session.archived ? 'Unarchive' : 'Archive'}</MenuItem>
      <MenuItem icon={<FileDown />} onSelect={() => save.mutate({ id: session.id, format: 'markdown' })}>Export as Markdown</MenuItem>
      <MenuItem icon={<Braces />} onSelect={() => save.mutate({ id: session.id, format: 'json' })}>Export as JSON</MenuItem>
      <MenuItem icon={<Trash2 />} danger onSelect={() => actions.trash(session)}>Delete</MenuItem>
    </>
  )
}
