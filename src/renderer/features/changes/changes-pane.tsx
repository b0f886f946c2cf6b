import { useQuery } from '@tanstack/react-query'
import { FileDiff as FileDiffIcon, RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Checkpoint } from '#contract/checkpoints'
import type { Uncommitted } from '#contract/changes'
import type { FileChange, LineCount } from '#contract/file-changes'
import { Button, IconButton } from '../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { SelectField } from '../../components/field'
import { useServices } from '../../lib/services'
import { ChangedFile } from './changed-file'
import type { Base } from './source'
import { type Scope, useBase } from './use-base'

export interface ChangesPaneProps {
  readonly sessionId: string
  /** Opens the preview of a restore where something is to be decided. */
  readonly onReview: (checkpoint: Checkpoint, path: string) => void
}

const scopes: readonly { readonly value: Scope; readonly label: string }[] = [
  { value: 'turn', label: 'Since before the last turn' },
  { value: 'session', label: 'Since this session began' },
  { value: 'uncommitted', label: 'Not committed (git)' },
]
const words: Readonly<Record<FileChange['change'], string>> = { added: 'new', removed: 'deleted', changed: 'changed', mode: 'rights changed', kind: 'replaced' }
const firstShown = 300

/** What was changed in the folder, with who changed it, and the way back for each file and each part of it. */
export function ChangesPane({ sessionId, onReview }: ChangesPaneProps) {
  const { queries, orpc } = useServices()
  const [scope, setScope] = useState<Scope>('turn')
  const [openPath, setOpenPath] = useState<string | null>(null)
  const { base: checkpoint, isPending, error, newest } = useBase(sessionId, scope)
  const sinceCheckpoint = useQuery({ ...queries.checkpointDiff(checkpoint?.id ?? '', 'now'), enabled: checkpoint !== null, select: (data): Listed => ({ ...data.files, note: null }) })
  const sinceCommit = useQuery({ ...orpc.changes.uncommitted.queryOptions({ input: { id: sessionId } }), enabled: scope === 'uncommitted', staleTime: 0, retry: false, select: listUncommitted })
  const diff = scope === 'uncommitted' ? sinceCommit : sinceCheckpoint
  const base: Base | null = scope === 'uncommitted' ? { kind: 'commit', sessionId } : checkpoint && { kind: 'checkpoint', checkpoint }
  const { refetch } = diff
  const hasBase = base !== null
  // A checkpoint more means that something may have changed.
  useEffect(() => {
    if (hasBase) void refetch()
  }, [newest, hasBase, refetch])
  const files = diff.data
  return (
    <div className="flex h-full min-h-0 flex-col gap-2 p-3">
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1"><SelectField label="Changes" value={scope} choices={scopes} onChange={setScope} /></div>
        <IconButton label="Look again" icon={<RefreshCw />} disabled={base === null || diff.isFetching} onClick={() => void diff.refetch()} />
      </div>
      {(isPending || (base !== null && diff.isPending)) && <Skeleton rows={5} label="Looking at the changes" />}
      {error !== null && <ErrorNote error={error} />}
      {diff.error !== null && <ErrorNote error={diff.error} onRetry={() => void diff.refetch()} />}
      {((!isPending && base === null) || files?.items.length === 0) && (
        <EmptyState icon={<FileDiffIcon />} title="No changes">
          <p>{base === null ? 'Once the agent has changed files here, they are listed with the way back.' : (files?.note ?? 'The files are as they were then.')}</p>
        </EmptyState>
      )}
      {files !== undefined && files.items.length > 0 && base !== null && (
        <>
          <p className="text-xs text-muted">
            {files.total} {files.total === 1 ? 'file' : 'files'}, <span className="text-success">+{files.lines.added}</span> <span className="text-danger">−{files.lines.removed}</span>
          </p>
          <ul aria-label="Changed files" className="min-h-0 flex-1 overflow-y-auto">
            {files.items.slice(0, firstShown).map((file) => <li key={file.path}><FileRow file={file} sessionId={sessionId} onOpen={() => setOpenPath(file.path)} /></li>)}
          </ul>
          {files.items.length > firstShown && <p className="text-xs text-muted">The first {firstShown} are shown. The timeline compares all of them.</p>}
        </>
      )}
      {openPath !== null && base !== null && (
        <ChangedFile sessionId={sessionId} base={base} path={openPath} onReview={onReview} onClose={() => setOpenPath(null)} onChanged={() => void diff.refetch()} />
      )}
    </div>
  )
}

interface Listed {
  readonly items: readonly FileChange[]
  readonly total: number
  readonly lines: LineCount
  /** Why there may be nothing. */
  readonly note: string | null
}

function listUncommitted({ state, items }: Uncommitted): Listed {
  const count = (which: keyof LineCount): number => items.reduce((sum, { lines }) => sum + (lines?.[which] ?? 0), 0)
  const notes = { repository: 'Everything is committed.', none: 'This folder is in no git repository, or git is not installed.', untrusted: 'Git is asked only in a folder that you trust.' }
  return { items, total: items.length, lines: { added: count('added'), removed: count('removed') }, note: notes[state] }
}

function FileRow({ file, sessionId, onOpen }: { readonly file: FileChange; readonly sessionId: string; readonly onOpen: () => void }) {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1)
  const folder = file.path.slice(0, file.path.length - name.length)
  return (
    <Button tone="quiet" className="h-auto w-full justify-start py-1 text-start font-normal" onClick={onOpen}>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 truncate font-mono text-xs" dir="auto" title={file.path}>{name}</span>
          <span className="min-w-0 flex-1 truncate text-xs text-muted" dir="auto">{folder}</span>
          {file.lines !== null && <span className="shrink-0 text-xs tabular-nums"><span className="text-success">+{file.lines.added}</span> <span className="text-danger">−{file.lines.removed}</span></span>}
        </span>
        <span className="block truncate text-xs text-muted">{words[file.change]}{authorText(file, sessionId)}</span>
      </span>
    </Button>
  )
}

function authorText({ authors }: FileChange, sessionId: string): string {
  const names = authors.map((author) =>
    author.kind === 'person' ? 'you or another program' : author.kind === 'restore' ? 'a restore' : author.sessionId === sessionId ? `the agent (${author.label})` : 'another session')
  return names.length === 0 ? '' : ` by ${[...new Set(names)].join(', ')}`
}
