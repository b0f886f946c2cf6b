import { useMutation, useQuery } from '@tanstack/react-query'
import { Columns2, MessageSquarePlus, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Checkpoint } from '#contract/checkpoints'
import type { FileDiff, Hunk } from '#contract/file-changes'
import { Button, IconButton } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { DiffEditor } from '../../components/editor/diff-editor'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { useServices } from '../../lib/services'
import { type Base, revertTo } from './source'
import { CommentForm } from './comment-form'

interface ChangedFileProps {
  readonly sessionId: string
  readonly base: Base
  readonly path: string
  readonly onReview: (checkpoint: Checkpoint, path: string) => void
  readonly onClose: () => void
  readonly onChanged: () => void
}

const modeKey = 'diff'

/** One changed file: both texts, and each part with its way back and a place for a comment. */
export function ChangedFile({ sessionId, base, path, onReview, onClose, onChanged }: ChangedFileProps) {
  const { queries, orpc, memory } = useServices()
  const [sideBySide, setSideBySide] = useState(memory.read(modeKey) !== 'unified')
  const [commented, setCommented] = useState<Hunk | null>(null)
  // From now to then: its parts are what a restore can choose from.
  const fromCheckpoint = useQuery({ ...queries.checkpointFileDiff('now', base.kind === 'checkpoint' ? base.checkpoint.id : '', path), enabled: base.kind === 'checkpoint' })
  const fromCommit = useQuery({ ...orpc.changes.uncommittedFile.queryOptions({ input: { id: sessionId, path } }), enabled: base.kind === 'commit', staleTime: 0, retry: false })
  const back = base.kind === 'commit' ? fromCommit : fromCheckpoint
  const revert = useRevert({ sessionId, base, path, onReview, onClose, onChanged: () => {
    onChanged()
    void back.refetch()
  } })
  const diff = back.data
  return (
    <Dialog
      title={path}
      size="full"
      onClose={onClose}
      actions={
        <>
          <p className="me-auto self-center text-xs text-muted">A checkpoint of how it is now is taken before anything is reverted.</p>
          <Button onClick={onClose}>Close</Button>
          <Button tone="danger" disabled={revert.isPending || diff === undefined} onClick={() => revert.mutate(null)}><Undo2 aria-hidden className="size-4" />Revert this file</Button>
        </>
      }
    >
      {back.isPending && <Skeleton rows={8} label="Loading the file" />}
      {back.error !== null && <ErrorNote error={back.error} onRetry={() => void back.refetch()} />}
      {diff !== undefined && (
        <div className="flex h-full min-h-96 flex-col gap-3 lg:flex-row">
          <div className="flex min-h-64 min-w-0 flex-1 flex-col rounded-md border border-line">
            <div className="flex justify-end border-b border-line p-1">
              <IconButton
                label="Side by side" icon={<Columns2 />} pressed={sideBySide} className="aria-pressed:bg-accent-soft aria-pressed:text-ink"
                onClick={() => {
                  memory.write(modeKey, sideBySide ? 'unified' : null)
                  setSideBySide(!sideBySide)
                }}
              />
            </div>
            {diff.omitted === null
              ? <div className="min-h-0 flex-1"><DiffEditor path={path} before={diff.afterText ?? ''} after={diff.beforeText ?? ''} sideBySide={sideBySide} label={path} /></div>
              : <p className="p-4 text-muted">The texts cannot be shown: {omittedWords[diff.omitted]}. The file can still be reverted whole.</p>}
          </div>
          <section aria-label="Parts of the change" className="flex w-full shrink-0 flex-col gap-2 overflow-y-auto lg:w-80">
            <h3 className="text-xs font-semibold text-muted">{diff.hunks.length} {diff.hunks.length === 1 ? 'part' : 'parts'}</h3>
            <ol className="flex flex-col gap-2">
              {diff.hunks.map((hunk, index) => (
                <li key={hunk.id} className="rounded-md border border-line p-2">
                  <HunkPreview hunk={hunk} />
                  <div className="mt-1.5 flex gap-1">
                    <Button small aria-label={`Revert part ${index + 1}`} disabled={revert.isPending} onClick={() => revert.mutate(hunk.id)}><Undo2 aria-hidden className="size-3.5" />Revert</Button>
                    <Button small tone="quiet" aria-label={`Comment on part ${index + 1}`} onClick={() => setCommented(commented?.id === hunk.id ? null : hunk)}><MessageSquarePlus aria-hidden className="size-3.5" />Comment</Button>
                  </div>
                  {commented?.id === hunk.id && <CommentForm sessionId={sessionId} path={path} text={diff.beforeText ?? ''} start={linesNow(hunk)} onDone={() => setCommented(null)} />}
                </li>
              ))}
            </ol>
          </section>
        </div>
      )}
    </Dialog>
  )
}

const omittedWords: Readonly<Record<NonNullable<FileDiff['omitted']>, string>> = {
  binary: 'it is no text', too_large: 'it is too large', not_covered: 'checkpoints do not cover it', damaged: 'what was kept is damaged',
}

/** Without the unchanged lines around, as they are in the file now. */
function linesNow({ beforeStart, lines }: Hunk): { readonly from: number; readonly to: number } {
  const first = lines.findIndex(({ kind }) => kind !== 'same')
  const count = lines.filter(({ kind }) => kind === 'removed').length
  const from = Math.max(1, beforeStart + Math.max(0, first))
  return { from, to: from + Math.max(0, count - 1) }
}

/** The parts run from now to then, so what they remove is what was added. */
function HunkPreview({ hunk }: { readonly hunk: Hunk }) {
  const changed = hunk.lines.filter(({ kind }) => kind !== 'same').toSorted((left, right) => Number(left.kind === 'removed') - Number(right.kind === 'removed'))
  const { from, to } = linesNow(hunk)
  return (
    <>
      <p className="text-xs text-muted">{from === to ? `Line ${from}` : `Lines ${from} to ${to}`}</p>
      <pre className="max-h-32 overflow-auto font-mono text-xs" tabIndex={0} aria-label={`What changed at line ${from}`}>
        {changed.slice(0, 40).map((line, index) => (
          <div key={index} className={line.kind === 'removed' ? 'bg-success-soft text-success' : 'bg-danger-soft text-danger'}>{line.kind === 'removed' ? '+' : '−'} {line.text.slice(0, 300)}</div>
        ))}
      </pre>
    </>
  )
}

/** The whole file (null) or one part goes back. What someone else changed since stays, and is then asked about. */
function useRevert({ base, path, onReview, onClose, onChanged }: ChangedFileProps) {
  const { client, toasts } = useServices()
  const undo = useMutation({ mutationFn: (restoreId: string) => client.checkpoints.undo({ target: { restoreId } }), onSuccess: onChanged })
  return useMutation({
    mutationFn: (hunkId: string | null) =>
      revertTo(client, base, path, hunkId === null ? undefined : { [path]: [hunkId] }),
    onSuccess: (result) => {
      onChanged()
      if (result.kept.length + result.failed.length > 0) {
        if (base.kind === 'commit') return toasts.error(result.failed[0]?.reason ?? 'This file could not be reverted; it is as it was.')
        onClose()
        return onReview(base.checkpoint, path)
      }
      toasts.info('Reverted.', [{ label: 'Undo', run: () => undo.mutate(result.restoreId) }])
    },
  })
}
