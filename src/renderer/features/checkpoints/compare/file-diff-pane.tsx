import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { Columns2, MessageSquare, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { ChangeAuthor, FileDiff } from '#contract/file-changes'
import { Button, IconButton } from '../../../components/button'
import { DiffEditor } from '../../../components/editor/diff-editor'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { useServices } from '../../../lib/services'
import type { CheckpointActions, StepPlace } from '../actions'
import { authorsText, changeWords, linesText, shownPath } from '../words'
import { omittedText } from './omitted'

const unifiedKey = 'diff'

/** One file of two checkpoints, or of one and now. */
export function CheckpointFile({ from, to, ...rest }: { readonly from: string; readonly to: string } & Omit<PaneProps, 'diff'>) {
  const { queries } = useServices()
  return <FileDiffPane diff={useQuery(queries.checkpointFileDiff(from, to, rest.path))} {...rest} />
}

/** One file of two branches. */
export function BranchFile({ branchId, other, ...rest }: { readonly branchId: string; readonly other: string } & Omit<PaneProps, 'diff' | 'onRestore'>) {
  const { queries } = useServices()
  return <FileDiffPane diff={useQuery(queries.branchFileDiff(branchId, other, rest.path))} onRestore={null} {...rest} />
}

interface PaneProps {
  readonly diff: UseQueryResult<FileDiff>
  readonly path: string
  /** Null where it cannot be restored from. */
  readonly onRestore: (() => void) | null
  readonly onOpenStep: CheckpointActions['onOpenStep']
}

/** A file of a comparison, in the editor. */
function FileDiffPane({ diff, path, onRestore, onOpenStep }: PaneProps) {
  const { memory } = useServices()
  const [sideBySide, setSideBySide] = useState(memory.read(unifiedKey) !== 'unified')
  const shown = shownPath(path)
  const place = diff.data === undefined ? null : placeOf(diff.data.authors)
  const note = diff.data === undefined ? null : omittedText(diff.data)
  return (
    <section aria-label={`Changes of ${shown}`} className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-2 border-b border-line px-3 py-1">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-mono text-xs" title={shown}>{shown}</h2>
          {diff.data !== undefined && (
            <p className="truncate text-xs text-muted">
              {changeWords[diff.data.change]}{diff.data.lines !== null && `, ${linesText(diff.data.lines)}`} · {authorsText(diff.data.authors)}
            </p>
          )}
        </div>
        {place !== null && <Button small tone="quiet" onClick={() => onOpenStep(place)}><MessageSquare aria-hidden className="size-3.5" />Where it was done</Button>}
        {onRestore !== null && <Button small onClick={onRestore}><RotateCcw aria-hidden className="size-3.5" />Restore this file…</Button>}
        <IconButton
          label="Side by side" icon={<Columns2 />} pressed={sideBySide} className="aria-pressed:bg-accent-soft aria-pressed:text-ink"
          onClick={() => {
            memory.write(unifiedKey, sideBySide ? 'unified' : null)
            setSideBySide(!sideBySide)
          }}
        />
      </header>
      <div className="min-h-0 flex-1">
        {diff.isPending && <Skeleton rows={8} label="Loading the file" className="p-4" />}
        {diff.error !== null && <ErrorNote error={diff.error} onRetry={() => void diff.refetch()} className="m-3" />}
        {note !== null && <p className="p-4 text-muted">{note}</p>}
        {diff.data !== undefined && note === null && (
          <DiffEditor path={path} before={diff.data.beforeText ?? ''} after={diff.data.afterText ?? ''} sideBySide={sideBySide} label={shown} />
        )}
      </div>
    </section>
  )
}

/** Of the last of ours who had a part in it. */
function placeOf(authors: readonly ChangeAuthor[]): StepPlace | null {
  const author = authors.findLast(({ sessionId, runId }) => sessionId !== null && runId !== null)
  return author === undefined || author.sessionId === null || author.runId === null ? null : { sessionId: author.sessionId, runId: author.runId, stepId: author.stepId }
}
