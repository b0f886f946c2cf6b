import { Camera, GitBranch, History, List, Maximize2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Button, IconButton } from '../../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../../components/feedback'
import { useServices } from '../../../lib/services'
import type { CheckpointActions } from '../actions'
import { BranchList } from '../branches/branch-list'
import { useCheckpoints } from '../use-checkpoints'
import { buildGraph, type TimelineLook } from './graph'
import { RestoreProgress } from './restore-progress'
import { TimelineRows } from './timeline-rows'

const lookKey = 'timeline'

/** All points that a session can go back to: as a list, or as a graph with its branches. */
export function Timeline({ sessionId, actions, compared = [], onExpand }: {
  readonly sessionId: string
  readonly actions: CheckpointActions
  /** Ids that a comparison beside it shows. */
  readonly compared?: readonly string[]
  /** Shows it over the whole window; left out where it already is. */
  readonly onExpand?: () => void
}) {
  const { memory } = useServices()
  const checkpoints = useCheckpoints(sessionId)
  const [look, setLook] = useState<TimelineLook>(memory.read(lookKey) === 'graph' ? 'graph' : 'list')
  const graph = useMemo(() => buildGraph(checkpoints.data?.items ?? []), [checkpoints.data])
  const show = (next: TimelineLook): void => {
    memory.write(lookKey, next)
    setLook(next)
  }
  const older = { has: checkpoints.hasNextPage && !checkpoints.isFetchingNextPage && !checkpoints.isFetchNextPageError, load: () => void checkpoints.fetchNextPage() }
  return (
    <section aria-label="Timeline" className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-1 border-b border-line px-2 py-1.5">
        <Button small title="Save a checkpoint with a name (Ctrl/Cmd+Shift+S)" onClick={actions.onSave}><Camera aria-hidden className="size-3.5" />Save checkpoint</Button>
        <span className="flex-1" />
        <IconButton label="As a list" icon={<List />} pressed={look === 'list'} onClick={() => show('list')} className="aria-pressed:bg-accent-soft aria-pressed:text-ink" />
        <IconButton label="As a graph" icon={<GitBranch />} pressed={look === 'graph'} onClick={() => show('graph')} className="aria-pressed:bg-accent-soft aria-pressed:text-ink" />
        {onExpand !== undefined && <IconButton label="Compare in the whole window" title="Timeline and comparison in the whole window (Ctrl/Cmd+Shift+H)" icon={<Maximize2 />} onClick={onExpand} />}
      </div>
      <RestoreProgress sessionId={sessionId} />
      <BranchList sessionId={sessionId} actions={actions} />
      {checkpoints.isPending && <Skeleton rows={6} label="Loading the timeline" className="p-3" />}
      {checkpoints.error !== null && <ErrorNote error={checkpoints.error} onRetry={() => void checkpoints.refetch()} className="m-3" />}
      {checkpoints.data?.items.length === 0 && <NoCheckpoints />}
      {graph.rows.length > 0 && (
        <TimelineRows key={`${look} ${sessionId}`} sessionId={sessionId} graph={graph} look={look} currentId={checkpoints.data?.currentId ?? null} older={older} actions={actions} compared={compared} />
      )}
    </section>
  )
}

function NoCheckpoints() {
  return (
    <EmptyState icon={<History />} title="No checkpoint yet">
      <p>One is taken before and after every turn that changes something. Save one yourself at any time.</p>
    </EmptyState>
  )
}
