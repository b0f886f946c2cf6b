import { ChevronsDownUp, Eye, FilePlus, FolderPlus, FolderX, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import type { FoundFiles } from '#contract/files'
import type { Workspace } from '#contract/workspaces'
import { IconButton } from '../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { folderOf } from '../../lib/file-path'
import { useServices } from '../../lib/services'
import { NameDialog, type Naming } from './name-dialog'
import { TreeList } from './tree-list'
import { type MenuPlace, TreeMenu } from './tree-menu'
import { rowsOf, rowsOfFound, type TreeRow } from './tree-rows'
import { noSelection, targetsOf, type TreeSelection } from './tree-selection'
import { useFolderTree, useFoundFiles, useGitMarks } from './use-folder-tree'
import { type TreeActions, useTreeActions } from './use-tree-actions'

export interface FileTreeProps {
  readonly workspace: Workspace
  /** The file that is open in the editor. */
  readonly shown: string | null
  /** Files with text that is not saved. */
  readonly unsaved: ReadonlySet<string>
  /** What is to be brought into sight; another number is another wish. */
  readonly wanted: { readonly path: string; readonly id: number } | null
  readonly onOpen: (path: string, options: { readonly keep: boolean }) => void
  readonly onMoved: (from: string, to: string) => void
  readonly onAttach: ((paths: readonly string[]) => void) | null
  readonly onSearchIn: (folder: string) => void
}

/** The files of a workspace. */
export function FileTree({ workspace, shown, unsaved, wanted, onOpen, onMoved, onAttach, onSearchIn }: FileTreeProps) {
  const { memory } = useServices()
  const { tree, state, folder } = useFolderTree(workspace.id)
  const marks = useGitMarks(workspace.id, workspace.trusted)
  // A wish to see something ends the filter.
  const [typed, setTyped] = useState({ text: '', wish: 0 })
  const filter = typed.wish === (wanted?.id ?? 0) ? typed.text : ''
  const setFilter = (text: string): void => setTyped({ text, wish: wanted?.id ?? 0 })
  const [showIgnored, setShowIgnored] = useState(() => memory.read('tree.ignored') === 'shown')
  const [active, setActive] = useState<string | null>(null)
  const [menu, setMenu] = useState<MenuPlace | null>(null)
  const [naming, setNaming] = useState<Naming | null>(null)
  const filterField = useRef<HTMLInputElement>(null)
  const found = useFoundFiles(workspace.id, filter)
  const isFiltered = filter.trim() !== ''
  const rows = useMemo(() => (isFiltered ? rowsOfFound(found.data?.items ?? []) : rowsOf({ ...state, showIgnored })), [isFiltered, found.data, state, showIgnored])
  const show = (path: string): void => void tree.showPath(path).then(() => setActive(path))
  const actions = useTreeActions(workspace.id, {
    onMoved: (from, to) => {
      onMoved(from, to)
      show(to)
    },
    onMade: (path, kind) => {
      show(path)
      if (kind === 'file') onOpen(path, { keep: true })
    },
  })
  useShown({ shown: isFiltered ? null : shown, wanted, onShow: show, onOpenFolder: (path) => tree.toggle(path, true) })
  const [selection, setSelection] = useState(noSelection)
  const { cut, setCut, paste, onKey } = useCutAndKeys({ actions, selection, onLetGo: () => setSelection(noSelection), onRename: (path) => setNaming({ kind: 'rename', path }) })
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Toolbar
        ref={filterField}
        filter={filter}
        onFilter={setFilter}
        showIgnored={showIgnored}
        onShowIgnored={(shows) => {
          memory.write('tree.ignored', shows ? 'shown' : null)
          setShowIgnored(shows)
        }}
        onNew={(kind) => setNaming({ kind, folder: folderAt(rows.find(({ path }) => path === active)) })}
        onCollapse={tree.collapseAll}
      />
      {folder.trouble !== null && <p role="status" className="mx-2 mb-1 rounded-md bg-warning-soft px-2 py-1 text-xs text-warning">{folder.trouble} Changes may show up to 10 s late.</p>}
      {isFiltered && found.data !== undefined && <FoundNote found={found.data} />}
      <TreeBody isAway={!folder.available} error={state.error} isLoading={!state.folders.has('')} isEmpty={!isFiltered && rows.length === 0 && state.folders.has('')}>
        <TreeList
          label={`Files of ${workspace.name}`}
          rows={rows}
          marks={marks}
          active={active}
          shown={shown}
          unsaved={unsaved}
          cut={cut}
          selection={selection}
          onSelect={setSelection}
          onActive={setActive}
          onToggle={(path, open) => { if (!isFiltered) tree.toggle(path, open) }}
          onOpen={(row, keep) => onOpen(row.path, { keep })}
          onMenu={(row, x, y) => setMenu({ row, x, y })}
          onMove={actions.moveInto}
          onKey={onKey}
          onType={(text) => {
            setFilter(filter + text)
            filterField.current?.focus()
          }}
        />
      </TreeBody>
      {menu !== null && (
        <TreeMenu place={menu} paths={targetsOf(selection, menu.row.path)} cut={cut} actions={actions} onName={setNaming} onCut={setCut} onPaste={paste} onAttach={onAttach} onSearchIn={onSearchIn} onClose={() => setMenu(null)} />
      )}
      {naming !== null && <NameDialog workspaceId={workspace.id} naming={naming} actions={actions} onClose={() => setNaming(null)} />}
    </div>
  )
}

