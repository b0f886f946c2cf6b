import { useMutation, useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useRef, useState } from 'react'
import type { SearchMatch } from '#contract/find-in-files'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { DiffEditor } from '../../components/editor/diff-editor'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { shownName } from '../../lib/file-path'
import { useServices, useStore } from '../../lib/services'
import { FindForm } from './find-form'
import { FindResults } from './find-results'
import { type FindState, type FindStore, matchId, wantedFiles } from './find-store'

const typedMs = 200

/** Searches the text of the folder, and replaces in it. */
export function FindPanel({ workspace, sessionId, store, onOpen }: {
  readonly workspace: Workspace
  readonly sessionId: string | null
  readonly store: FindStore
  readonly onOpen: (path: string, options: { readonly keep: boolean; readonly at: { readonly line: number; readonly column: number; readonly length: number } }) => void
}) {
  const state = useStore(store.state)
  const [preview, setPreview] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const run = (): void => {
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = setTimeout(() => void store.run(workspace.id), typedMs)
  }
  const open = (path: string, match: SearchMatch, keep: boolean): void => onOpen(path, { keep, at: placeOf(match) })
  return (
    <>
      <FindForm state={state} store={store} onRun={run} />
      <Summary state={state} onStop={store.stop} />
      {state.isReplacing && state.matches > 0 && <ReplaceBar workspace={workspace} sessionId={sessionId} state={state} store={store} onPreview={setPreview} />}
      {state.status === 'failed' && <ErrorNote error={state.error} className="mx-2" />}
      {state.files.length > 0
        ? <FindResults workspaceId={workspace.id} state={state} onToggle={store.toggleFile} onOpen={open} onExclude={store.exclude} onPreview={setPreview} />
        : state.status === 'idle' && <EmptyState icon={<Search />} title="Search the folder"><p>Type what you look for. Files that .gitignore names are left out.</p></EmptyState>}
      {preview !== null && <PreviewDialog workspaceId={workspace.id} path={preview} state={state} onClose={() => setPreview(null)} />}
    </>
  )
}

function placeOf(match: SearchMatch): { line: number; column: number; length: number } {
  return { line: match.line, column: match.character + 1, length: match.end - match.start }
}

function Summary({ state, onStop }: { readonly state: FindState; readonly onStop: () => void }) {
  if (state.status === 'idle') return null
  const { matches, files } = state
  const count = matches === 0 ? (state.status === 'searching' ? 'Searching…' : 'Nothing found.') : `${matches.toLocaleString('en')} in ${files.length.toLocaleString('en')} ${files.length === 1 ? 'file' : 'files'}`
  return (
    <div className="flex shrink-0 items-center gap-2 px-3 pb-1 text-xs text-muted">
      <p role="status" className="min-w-0 flex-1">
        {count}
        {state.truncated && '; there is more: narrow it down'}
        {state.status === 'stopped' && ', stopped'}
      </p>
      {state.status === 'searching' && <Button small tone="quiet" onClick={onStop}>Stop</Button>}
    </div>
  )
}

function ReplaceBar({ workspace, sessionId, state, store, onPreview }: {
  readonly workspace: Workspace
  readonly sessionId: string | null
  readonly state: FindState
  readonly store: FindStore
  readonly onPreview: (path: string) => void
}) {
  const { orpc, toasts } = useServices()
  const wanted = wantedFiles(state)
  const count = wanted.reduce((sum, file) => sum + file.matches.length, 0)
  const undo = useMutation(orpc.findInFiles.undo.mutationOptions({
    onSuccess: ({ restored, failed }) => {
      toasts.info(failed.length === 0 ? `Undone in ${restored.length} files.` : `Undone in ${restored.length} files; ${failed.length} were changed since and stay.`)
      void store.run(workspace.id)
    },
  }))
  const replace = useMutation(orpc.findInFiles.replace.mutationOptions({
    onSuccess: ({ id, replaced, failed }) => {
      const done = replaced.reduce((sum, file) => sum + file.matches, 0)
      const [first] = failed
      if (replaced.length > 0) toasts.info(`Replaced ${done} in ${replaced.length} ${replaced.length === 1 ? 'file' : 'files'}.`, [{ label: 'Undo', run: () => undo.mutate({ id }) }])
      if (first !== undefined) toasts.error(failed.length === 1 ? `Not replaced: ${first.reason}` : `${failed.length} files were not replaced. The first: ${first.reason}`)
      void store.run(workspace.id)
    },
  }))
  const [first] = wanted
  return (
    <div className="flex shrink-0 items-center gap-1.5 px-2 pb-1.5">
      <Button
        small
        tone="primary"
        disabled={count === 0 || replace.isPending || state.status === 'searching'}
        onClick={() => replace.mutate({ id: workspace.id, query: state.query, replacement: state.replacement, files: wanted.slice(0, 5_000), ...(sessionId === null ? {} : { sessionId }) })}
      >
        {replace.isPending ? 'Replacing…' : `Replace ${count.toLocaleString('en')}`}
      </Button>
      <Button small disabled={first === undefined} onClick={() => first !== undefined && onPreview(first.path)}>Preview</Button>
    </div>
  )
}

/** What would become of each file, one after the other. */
function PreviewDialog({ workspaceId, path: initial, state, onClose }: { readonly workspaceId: string; readonly path: string; readonly state: FindState; readonly onClose: () => void }) {
  const { orpc } = useServices()
  const [path, setPath] = useState(initial)
  const { query, replacement, files, excluded } = state
  const at = files.findIndex((file) => file.path === path)
  const exclude = (files[at]?.matches ?? []).filter((match) => excluded.has(matchId(path, match))).map(({ line, column }) => `${line}:${column}`)
  const preview = useQuery({ ...orpc.findInFiles.preview.queryOptions({ input: { id: workspaceId, query, replacement, path, exclude } }), staleTime: 0, gcTime: 0 })
  const go = (step: number): void => setPath(files[at + step]?.path ?? path)
  return (
    <Dialog
      title={`Preview: ${shownName(path)}`}
      size="full"
      onClose={onClose}
      actions={<>
        <Button disabled={at <= 0} onClick={() => go(-1)}>File before</Button>
        <Button disabled={at >= files.length - 1} onClick={() => go(1)}>Next file</Button>
        <Button tone="primary" onClick={onClose}>Done</Button>
      </>}
    >
      {preview.error !== null ? <ErrorNote error={preview.error} /> : preview.data === undefined
        ? <Skeleton rows={8} label="Loading the preview" />
        : <div className="h-full"><DiffEditor path={path} before={preview.data.before} after={preview.data.after} sideBySide label={`Replacing in ${shownName(path)}`} /></div>}
    </Dialog>
  )
}
