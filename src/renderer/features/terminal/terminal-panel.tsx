import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Accessibility, ChevronDown, Lock, Pencil, Plus, SquareTerminal, Trash2 } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Terminal } from '#contract/terminals'
import type { Workspace } from '#contract/workspaces'
import { Button, IconButton } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { EmptyState, ErrorNote } from '../../components/feedback'
import { TextField } from '../../components/field'
import { classNames } from '../../lib/class-names'
import { useCommands } from '../../lib/commands/use-commands'
import { useServices } from '../../lib/services'
import { TerminalView } from './terminal-view'

/** The terminals of a workspace, and what can be done with them. */
function useTerminals(workspace: Workspace, onHide: () => void) {
  const { orpc } = useServices()
  const cache = useQueryClient()
  const options = orpc.terminals.list.queryOptions({ input: { id: workspace.id } })
  const list = useQuery({ ...options, staleTime: 0, refetchOnMount: 'always', enabled: workspace.trusted })
  const items = workspace.trusted ? list.data?.items ?? [] : []
  const [picked, setPicked] = useState<string | null>(null)
  const reload = (): void => void cache.invalidateQueries({ queryKey: options.queryKey })
  const put = (next: (before: readonly Terminal[]) => readonly Terminal[]): void => {
    cache.setQueryData(options.queryKey, (before) => ({ items: [...next(before?.items ?? [])] }))
  }
  const create = useMutation(orpc.terminals.create.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: (terminal) => {
      put((before) => [...before.filter(({ id }) => id !== terminal.id), terminal])
      setPicked(terminal.id)
    },
  }))
  const close = useMutation(orpc.terminals.close.mutationOptions({ onSettled: reload }))
  const start = (): void => { if (!create.isPending) create.mutate({ id: workspace.id }) }
  // The first one comes by itself; when the last is closed, none does.
  const isFirst = useRef(true)
  const startFirst = useEffectEvent(start)
  useEffect(() => {
    if (!list.isFetchedAfterMount || !isFirst.current) return
    isFirst.current = false
    if (list.data?.items.length === 0) startFirst()
  }, [list.isFetchedAfterMount, list.data])
  return {
    items, create, start, reload, pick: setPicked,
    isLoaded: list.isSuccess,
    shown: items.find(({ id }) => id === picked) ?? items.at(-1),
    end: (terminal: Terminal): void => {
      put((before) => before.filter(({ id }) => id !== terminal.id))
      close.mutate({ id: terminal.id })
      if (items.length === 1) onHide()
    },
  }
}

/** The person's own shells in the folder. They go on while the panel is hidden and over a reload of the window. */
export function TerminalPanel({ workspace, onHide }: { readonly workspace: Workspace; readonly onHide: () => void }) {
  const { memory } = useServices()
  const { items, shown, create, start, reload, end, pick, isLoaded } = useTerminals(workspace, onHide)
  const [renaming, setRenaming] = useState<Terminal | null>(null)
  const [isScreenReader, setScreenReader] = useState(() => memory.read('terminal.reader') === 'on')
  useCommands({ 'terminal.new': workspace.trusted ? start : null })
  return (
    <section data-pane aria-label="Terminal" className="flex h-full min-w-0 flex-1 flex-col border-t border-line bg-surface">
      <div className="flex h-8 shrink-0 items-center gap-0.5 border-b border-line bg-canvas px-1">
        <TerminalTabs items={items} shownId={shown?.id ?? null} onPick={pick} onRename={setRenaming} />
        <IconButton label="New terminal" icon={<Plus />} disabled={!workspace.trusted || create.isPending} onClick={start} />
        {shown !== undefined && <IconButton label={`Rename ${shown.title}`} icon={<Pencil />} onClick={() => setRenaming(shown)} />}
        <IconButton
          label="Screen reader mode"
          icon={<Accessibility />}
          pressed={isScreenReader}
          className={isScreenReader ? 'bg-accent-soft text-ink' : ''}
          onClick={() => {
            memory.write('terminal.reader', isScreenReader ? null : 'on')
            setScreenReader(!isScreenReader)
          }}
        />
        {shown !== undefined && <IconButton label={`End ${shown.title}`} icon={<Trash2 />} onClick={() => end(shown)} />}
        <IconButton label="Hide the terminal" icon={<ChevronDown />} onClick={onHide} />
      </div>
      <div className="min-h-0 flex-1">
        {create.error !== null && <ErrorNote error={create.error} className="m-2" onRetry={start} />}
        {!workspace.trusted
          ? <EmptyState icon={<Lock />} title="No terminal in a folder that is not trusted"><p className="max-w-md">A shell reads what the folder brings. Decide about trust in the status bar first.</p></EmptyState>
          : items.length === 0 && !create.isPending && create.error === null && isLoaded
            ? <EmptyState icon={<SquareTerminal />} title="No terminal"><Button small onClick={start}>New terminal</Button></EmptyState>
            : items.map((terminal) => (
              <TerminalView key={terminal.id} terminal={terminal} isShown={terminal.id === shown?.id} isScreenReader={isScreenReader} onEnded={reload} />
            ))}
      </div>
      {renaming !== null && <RenameDialog terminal={renaming} onClose={() => setRenaming(null)} onRenamed={reload} />}
    </section>
  )
}

function TerminalTabs({ items, shownId, onPick, onRename }: {
  readonly items: readonly Terminal[]
  readonly shownId: string | null
  readonly onPick: (id: string) => void
  readonly onRename: (terminal: Terminal) => void
}) {
  if (items.length === 0) return <span className="flex-1" />
  return (
    <div role="tablist" aria-label="Terminals" className="flex min-w-0 flex-1 overflow-x-auto [scrollbar-width:none]">
      {items.map((terminal) => {
        const isActive = terminal.id === shownId
        return (
          <button
            key={terminal.id}
            type="button"
            role="tab"
            aria-selected={isActive}
            onClick={() => onPick(terminal.id)}
            onDoubleClick={() => onRename(terminal)}
            className={classNames('flex h-7 max-w-44 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs -outline-offset-2', isActive ? 'bg-surface font-medium text-ink' : 'text-muted hover:bg-hover')}
          >
            <SquareTerminal aria-hidden className="size-3.5 shrink-0" />
            <span className="truncate">{terminal.title}</span>
            {terminal.state === 'ended' && <span className="text-muted">(ended)</span>}
          </button>
        )
      })}
    </div>
  )
}

function RenameDialog({ terminal, onClose, onRenamed }: { readonly terminal: Terminal; readonly onClose: () => void; readonly onRenamed: () => void }) {
  const { orpc } = useServices()
  const [title, setTitle] = useState(terminal.title)
  const rename = useMutation(orpc.terminals.rename.mutationOptions({
    onSuccess: () => {
      onRenamed()
      onClose()
    },
  }))
  const submit = (): void => { if (title.trim() !== '') rename.mutate({ id: terminal.id, title }) }
  return (
    <Dialog
      title={`Rename ${terminal.title}`}
      onClose={onClose}
      actions={<><Button onClick={onClose}>Cancel</Button><Button tone="primary" disabled={title.trim() === ''} onClick={submit}>Rename</Button></>}
    >
      <form onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}>
        <TextField label="Name" autoFocus maxLength={100} value={title} onChange={(event) => setTitle(event.target.value)} />
      </form>
    </Dialog>
  )
}