function folderAt(row: TreeRow | undefined): string {
  return row === undefined ? '' : row.kind === 'folder' ? row.path : folderOf(row.path)
}

/** Brings the file of the editor, and what is asked for, into sight. */
function useShown({ shown, wanted, onShow, onOpenFolder }: Pick<FileTreeProps, 'shown' | 'wanted'> & { readonly onShow: (path: string) => void; readonly onOpenFolder: (path: string) => void }) {
  const show = useEffectEvent((path: string, opens: boolean) => {
    if (opens) onOpenFolder(path)
    onShow(path)
  })
  useEffect(() => {
    if (shown !== null) show(shown, false)
  }, [shown])
  useEffect(() => {
    if (wanted !== null) show(wanted.path, true)
  }, [wanted])
}

/** Cutting, pasting, and the keys that do something to a row, or to all that are chosen. */
function useCutAndKeys({ actions, selection, onLetGo, onRename }: {
  readonly actions: TreeActions
  readonly selection: TreeSelection
  readonly onLetGo: () => void
  readonly onRename: (path: string) => void
}) {
  const [cut, setCut] = useState<readonly string[]>([])
  const paste = (into: string): void => {
    setCut([])
    actions.moveInto(cut, into)
  }
  const onKey = (event: KeyboardEvent, row: TreeRow): boolean => {
    const modified = event.ctrlKey || event.metaKey
    if (event.key === 'F2') onRename(row.path)
    else if (event.key === 'Delete') actions.remove(targetsOf(selection, row.path))
    else if (modified && event.key === 'x') setCut(targetsOf(selection, row.path))
    else if (modified && event.key === 'v' && cut.length > 0) paste(folderAt(row))
    else if (event.key === 'Escape' && (cut.length > 0 || selection.paths.size > 0)) {
      setCut([])
      onLetGo()
    } else return false
    return true
  }
  return { cut, setCut, paste, onKey }
}

function FoundNote({ found }: { readonly found: FoundFiles }) {
  const { items, matching, total, listed } = found
  return (
    <p role="status" className="px-3 pb-1 text-xs text-muted">
      {matching === 0 ? 'No file is called that.' : `${items.length < matching ? `The first ${items.length} of ` : ''}${matching.toLocaleString('en')} of ${total.toLocaleString('en')} files`}
      {!listed && ' so far'}
    </p>
  )
}

function Toolbar({ ref, filter, onFilter, showIgnored, onShowIgnored, onNew, onCollapse }: {
  readonly ref: Ref<HTMLInputElement>
  readonly filter: string
  readonly onFilter: (text: string) => void
  readonly showIgnored: boolean
  readonly onShowIgnored: (shows: boolean) => void
  readonly onNew: (kind: 'file' | 'folder') => void
  readonly onCollapse: () => void
}) {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && filter !== '') onFilter('')
    else if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('[role="tree"][data-pane-start]')?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="flex shrink-0 items-center gap-0.5 px-2 py-1.5">
      <div className="relative min-w-0 flex-1">
        <input
          ref={ref}
          type="search"
          aria-label="Filter files"
          placeholder="Filter files"
          value={filter}
          spellCheck={false}
          onChange={(event) => onFilter(event.target.value)}
          onKeyDown={onKeyDown}
          className={`${inputStyle} pe-7 [&::-webkit-search-cancel-button]:hidden`}
        />
        {filter !== '' && <IconButton label="Clear the filter" icon={<X />} className="absolute top-0.5 right-0.5" onClick={() => onFilter('')} />}
      </div>
      <IconButton label="New file" icon={<FilePlus />} onClick={() => onNew('file')} />
      <IconButton label="New folder" icon={<FolderPlus />} onClick={() => onNew('folder')} />
      <IconButton label="Show ignored files" icon={<Eye />} pressed={showIgnored} className={showIgnored ? 'bg-accent-soft text-ink' : ''} onClick={() => onShowIgnored(!showIgnored)} />
      <IconButton label="Close all folders" icon={<ChevronsDownUp />} onClick={onCollapse} />
    </div>
  )
}

function TreeBody({ isAway, error, isLoading, isEmpty, children }: {
  readonly isAway: boolean
  readonly error: unknown
  readonly isLoading: boolean
  readonly isEmpty: boolean
  readonly children: ReactNode
}) {
  if (isAway) return <EmptyState icon={<FolderX />} title="The folder cannot be reached"><p>It was removed, renamed or unmounted. What you have not saved is kept; the files show again when the folder is back.</p></EmptyState>
  if (error !== null) return <ErrorNote error={error} className="m-2" />
  if (isLoading) return <Skeleton rows={8} label="Loading the files" className="p-3" />
  if (isEmpty) return <EmptyState icon={<FilePlus />} title="The folder is empty"><p>Make a file with the button above, or ask an agent for one.</p></EmptyState>
  return children
}
