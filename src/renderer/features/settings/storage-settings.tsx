import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Storage } from '#contract/storage'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { formatBytes } from '../../lib/format'
import { useServices } from '../../lib/services'
import { StorageJobs } from './storage-jobs'
import { StoragePins } from './storage-pins'
import { AgeTable, WorkspaceTable } from './storage-tables'
import { contentsText, shareOf } from './storage-words'

/** What checkpoints take on this disk, what holds it, and what can be done about it. */
export function StorageSettings({ limits }: { readonly limits: ReactNode }) {
  const { queries } = useServices()
  const storage = useQuery(queries.storage())
  return (
    <div className="flex flex-col gap-5">
      {storage.isPending && <Skeleton rows={6} label="Measuring the store" />}
      {storage.error !== null && <ErrorNote error={storage.error} onRetry={() => void storage.refetch()} />}
      {storage.data !== undefined && (
        <>
          <Usage storage={storage.data} />
          <StorageJobs storage={storage.data} />
          <WorkspaceTable workspaces={storage.data.workspaces} />
          <AgeTable ages={storage.data.ages} />
          <StoragePins />
        </>
      )}
      <section aria-labelledby="storage-limits">
        <h3 id="storage-limits" className="mb-2 font-semibold">Limits</h3>
        {limits}
      </section>
    </div>
  )
}

function Usage({ storage }: { readonly storage: Storage }) {
  const share = shareOf(storage.bytes, storage.limits.bytes)
  return (
    <section aria-labelledby="storage-usage">
      <h3 id="storage-usage" className="font-semibold">{formatBytes(storage.bytes)} of {formatBytes(storage.limits.bytes)} used by checkpoints</h3>
      <svg role="img" aria-label={`${share} % full`} viewBox="0 0 100 10" preserveAspectRatio="none" className="my-1.5 h-2 w-full rounded-full bg-sunken">
        <rect width={share} height="10" className={share > 85 ? 'fill-warning' : 'fill-accent'} />
      </svg>
      <p className="text-xs text-muted">
        {contentsText(storage.objects)}, each stored once however many checkpoints share it. What is older than {storage.limits.days} days
        or beyond the size goes first; pinned checkpoints stay.
      </p>
    </section>
  )
}
