import type { Storage, StorageJob } from '#contract/storage'
import { formatBytes, formatTime } from '../../lib/format'

export const jobWords: Readonly<Record<StorageJob['kind'], string>> = { prune: 'Pruning', compact: 'Compacting', verify: 'Verifying' }

export const ageWords: Readonly<Record<Storage['ages'][number]['label'], string>> = {
  day: 'Last day', week: 'Last week', month: 'Last month', older: 'Older',
}

/** What the store holds, and what a verify reads: counted the same way everywhere. */
export function contentsText(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'content' : 'contents'} (files and lists of folders)`
}

/** In percent, for a bar: what is there is seen, and nothing is over full. */
export function shareOf(part: number, whole: number): number {
  if (part <= 0 || whole <= 0) return 0
  return Math.min(100, Math.max(1, Math.round((part / whole) * 100)))
}

export function jobProgress({ kind, done, total }: StorageJob): string {
  const words = `${jobWords[kind]}: ${done.toLocaleString('en')}`
  return total === null ? `${words} so far` : `${words} of ${total.toLocaleString('en')}`
}

/** How the last one ended. */
export function jobResult(job: StorageJob): string {
  const when = job.endedAt === null ? '' : ` (${formatTime(job.endedAt)})`
  if (job.state === 'failed') return `${jobWords[job.kind]} failed: ${job.error?.message ?? 'the reason is in the log'}${when}`
  switch (job.kind) {
    case 'prune': return `Pruned ${job.prunedCheckpoints.toLocaleString('en')} checkpoints, ${formatBytes(job.freedBytes)} freed${when}`
    case 'compact': return `Compacted: ${formatBytes(job.freedBytes)} given back to the disk${when}`
    case 'verify': return job.damaged.length === 0
      ? `Verified: ${contentsText(job.done)}, all whole${when}`
      : `Verified: ${contentsText(job.done)}, ${job.damaged.length.toLocaleString('en')} of them damaged; everything else can be restored${when}`
  }
}
