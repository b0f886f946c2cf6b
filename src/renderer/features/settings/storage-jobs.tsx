import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Storage, StorageJob } from '#contract/storage'
import { Button } from '../../components/button'
import { formatBytes } from '../../lib/format'
import { useServices } from '../../lib/services'
import { jobProgress, jobResult, jobWords } from './storage-words'

/** What can be done with the store, one at a time, and how each ended last. */
export function StorageJobs({ storage }: { readonly storage: Storage }) {
  const { orpc, queries } = useServices()
  const queryClient = useQueryClient()
  const onSuccess = (job: StorageJob): void => {
    // Its events may be here before its answer: only a job that is still unknown is shown from it.
    queryClient.setQueryData(queries.storage().queryKey, (data) =>
      data && (data.job !== null || data.lastJobs.some((last) => last.id === job.id) ? data : { ...data, job }))
  }
  const prune = useMutation(orpc.storage.prune.mutationOptions({ onSuccess }))
  const compact = useMutation(orpc.storage.compact.mutationOptions({ onSuccess }))
  const verify = useMutation(orpc.storage.verify.mutationOptions({ onSuccess }))
  const { job, prunable, slackBytes, lastJobs } = storage
  const isBusy = job !== null || prune.isPending || compact.isPending || verify.isPending
  return (
    <section aria-label="Maintenance" className="flex flex-col gap-2">
      <ul className="flex flex-col gap-1.5">
        <Job
          note={prunable.checkpoints === 0 ? 'Nothing is over the limits.' : `Would free about ${formatBytes(prunable.bytes)}: the files of ${prunable.checkpoints.toLocaleString('en')} checkpoints.`}
          label="Prune now" disabled={isBusy || prunable.checkpoints === 0} onStart={() => prune.mutate({})} last={lastJobs.find((last) => last.kind === 'prune')}
        />
        <Job
          note={slackBytes === 0 ? 'No unused space inside the store.' : `${formatBytes(slackBytes)} inside the store are unused.`}
          label="Compact now" disabled={isBusy} onStart={() => compact.mutate({})} last={lastJobs.find((last) => last.kind === 'compact')}
        />
        <Job
          note="Reads everything and compares it with its hash."
          label="Verify now" disabled={isBusy} onStart={() => verify.mutate({})} last={lastJobs.find((last) => last.kind === 'verify')}
        />
      </ul>
      {job !== null && (
        <div className="rounded-md bg-accent-soft px-3 py-2 text-xs">
          <p role="status">{jobProgress(job)}</p>
          <progress aria-label={jobWords[job.kind]} className="mt-1 h-1.5 w-full accent-accent" max={job.total ?? 1} {...(job.total === null ? {} : { value: job.done })} />
        </div>
      )}
    </section>
  )
}

function Job({ note, label, disabled, onStart, last }: {
  readonly note: string
  readonly label: string
  readonly disabled: boolean
  readonly onStart: () => void
  readonly last: StorageJob | undefined
}) {
  const isBad = last !== undefined && (last.state === 'failed' || last.damaged.length > 0)
  return (
    <li className="rounded-md border border-line px-3 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-48 flex-1">{note}</p>
        <Button small disabled={disabled} onClick={onStart}>{label}</Button>
      </div>
      {last !== undefined && <p className={isBad ? 'text-xs text-danger' : 'text-xs text-muted'}>{jobResult(last)}</p>}
      {last !== undefined && last.damaged.length > 0 && <Damaged damaged={last.damaged} />}
    </li>
  )
}

function Damaged({ damaged }: Pick<StorageJob, 'damaged'>) {
  return (
    <ul aria-label="Damaged contents" className="mt-1 max-h-40 overflow-y-auto text-xs">
      {damaged.slice(0, 500).map((item) => (
        <li key={`${item.hash} ${item.path}`} className="flex gap-2">
          <span className="min-w-0 flex-1 truncate font-mono">{item.path ?? item.hash}</span>
          <span className="shrink-0 text-muted">in {item.checkpointIds.length} {item.checkpointIds.length === 1 ? 'checkpoint' : 'checkpoints'}</span>
        </li>
      ))}
    </ul>
  )
}
