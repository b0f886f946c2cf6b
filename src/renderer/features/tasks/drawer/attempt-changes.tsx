import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Checkpoint } from '#contract/checkpoints'
import type { FileChange } from '#contract/file-changes'
import { DiffView } from '../../../components/diff/diff-view'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { useServices } from '../../../lib/services'

/** What changed in the folder while an attempt was at work: from the checkpoint before it to the one after, or to now. */
export function AttemptChanges({ sessionId, isRunning }: { readonly sessionId: string; readonly isRunning: boolean }) {
  const { queries } = useServices()
  const [openPath, setOpenPath] = useState<string | null>(null)
  const checkpoints = useInfiniteQuery({ ...queries.checkpoints(sessionId), select: (data) => data.pages.flatMap((page) => page.items) })
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = checkpoints
  const wantsMore = hasNextPage && !isFetchingNextPage
  useEffect(() => {
    if (wantsMore) void fetchNextPage()
  }, [wantsMore, fetchNextPage])
  const span = hasNextPage ? null : spanOf(checkpoints.data ?? [], isRunning)
  const diff = useQuery({ ...queries.checkpointDiff(span?.from ?? '', span?.to ?? 'now'), enabled: span !== null })
  if (span === null) return null
  if (diff.error !== null) return <ErrorNote error={diff.error} onRetry={() => void diff.refetch()} />
  if (diff.data === undefined || !diff.data.files.available || diff.data.files.total === 0) return null
  const { items, total, lines } = diff.data.files
  return (
    <section aria-label="Changed files">
      <h4 className="text-xs font-medium">
        Changed {total.toLocaleString('en')} {total === 1 ? 'file' : 'files'}, <span className="text-success">+{lines.added}</span> <span className="text-danger">−{lines.removed}</span>
      </h4>
      <ul>
        {items.slice(0, mostFiles).map((file) => (
          <li key={file.path}>
            <button type="button" aria-expanded={openPath === file.path} onClick={() => setOpenPath(openPath === file.path ? null : file.path)} className="flex w-full gap-2 rounded-sm px-1 text-start text-xs hover:bg-hover">
              <span className="min-w-0 flex-1 truncate">{file.path}</span>
              <span className="shrink-0 text-muted">{words[file.change]}{file.lines !== null && ` +${file.lines.added} −${file.lines.removed}`}</span>
            </button>
            {openPath === file.path && <FileChanges from={span.from} to={span.to} path={file.path} />}
          </li>
        ))}
      </ul>
      {total > mostFiles && <p className="text-xs text-muted">and {(total - mostFiles).toLocaleString('en')} more: the timeline of its conversation compares all of them</p>}
    </section>
  )
}

const mostFiles = 100
const words: Readonly<Record<FileChange['change'], string>> = { added: 'new', removed: 'deleted', changed: 'changed', mode: 'rights changed', kind: 'replaced' }

/** Newest first comes in: from before the oldest turn to after the newest. */
function spanOf(checkpoints: readonly Checkpoint[], isRunning: boolean): { readonly from: string; readonly to: string } | null {
  const kept = checkpoints.filter(({ files }) => files === 'kept')
  const before = kept.findLast(({ kind }) => kind === 'before_turn')
  const after = kept.find(({ kind }) => kind === 'after_turn')
  if (before === undefined) return null
  if (isRunning) return { from: before.id, to: 'now' }
  return after === undefined ? null : { from: before.id, to: after.id }
}

function FileChanges({ from, to, path }: { readonly from: string; readonly to: string; readonly path: string }) {
  const { queries } = useServices()
  const file = useQuery(queries.checkpointFileDiff(from, to, path))
  if (file.error !== null) return <ErrorNote error={file.error} onRetry={() => void file.refetch()} />
  if (file.data === undefined) return <Skeleton rows={2} label="Loading the file" />
  const { beforeText, afterText, omitted } = file.data
  if (omitted !== null) return <p className="px-1 text-xs text-muted">Its text cannot be shown.</p>
  return <DiffView path={path} before={beforeText ?? ''} after={afterText ?? ''} created={beforeText === null} />
}
