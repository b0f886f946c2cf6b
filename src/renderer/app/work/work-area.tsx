import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { Group, type Layout, Panel, Separator } from 'react-resizable-panels'
import { z } from 'zod'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../components/button'
import { Skeleton } from '../../components/feedback'
import { classNames } from '../../lib/class-names'
import { nameOf } from '../../lib/file-path'
import { useMediaQuery } from '../../lib/hooks'
import { useServices, useStore } from '../../lib/services'
import { useSelection } from '../use-window-state'
import { useAttach } from './use-attach'
import { useFolderCommands } from './use-folder-commands'
import { useWork, useWorkState } from './work-context'

const EditorArea = lazy(async () => ({ default: (await import('../../features/editor/editor-area')).EditorArea }))
const TerminalPanel = lazy(async () => ({ default: (await import('../../features/terminal/terminal-panel')).TerminalPanel }))

/** The middle of the window: the conversation, beside it the open files, below them the terminals. */
export function WorkArea({ conversation }: { readonly conversation: ReactNode }) {
  const { files, store } = useWork()
  const { workspace } = useSelection()
  const hasFiles = useHasFiles()
  const isTerminalOpen = useWorkState((state) => state.isTerminalOpen) && workspace !== null
  useFolderCommands()
  const workspaceId = workspace?.id ?? null
  useEffect(() => {
    if (workspaceId !== null) void files.restore(workspaceId)
  }, [files, workspaceId])
  return (
    <Split id="work" orientation="vertical">
      <Panel id="upper" minSize={160} className="flex min-h-0 min-w-0"><Upper conversation={conversation} workspace={hasFiles ? workspace : null} /></Panel>
      {isTerminalOpen && <Divider label="Height of the terminals" orientation="vertical" />}
      {isTerminalOpen && (
        <Panel id="terminal" defaultSize="35%" minSize={110} className="flex min-h-0 min-w-0">
          <Suspense fallback={<Skeleton rows={3} label="Loading the terminal" className="flex-1 p-4" />}>
            <TerminalPanel key={workspace.id} workspace={workspace} onHide={() => store.getState().setTerminalOpen(false)} />
          </Suspense>
        </Panel>
      )}
    </Split>
  )
}

export function useHasFiles(): boolean {
  const { files } = useWork()
  const { workspace } = useSelection()
  return (useStore(files.tabs).get(workspace?.id ?? '')?.open.length ?? 0) > 0
}

function Upper({ conversation, workspace }: { readonly conversation: ReactNode; readonly workspace: Workspace | null }) {
  const { files, store } = useWork()
  const isTight = useMediaQuery('(max-width: 1039px)')
  const front = useWorkState((state) => state.front)
  if (workspace === null || !isTight) {
    return (
      <Split id="files" orientation="horizontal">
        <Panel id="conversation" minSize={300} className="flex min-w-0">{conversation}</Panel>
        {workspace !== null && <Divider label="Width of the editor" orientation="horizontal" />}
        {workspace !== null && <Panel id="editor" defaultSize="55%" minSize={260} className="flex min-w-0"><Editor workspace={workspace} onHide={null} /></Panel>}
      </Split>
    )
  }
  const count = files.tabsOf(workspace.id).open.length
  return (
    <>
      <div className={classNames('min-h-0 min-w-0 flex-1 flex-col', front === 'editor' ? 'hidden' : 'flex')}>
        <div className="flex justify-end border-b border-line bg-canvas px-2 py-1">
          <Button small tone="quiet" onClick={() => store.getState().setFront('editor')}>{count === 1 ? 'Show the open file' : `Show ${count} open files`}</Button>
        </div>
        <div className="flex min-h-0 flex-1">{conversation}</div>
      </div>
      {front === 'editor' && <Editor workspace={workspace} onHide={() => store.getState().setFront('conversation')} />}
    </>
  )
}

function Editor({ workspace, onHide }: { readonly workspace: Workspace; readonly onHide: (() => void) | null }) {
  const { files, store } = useWork()
  const attach = useAttach()
  return (
    <Suspense fallback={<Skeleton rows={6} label="Loading the editor" className="flex-1 p-4" />}>
      <EditorArea
        key={workspace.id}
        workspace={workspace}
        files={files}
        onShowFolder={(path) => {
          store.getState().setSideView('files')
          store.getState().showPath(path)
        }}
        onAttach={attach === null ? null : ({ path, text, startLine, endLine }) => attach({ from: 'text', name: nameOf(path), path, text, lines: { from: startLine, to: endLine } })}
        onHide={onHide}
      />
    </Suspense>
  )
}

const LayoutSchema = z.record(z.string(), z.number())

function Split({ id, orientation, children }: { readonly id: string; readonly orientation: 'horizontal' | 'vertical'; readonly children: ReactNode }) {
  const { memory } = useServices()
  const stored = parseLayout(memory.read(`layout.${id}`))
  return (
    <Group
      orientation={orientation}
      className="min-h-0 min-w-0 flex-1"
      {...(stored === null ? {} : { defaultLayout: stored })}
      onLayoutChanged={(layout, meta) => {
        if (meta.isUserInteraction && Object.keys(layout).length > 1) memory.write(`layout.${id}`, JSON.stringify(layout))
      }}
    >
      {children}
    </Group>
  )
}

function Divider({ label, orientation }: { readonly label: string; readonly orientation: 'horizontal' | 'vertical' }) {
  return <Separator title={label} className={classNames('bg-line outline-offset-0 hover:bg-accent focus-visible:bg-accent data-[separator=active]:bg-accent', orientation === 'horizontal' ? 'w-px' : 'h-px')} />
}

function parseLayout(text: string | null): Layout | null {
  try {
    return text === null ? null : LayoutSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
