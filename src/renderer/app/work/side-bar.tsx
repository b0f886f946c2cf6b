import { lazy, Suspense } from 'react'
import { FolderOpen } from 'lucide-react'
import { Button } from '../../components/button'
import { EmptyState, Skeleton } from '../../components/feedback'
import { PaneTab, PaneTabs } from '../../components/pane-tabs'
import { WorkspaceSwitcher } from '../../features/workspace/workspace-switcher'
import { useStore } from '../../lib/services'
import { Sessions, useFolderActions } from '../sidebar'
import { WorkLinks } from '../tasks/work-links'
import { useSelection } from '../use-window-state'
import { useAttach } from './use-attach'
import { useOpenFile, useWork, useWorkState } from './work-context'
import type { SideView } from './work-store'

const FileTree = lazy(async () => ({ default: (await import('../../features/tree/file-tree')).FileTree }))
const FindPanel = lazy(async () => ({ default: (await import('../../features/find-in-files/find-panel')).FindPanel }))

const views: readonly { readonly id: SideView; readonly label: string }[] = [
  { id: 'sessions', label: 'Sessions' },
  { id: 'files', label: 'Files' },
  { id: 'search', label: 'Search' },
]

/** The left side: the workspace, and its sessions, files, or a search in them. */
export function SideBar() {
  const { store } = useWork()
  const view = useWorkState((state) => state.sideView)
  const { folder } = useSelection()
  const { ask, openPath } = useFolderActions()
  return (
    <aside aria-label="Workspace" className="flex h-full min-h-0 flex-col bg-canvas">
      <WorkspaceSwitcher current={folder} onPick={(workspace) => openPath(workspace.path)} onOpenFolder={ask} />
      <WorkLinks />
      <PaneTabs label="Workspace" tabs={views} value={view} onChange={(id) => store.getState().setSideView(id)} className="flex-1">
        <PaneTab value="sessions" tabIndex={-1} className="flex min-h-0 flex-1 flex-col"><Sessions /></PaneTab>
        <PaneTab value="files" tabIndex={-1} className="flex min-h-0 flex-1 flex-col"><Suspense fallback={<Skeleton rows={6} className="p-3" />}><Files /></Suspense></PaneTab>
        <PaneTab value="search" tabIndex={-1} className="flex min-h-0 flex-1 flex-col"><Suspense fallback={<Skeleton rows={4} className="p-3" />}><Search /></Suspense></PaneTab>
      </PaneTabs>
    </aside>
  )
}

function Files() {
  const { files, find, store } = useWork()
  const { workspace } = useSelection()
  const shown = useStore(files.tabs).get(workspace?.id ?? '')?.active ?? null
  const wanted = useWorkState((state) => state.shownPath)
  const documents = useStore(files.documents.all)
  const unsaved = new Set([...documents.values()].filter((document) => document.isDirty && document.workspaceId === workspace?.id).map(({ path }) => path))
  const openFile = useOpenFile()
  const attach = useAttach()
  if (workspace === null || openFile === null) return <NoFolder />
  return (
    <section data-pane aria-label="Files" className="flex min-h-0 flex-1 flex-col">
      <FileTree
        key={workspace.id}
        workspace={workspace}
        shown={shown}
        unsaved={unsaved}
        wanted={wanted}
        onOpen={openFile}
        onMoved={(from, to) => files.move(workspace.id, from, to)}
        onAttach={attach === null ? null : (paths) => { for (const path of paths) attach({ from: 'workspace', path }) }}
        onSearchIn={(folder) => {
          find.searchIn(workspace.id, folder)
          store.getState().setSideView('search')
        }}
      />
    </section>
  )
}

function Search() {
  const { find } = useWork()
  const { workspace, sessionId } = useSelection()
  const openFile = useOpenFile()
  if (workspace === null || openFile === null) return <NoFolder />
  return (
    <section data-pane aria-label="Search in the folder" className="flex min-h-0 flex-1 flex-col">
      <FindPanel key={workspace.id} workspace={workspace} sessionId={sessionId} store={find} onOpen={openFile} />
    </section>
  )
}

function NoFolder() {
  const { ask } = useFolderActions()
  return (
    <EmptyState icon={<FolderOpen />} title="No folder here">
      <p>This session has no folder. Open one to see its files.</p>
      <Button small onClick={ask}>Open a folder</Button>
    </EmptyState>
  )
}
