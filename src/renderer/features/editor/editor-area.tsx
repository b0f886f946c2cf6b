import { ChevronRight, MessageSquarePlus, Save } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import type { FolderChange } from '#contract/files'
import type { Workspace } from '#contract/workspaces'
import { Button, IconButton } from '../../components/button'
import { Dialog } from '../../components/dialog'
import type { CodeSelection } from '../../components/editor/code-editor'
import { useCommands } from '../../lib/commands/use-commands'
import { nameOf, shownName } from '../../lib/file-path'
import { useServices, useStore } from '../../lib/services'
import { keyOf, type OpenDocument } from './document'
import { DocumentBody } from './document-body'
import { DocumentNotes } from './document-notes'
import { TabStrip } from './tab-strip'
import type { WorkbenchFiles } from './workbench-files'

export interface Excerpt {
  readonly path: string
  readonly text: string
  readonly startLine: number
  readonly endLine: number
}

/** The open files of a workspace. */
export function EditorArea({ workspace, files, onShowFolder, onAttach, onHide }: {
  readonly workspace: Workspace
  readonly files: WorkbenchFiles
  readonly onShowFolder: (path: string) => void
  readonly onAttach: ((excerpt: Excerpt) => void) | null
  /** All tabs stay; the editor goes out of the way. */
  readonly onHide: (() => void) | null
}) {
  const { folderWatches, announcer } = useServices()
  const { documents } = files
  const tabs = useStore(files.tabs).get(workspace.id) ?? files.tabsOf(workspace.id)
  const all = useStore(documents.all)
  const panelId = useId()
  const [closing, setClosing] = useState<string | null>(null)
  const document = tabs.active === null ? undefined : all.get(keyOf(workspace.id, tabs.active))
  useEffect(() => folderWatches.listen(workspace.id, (change) => documents.onFolderChange(workspace.id, change)), [folderWatches, workspace.id, documents])
  useEffect(() => {
    const flush = (): void => documents.flush()
    window.addEventListener('pagehide', flush)
    return () => window.removeEventListener('pagehide', flush)
  }, [documents])
  useEffect(() => {
    if (document?.isDirty === true) files.keep(workspace.id, document.path)
  }, [document?.isDirty, document?.path, files, workspace.id])

  const save = (path: string): Promise<boolean> => documents.save(keyOf(workspace.id, path)).then((saved) => {
    if (saved) announcer.say(`Saved ${shownName(nameOf(path))}`)
    return saved
  })
  const close = (path: string): void => {
    if (all.get(keyOf(workspace.id, path))?.isDirty === true) setClosing(path)
    else files.close(workspace.id, path)
  }
  const { active } = tabs
  useCommands({
    'editor.save': document?.view.kind === 'text' ? () => void save(document.path) : null,
    'editor.close': active === null ? null : () => close(active),
    'editor.next-tab': tabs.open.length < 2 ? null : () => files.step(workspace.id, 1),
    'editor.previous-tab': tabs.open.length < 2 ? null : () => files.step(workspace.id, -1),
  })
  return (
    <section data-pane aria-label="Editor" className="flex h-full min-w-0 flex-1 flex-col bg-surface">
      <div className="flex shrink-0 items-center border-b border-line bg-canvas">
        <TabStrip
          workspaceId={workspace.id}
          tabs={tabs}
          documents={all}
          panelId={panelId}
          onPick={(path) => files.open(workspace.id, path)}
          onKeep={(path) => files.keep(workspace.id, path)}
          onClose={close}
        />
        {document?.isDirty === true && document.view.kind === 'text' && <IconButton label="Save" title="Save (Ctrl/Cmd+S)" icon={<Save />} disabled={document.isSaving} onClick={() => void save(document.path)} />}
        {active !== null && <Button small className="sr-only focus:not-sr-only" onClick={() => close(active)}>Close {shownName(nameOf(active))}</Button>}
        {onHide !== null && <Button small tone="quiet" className="mx-1" onClick={onHide}>Conversation</Button>}
      </div>
      {document !== undefined && (
        <div id={panelId} role="tabpanel" aria-label={shownName(document.path)} className="flex min-h-0 flex-1 flex-col">
          <DocumentPane document={document} workspace={workspace} files={files} onShowFolder={onShowFolder} onAttach={onAttach} onSave={() => void save(document.path)} />
        </div>
      )}
      {closing !== null && (
        <CloseDialog
          path={closing}
          onCancel={() => setClosing(null)}
          onDiscard={() => {
            files.close(workspace.id, closing)
            setClosing(null)
          }}
          onSave={() => void save(closing).then((saved) => {
            if (saved) files.close(workspace.id, closing)
            setClosing(null)
          })}
        />
      )}
    </section>
  )
}

