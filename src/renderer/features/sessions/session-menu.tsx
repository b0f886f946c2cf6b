import { Archive, ArchiveRestore, Braces, FileDown, Pencil, Pin, PinOff, Trash2, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Session } from '#contract/sessions'
import { Menu, MenuItem } from '../../components/menu'
import { menuLabel } from './menu-label'
import { type SessionActions, useExportSession } from './use-session-actions'

/** What can be done with a session from its row. Open when it comes: it is loaded by the press that asks for it. */
export function SessionMenu({ session, trigger, actions, onRename, onDeleteForGood }: {
  readonly session: Session
  readonly trigger: ReactNode
  readonly actions: SessionActions
  readonly onRename: () => void
  readonly onDeleteForGood: () => void
}) {
  const save = useExportSession()
  return (
    <Menu label={menuLabel(session)} trigger={trigger} isOpenAtFirst>
      {session.deletedAt !== null
        ? (
          <>
            <MenuItem icon={<Undo2 />} onSelect={() => actions.untrash(session)}>Take out of the bin</MenuItem>
            <MenuItem icon={<Trash2 />} danger onSelect={onDeleteForGood}>Delete for good…</MenuItem>
          </>
        )
        : (
          <>
            <MenuItem icon={<Pencil />} onSelect={onRename}>Rename</MenuItem>
            <MenuItem icon={session.pinned ? <PinOff /> : <Pin />} onSelect={() => actions.pin(session)}>{session.pinned ? 'Unpin' : 'Pin'}</MenuItem>
            <MenuItem icon={session.archived ? <ArchiveRestore /> : <Archive />} onSelect={() => actions.archive(session)}>{session.archived ? 'Unarchive' : 'Archive'}</MenuItem>
            <MenuItem icon={<FileDown />} onSelect={() => save.mutate({ id: session.id, format: 'markdown' })}>Export as Markdown</MenuItem>
            <MenuItem icon={<Braces />} onSelect={() => save.mutate({ id: session.id, format: 'json' })}>Export as JSON</MenuItem>
            <MenuItem icon={<Trash2 />} danger onSelect={() => actions.trash(session)}>Delete</MenuItem>
          </>
        )}
    </Menu>
  )
}
