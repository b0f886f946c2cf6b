import { useQuery } from '@tanstack/react-query'
import { Check, Folder, FolderOpen, Lock } from 'lucide-react'
import { useState } from 'react'
import type { Workspace } from '#contract/workspaces'
import { IconButton } from '../../components/button'
import { Popover } from '../../components/popover'
import { classNames } from '../../lib/class-names'
import { useServices } from '../../lib/services'

export interface WorkspaceSwitcherProps {
  readonly current: Workspace | null
  readonly onPick: (workspace: Workspace) => void
  readonly onOpenFolder: () => void
}

/** The folder that new sessions work in, and the recent ones to choose from. */
export function WorkspaceSwitcher({ current, onPick, onOpenFolder }: WorkspaceSwitcherProps) {
  const [open, setOpen] = useState(false)
  return (
    <div className="flex items-center gap-1 border-b border-line px-2 py-1.5">
      <Popover
        open={open}
        onOpenChange={setOpen}
        label="Recent folders"
        className="w-80 max-w-[calc(100vw-1rem)] p-1.5"
        trigger={
          <button
            type="button"
            aria-label={current === null ? undefined : `Folder: ${current.name}`}
            title={current?.path}
            className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-1.5 text-start hover:bg-hover"
          >
            {current?.trusted === false ? <Lock aria-hidden className="size-4 shrink-0 text-warning" /> : <Folder aria-hidden className="size-4 shrink-0 text-muted" />}
            <span className={classNames('truncate', current === null ? 'text-muted' : 'font-medium')}>{current?.name ?? 'No folder open'}</span>
          </button>
        }
      >
        <RecentFolders
          current={current}
          onPick={(workspace) => {
            setOpen(false)
            onPick(workspace)
          }}
        />
      </Popover>
      <IconButton label="Open folder" icon={<FolderOpen />} onClick={onOpenFolder} />
    </div>
  )
}

export function RecentFolders({ current, onPick }: Pick<WorkspaceSwitcherProps, 'current' | 'onPick'>) {
  const { queries } = useServices()
  const workspaces = useQuery(queries.workspaces())
  const items = workspaces.data?.items ?? []
  if (items.length === 0) return <p className="px-2 py-3 text-center text-muted">No folder was opened yet.</p>
  return (
    <ul aria-label="Recent folders" className="max-h-80 overflow-y-auto">
      {items.slice(0, 50).map((workspace) => (
        <li key={workspace.id}>
          <button
            type="button"
            disabled={!workspace.available}
            onClick={() => onPick(workspace)}
            className="flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-start enabled:hover:bg-hover disabled:opacity-60"
          >
            <Check aria-hidden className={classNames('size-4 shrink-0 text-accent', workspace.id !== current?.id && 'invisible')} />
            <span className="min-w-0">
              <span className="block truncate font-medium">
                {workspace.name}{workspace.available ? '' : ' (not there)'}
                {!workspace.trusted && <span className="font-normal text-warning"> · read-only</span>}
              </span>
              <span className="block truncate text-xs text-muted">{workspace.path}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
