import { EllipsisVertical, Pin } from 'lucide-react'
import { Slot } from 'radix-ui'
import { lazy, type Ref, Suspense, useState } from 'react'
import type { Session } from '#contract/sessions'
import { IconButton } from '../../components/button'
import { classNames } from '../../lib/class-names'
import { formatAge } from '../../lib/format'
import { menuLabel } from './menu-label'
import { SessionStatusDot } from './session-status'
import type { SessionActions } from './use-session-actions'

const SessionMenu = lazy(async () => ({ default: (await import('./session-menu')).SessionMenu }))

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
  // Every row has the button, and hardly any its menu.
  const [hasMenu, setHasMenu] = useState(false)
  const menuButton = (
    <IconButton
      label={menuLabel(session)}
      title="Actions"
      tabIndex={isCurrent ? 0 : -1}
      icon={<EllipsisVertical />}
      className="me-1 opacity-0 group-focus-within/item:opacity-100 group-hover/item:opacity-100 data-[state=open]:opacity-100"
    />
  )
  const buttonAlone = <Slot.Root aria-haspopup="menu" aria-expanded={hasMenu} onClick={() => setHasMenu(true)}>{menuButton}</Slot.Root>
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
      {hasMenu
        ? (
          <Suspense fallback={buttonAlone}>
            <SessionMenu session={session} trigger={menuButton} actions={actions} onRename={onRename} onDeleteForGood={onDeleteForGood} />
          </Suspense>
        )
        : buttonAlone}
    </div>
  )
}
