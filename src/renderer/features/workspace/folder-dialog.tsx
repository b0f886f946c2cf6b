import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { CornerLeftUp, Folder } from 'lucide-react'
import { type FormEvent, useLayoutEffect, useRef, useState } from 'react'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { inputStyle } from '../../components/field'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { classNames } from '../../lib/class-names'
import { useServices } from '../../lib/services'

const maxShown = 500
const rowStyle = 'flex w-full items-center gap-2 rounded-md px-2 py-1 text-start hover:bg-hover'

/** Picks a folder of the machine that Trestle runs on. Lazy-loaded. */
export function FolderDialog({ onOpened, onClose }: { readonly onOpened: (workspace: Workspace) => void; readonly onClose: () => void }) {
  const { orpc, cache } = useServices()
  const [path, setPath] = useState<string | null>(null)
  const [typed, setTyped] = useState<string | null>(null)
  const listing = useQuery({
    ...orpc.workspaces.browse.queryOptions({ input: path === null ? {} : { path } }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  const open = useMutation(orpc.workspaces.open.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: (workspace) => {
      cache.workspace(workspace)
      onOpened(workspace)
    },
  }))
  const current = path ?? listing.data?.path ?? ''
  const shownPath = typed ?? current
  const field = useReplaceable(path === null && typed === null, current)
  const go = (next: string): void => {
    open.reset()
    setTyped(null)
    setPath(next)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (shownPath.trim() !== '') go(shownPath.trim())
  }
  // What was tried last is what a person wants to know about.
  const problem = open.error ?? listing.error
  const folders = listing.data?.folders ?? []
  const parent = listing.data?.parent ?? null
  return (
    <Dialog
      title="Open a folder"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={shownPath.trim() === '' || open.isPending} onClick={() => open.mutate({ path: shownPath.trim() })}>
            Open this folder
          </Button>
        </>
      }
    >
      <form onSubmit={submit} className="flex gap-2">
        <input
          ref={field}
          aria-label="Folder path"
          autoFocus
          spellCheck={false}
          value={shownPath}
          onChange={(event) => setTyped(event.target.value)}
          className={classNames(inputStyle, 'font-mono')}
        />
        <Button type="submit" disabled={typed === null}>Go</Button>
      </form>
      {problem !== null && <ErrorNote error={problem} className="mt-3" />}
      <ul aria-label="Folders" className={classNames('mt-3 h-72 overflow-y-auto', listing.isPlaceholderData && 'opacity-60')}>
        {listing.isPending && <li><Skeleton rows={6} label="Loading folders" /></li>}
        {parent !== null && (
          <li>
            <button type="button" className={rowStyle} onClick={() => go(parent)}><CornerLeftUp aria-hidden className="size-4 text-muted" />Parent folder</button>
          </li>
        )}
        {folders.slice(0, maxShown).map((folder) => (
          <li key={folder.path}>
            <button type="button" className={rowStyle} onClick={() => go(folder.path)}>
              <Folder aria-hidden className="size-4 shrink-0 text-muted" /><span className="truncate">{folder.name}</span>
            </button>
          </li>
        ))}
        {folders.length > maxShown && <li className="px-2 py-1 text-muted">{folders.length - maxShown} more: type the path to reach them.</li>}
        {listing.isSuccess && folders.length === 0 && <li className="px-2 py-1 text-muted">No folders in here.</li>}
      </ul>
    </Dialog>
  )
}

/** What is typed or pasted takes the place of a value that came by itself, however late that came. */
function useReplaceable(cameByItself: boolean, value: string) {
  const field = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (cameByItself && document.activeElement === field.current) field.current?.select()
  }, [cameByItself, value])
  return field
}
