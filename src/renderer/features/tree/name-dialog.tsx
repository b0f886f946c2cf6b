import { useId, useState } from 'react'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { folderOf, joinPath, nameOf, shownName } from '../../lib/file-path'
import type { TreeActions } from './use-tree-actions'

export type Naming =
  | { readonly kind: 'file' | 'folder'; readonly folder: string }
  | { readonly kind: 'rename'; readonly path: string }

/** Asks for a name; slashes make folders on the way. */
export function NameDialog({ workspaceId, naming, actions, onClose }: {
  readonly workspaceId: string
  readonly naming: Naming
  readonly actions: Pick<TreeActions, 'create' | 'move'>
  readonly onClose: () => void
}) {
  const id = useId()
  const [name, setName] = useState(naming.kind === 'rename' ? nameOf(naming.path) : '')
  const folder = naming.kind === 'rename' ? folderOf(naming.path) : naming.folder
  const title = naming.kind === 'rename' ? `Rename ${shownName(nameOf(naming.path))}` : naming.kind === 'file' ? 'New file' : 'New folder'
  const call = naming.kind === 'rename' ? actions.move : actions.create
  const problem = problemOf(name)
  const submit = (): void => {
    if (problem !== null || call.isPending) return
    const path = joinPath(folder, name.trim())
    if (naming.kind !== 'rename') actions.create.mutate({ id: workspaceId, path, kind: naming.kind }, { onSuccess: onClose })
    else if (path === naming.path) onClose()
    else actions.move.mutate({ id: workspaceId, from: naming.path, to: path }, { onSuccess: onClose })
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={<>
        <Button onClick={onClose}>Cancel</Button>
        <Button tone="primary" disabled={problem !== null || call.isPending} onClick={submit}>{naming.kind === 'rename' ? 'Rename' : 'Create'}</Button>
      </>}
    >
      <form
        className="flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <label htmlFor={id} className="text-sm font-medium">Name</label>
        <input
          id={id}
          autoFocus
          className={inputStyle}
          value={name}
          spellCheck={false}
          autoComplete="off"
          aria-describedby={`${id}-note`}
          onFocus={(event) => event.target.setSelectionRange(0, name.includes('.', 1) ? name.lastIndexOf('.') : name.length)}
          onChange={(event) => setName(event.target.value)}
        />
        <p id={`${id}-note`} className="text-xs text-muted">
          {name !== '' && problem !== null ? problem : `In ${folder === '' ? 'the workspace folder' : shownName(folder)}. A slash makes folders on the way.`}
        </p>
        {call.error !== null && <ErrorNote error={call.error} />}
      </form>
    </Dialog>
  )
}

function problemOf(name: string): string | null {
  const names = name.trim().split('/')
  if (name.trim() === '') return 'Type a name.'
  if (names.some((part) => part === '')) return 'A name between two slashes is missing.'
  if (names.some((part) => part === '.' || part === '..')) return 'Dots alone are no name.'
  return null
}
