import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BehaviorPlace, BehaviorVersion } from '#contract/behavior'
import { Button } from '../../../components/button'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { RulesDiff } from '../../../components/rules-diff'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'

const byWords: Readonly<Record<BehaviorVersion['by'], string>> = { person: 'you', agent: 'an agent, with your approval', script: 'a script', restore: 'taken back' }
const firstCursor: string | undefined = undefined

/** Every version of the rules of one profile: who made it and why, what changed in it, and the way back to it. */
export function RuleHistory({ place }: { readonly place: BehaviorPlace }) {
  const { orpc } = useServices()
  const history = useInfiniteQuery(orpc.behavior.history.infiniteOptions({
    input: (cursor: string | undefined) => ({ ...place, limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
    initialPageParam: firstCursor,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  }))
  const revert = useMutation(orpc.behavior.revert.mutationOptions({ meta: { shownInPlace: true } }))
  const versions = history.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <section aria-labelledby="rule-history">
      <h4 id="rule-history" className="mb-1 text-sm font-semibold">History</h4>
      {history.isPending && <Skeleton rows={2} label="Loading the history" />}
      {history.error !== null && <ErrorNote error={history.error} onRetry={() => void history.refetch()} />}
      {history.isSuccess && versions.length === 0 && <p className="text-xs text-muted">Nothing was changed yet. Every change is kept here and can be taken back.</p>}
      {revert.error !== null && <ErrorNote error={revert.error} className="mb-2" />}
      <ol aria-label="Versions, newest first" className="flex max-h-80 flex-col gap-1 overflow-y-auto">
        {versions.map((version, index) => (
          <li key={version.version}>
            <VersionRow place={place} version={version} isNewest={index === 0} busy={revert.isPending} onRevert={(to) => revert.mutate({ ...place, version: to })} />
          </li>
        ))}
      </ol>
      {history.hasNextPage && <Button small className="mt-1" disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>Older versions</Button>}
    </section>
  )
}

function VersionRow({ place, version: { version, at, by, cause }, isNewest, busy, onRevert }: {
  readonly place: BehaviorPlace
  readonly version: BehaviorVersion
  readonly isNewest: boolean
  readonly busy: boolean
  readonly onRevert: (version: number) => void
}) {
  const [open, setOpen] = useState(false)
  return (
    <div className="rounded-md border border-line">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 px-3 py-1.5 text-xs">
        <span className="font-medium tabular-nums">Version {version}</span>
        <span className="min-w-0 flex-1 break-words text-muted">{cause} · {byWords[by]} · {formatTime(at)}</span>
        <Button small aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Hide' : 'What changed'}<span className="sr-only"> in version {version}</span></Button>
        {isNewest
          ? <Button small disabled={busy} onClick={() => onRevert(version - 1)}>Undo<span className="sr-only"> version {version}</span></Button>
          : <Button small disabled={busy} onClick={() => onRevert(version)}>Back to this<span className="sr-only"> version {version}</span></Button>}
      </div>
      {open && <div className="px-3 pb-2"><VersionDiff place={place} version={version} /></div>}
    </div>
  )
}

function VersionDiff({ place, version }: { readonly place: BehaviorPlace; readonly version: number }) {
  const { orpc } = useServices()
  const diff = useQuery(orpc.behavior.diff.queryOptions({ input: { ...place, from: version - 1, to: version } }))
  if (diff.isPending) return <Skeleton rows={2} label="Loading what changed" />
  if (diff.error !== null) return <ErrorNote error={diff.error} onRetry={() => void diff.refetch()} />
  return <RulesDiff diff={diff.data} />
}
