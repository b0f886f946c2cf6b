import { useMutation } from '@tanstack/react-query'
import { Archive, ArchiveRestore, EllipsisVertical, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Session } from '#contract/sessions'
import { Button, IconButton } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { inputStyle } from '../../components/field'
import { Menu, MenuItem } from '../../components/menu'
import { classNames } from '../../lib/class-names'
import { formatAge } from '../../lib/format'
import { useServices } from '../../lib/services'
import { SessionStatusDot } from './session-status'

export function SessionItem({ session, selected, place, now, onSelect, onGone }: {
  readonly session: Session
  readonly selected: boolean
  readonly place: string
  readonly now: number
  readonly onSelect: () => void
  readonly onGone: () => void
}) {
  const { orpc, cache, toasts } = useServices()
  const [doing, setDoing] = useState<'rename' | 'delete' | null>(null)
  const patch = useMutation(orpc.sessions.patch.mutationOptions({ onSuccess: (next) => cache.session(next) }))
  const archive = (): void =>
    patch.mutate({ id: session.id, archived: !session.archived }, {
      onSuccess: () => {
        toasts.info(session.archived ? 'Back in the list.' : 'Archived. Show archived brings it back.')
        if (!session.archived) onGone()
      },
    })
  if (doing === 'rename') {
    return <RenameField title={session.title} onClose={() => setDoing(null)} onSave={(title) => patch.mutate({ id: session.id, title })} />
  }
  return (
    <div className={classNames('group/item flex items-center rounded-md', selected ? 'bg-accent-soft' : 'hover:bg-hover')}>
      <button
        type="button"
        aria-current={selected ? 'page' : undefined}
        onClick={onSelect}
        onDoubleClick={() => setDoing('rename')}
        className="flex min-w-0 flex-1 flex-col rounded-md py-1 ps-2 text-start"
      >
        <span className="flex w-full items-center gap-2">
          <SessionStatusDot status={session.status} />
          <span className="min-w-0 flex-1 truncate font-medium">{session.title}</span>
        </span>
        <span className="w-full truncate ps-4 text-xs text-muted">
          {session.openRequests > 0 && `${session.openRequests} to decide · `}
          {session.queuedRuns > 0 && `${session.queuedRuns} queued · `}
          {formatAge(session.updatedAt, now)} · {place}
        </span>
      </button>
      <Menu
        label={`Actions for ${session.title}`}
        trigger={
          <IconButton
            label={`Actions for ${session.title}`}
            title="Actions"
            icon={<EllipsisVertical />}
            className="me-1 opacity-0 group-focus-within/item:opacity-100 group-hover/item:opacity-100 data-[state=open]:opacity-100"
          />
        }
      >
        <MenuItem icon={<Pencil />} onSelect={() => setDoing('rename')}>Rename</MenuItem>
        <MenuItem icon={session.archived ? <ArchiveRestore /> : <Archive />} onSelect={archive}>{session.archived ? 'Unarchive' : 'Archive'}</MenuItem>
        <MenuItem icon={<Trash2 />} danger onSelect={() => setDoing('delete')}>Delete…</MenuItem>
      </Menu>
      {doing === 'delete' && <DeleteDialog session={session} onClose={() => setDoing(null)} onDeleted={onGone} />}
    </div>
  )
}

function RenameField({ title, onSave, onClose }: { readonly title: string; readonly onSave: (title: string) => void; readonly onClose: () => void }) {
  const [text, setText] = useState(title)
  const finish = (save: boolean): void => {
    const next = text.trim()
    if (save && next !== '' && next !== title) onSave(next)
    onClose()
  }
  return (
    <input
      aria-label="Session title"
      autoFocus
      maxLength={200}
      value={text}
      className={classNames(inputStyle, 'my-1.5')}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) finish(true)
        if (event.key === 'Escape') finish(false)
      }}
    />
  )
}

function DeleteDialog({ session, onClose, onDeleted }: { readonly session: Session; readonly onClose: () => void; readonly onDeleted: () => void }) {
  const { orpc } = useServices()
  const remove = useMutation(orpc.sessions.remove.mutationOptions({
    onSuccess: () => {
      onDeleted()
      onClose()
    },
  }))
  return (
    <Dialog
      alert
      title="Delete this session?"
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onClick={onClose}>Keep it</Button>
          <Button tone="danger" disabled={remove.isPending} onClick={() => remove.mutate({ id: session.id })}>Delete for good</Button>
        </>
      }
    >
      <p className="break-words">“{session.title}” and all its messages, branches and runs are deleted. This cannot be undone.</p>
      <p className="mt-2 text-muted">Files in the folder stay as they are. To only get it out of the way, archive it instead.</p>
    </Dialog>
  )
}