/** One file: where it is, what is to be known of it, and itself. */
function DocumentPane({ document, workspace, files, onShowFolder, onAttach, onSave }: Pick<Parameters<typeof EditorArea>[0], 'workspace' | 'files' | 'onShowFolder' | 'onAttach'> & {
  readonly document: OpenDocument
  readonly onSave: () => void
}) {
  const { folderWatches } = useServices()
  const { documents } = files
  const target = useStore(files.target)
  const folder = useStore(folderWatches.state(workspace.id))
  const [selection, setSelection] = useState<CodeSelection | null>(null)
  const [comparing, setComparing] = useState<string | null>(null)
  const isComparing = comparing === document.key
  const choose = (choice: (key: string) => void): void => {
    setComparing(null)
    choice(document.key)
  }
  return (
    <>
      <div className="flex h-7 shrink-0 items-center gap-2 border-b border-line px-2">
        <Breadcrumbs path={document.path} onShowFolder={onShowFolder} />
        {onAttach !== null && selection !== null && (
          <Button small tone="quiet" className="min-h-6" onClick={() => onAttach({ path: document.path, ...selection })}><MessageSquarePlus aria-hidden className="size-3.5" />Add selection</Button>
        )}
      </div>
      <DocumentNotes
        document={document}
        isAway={!folder.available}
        isComparing={isComparing}
        onCompare={() => setComparing(isComparing ? null : document.key)}
        onKeepMine={() => choose(documents.keepMine)}
        onTakeTheirs={() => choose(documents.takeTheirs)}
        onSave={onSave}
      />
      <div className="min-h-0 flex-1">
        <DocumentBody
          document={document}
          documents={documents}
          openKeys={files.tabsOf(workspace.id).open.map((path) => keyOf(workspace.id, path))}
          isComparing={isComparing}
          target={target?.key === document.key ? target : null}
          onSelect={setSelection}
          onReload={() => documents.onFolderChange(workspace.id, everything)}
        />
      </div>
    </>
  )
}

const everything: FolderChange = { reset: true, folders: [], files: [], git: false, listed: false, available: true, trouble: null }

function CloseDialog({ path, onCancel, onDiscard, onSave }: { readonly path: string; readonly onCancel: () => void; readonly onDiscard: () => void; readonly onSave: () => void }) {
  return (
    <Dialog
      alert
      title={`Save ${shownName(nameOf(path))}?`}
      onClose={onCancel}
      actions={<>
        <Button onClick={onCancel}>Cancel</Button>
        <Button tone="danger" onClick={onDiscard}>Discard the changes</Button>
        <Button tone="primary" autoFocus onClick={onSave}>Save</Button>
      </>}
    >
      <p>It has changes that are not saved. When you discard them they are gone.</p>
    </Dialog>
  )
}

function Breadcrumbs({ path, onShowFolder }: { readonly path: string; readonly onShowFolder: (path: string) => void }) {
  const names = path.split('/')
  return (
    <nav aria-label="Where the file is" className="min-w-0 flex-1">
      <ol className="flex items-center overflow-hidden text-xs whitespace-nowrap text-muted">
        {names.map((name, index) => {
          const folder = names.slice(0, index + 1).join('/')
          const isLast = index === names.length - 1
          return (
            <li key={folder} className={isLast ? 'min-w-0 truncate' : 'flex shrink-0 items-center'}>
              {isLast
                ? <span aria-current="page" className="px-1 text-ink">{shownName(name)}</span>
                : <button type="button" className="max-w-32 truncate rounded-sm px-1 -outline-offset-2 hover:bg-hover hover:text-ink" onClick={() => onShowFolder(folder)}>{shownName(name)}</button>}
              {!isLast && <ChevronRight aria-hidden className="size-3 shrink-0" />}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}
