import { useQuery } from '@tanstack/react-query'
import type { TaskRun } from '#contract/tasks'
import { Button } from '../../../components/button'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { formatCost, formatDuration, formatTime, formatTokens } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { useTaskPlace } from '../tasks-context'

const words: Readonly<Record<TaskRun['state'], string>> = {
  running: 'at work', waiting: 'waits for you', interrupted: 'interrupted', completed: 'finished', failed: 'failed', cancelled: 'stopped',
}

/** Each attempt with its steps and cost; what it does now is in its conversation. */
export function Attempts({ id }: { readonly id: string }) {
  const { queries } = useServices()
  const runs = useQuery(queries.taskRuns(id))
  if (runs.error !== null) return <ErrorNote error={runs.error} onRetry={() => void runs.refetch()} />
  if (runs.data === undefined) return <Skeleton rows={1} label="Loading the attempts" />
  return <ol className="flex flex-col gap-2">{runs.data.items.map((run) => <Attempt key={run.id} run={run} />)}</ol>
}

function Attempt({ run }: { readonly run: TaskRun }) {
  const { queries } = useServices()
  const { onOpenSession } = useTaskPlace()
  const { sessionId, runId } = run
  const steps = useQuery({ ...queries.run(runId ?? ''), enabled: runId !== null }).data?.steps.length
  const facts = [
    ...(steps === undefined ? [] : [`${steps} ${steps === 1 ? 'step' : 'steps'}`]),
    ...(run.usage.totalTokens === 0 ? [] : [`${formatTokens(run.usage.totalTokens)} tokens`, formatCost(run.costUsd)]),
    ...(run.endedAt === null ? [] : [formatDuration(run.endedAt - run.startedAt)]),
  ]
  return (
    <li className="border-l-2 border-line pl-2.5">
      <div className="flex flex-wrap items-center gap-x-2">
        <span>Attempt {run.number}: {words[run.state]}</span>
        {sessionId !== null && <Button small tone="quiet" aria-label={`Open the conversation of attempt ${run.number}`} onClick={() => onOpenSession(sessionId)}>Open</Button>}
      </div>
      <p className="text-xs text-muted">{[formatTime(run.startedAt), ...facts].join(', ')}</p>
      {run.error !== null && <p className="text-xs break-words text-danger">{run.error.message}</p>}
    </li>
  )
}
