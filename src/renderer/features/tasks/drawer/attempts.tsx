import { useQuery } from '@tanstack/react-query'
import { FileCheck } from 'lucide-react'
import type { Step } from '#contract/runs'
import type { TaskRun } from '#contract/tasks'
import { Button } from '../../../components/button'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { errorMessage } from '../../../lib/error-message'
import { formatCost, formatDuration, formatTime, formatTokens } from '../../../lib/format'
import { saveFile } from '../../../lib/save-file'
import { useServices } from '../../../lib/services'
import { useTaskPlace } from '../tasks-context'
import { AttemptChanges } from './attempt-changes'
import { LiveStep } from './live-step'

const words: Readonly<Record<TaskRun['state'], string>> = {
  running: 'at work', waiting: 'waits for you', interrupted: 'interrupted', completed: 'finished', failed: 'failed', cancelled: 'stopped',
}

/** Each attempt with its steps and cost, what it says now, what it changed in the folder, and its receipt. */
export function Attempts({ id }: { readonly id: string }) {
  const { queries } = useServices()
  const runs = useQuery(queries.taskRuns(id))
  if (runs.error !== null) return <ErrorNote error={runs.error} onRetry={() => void runs.refetch()} />
  if (runs.data === undefined) return <Skeleton rows={1} label="Loading the attempts" />
  return <ol className="flex flex-col gap-3">{runs.data.items.map((run) => <Attempt key={run.id} run={run} />)}</ol>
}

function Attempt({ run }: { readonly run: TaskRun }) {
  const { queries } = useServices()
  const { onOpenSession } = useTaskPlace()
  const { sessionId, runId } = run
  const detail = useQuery({ ...queries.run(runId ?? ''), enabled: runId !== null }).data
  const steps = detail?.steps ?? []
  const current = run.state === 'running' ? steps.findLast(({ state }) => state === 'intended') : undefined
  const facts = [
    ...(detail === undefined ? [] : [`${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`]),
    ...(run.usage.totalTokens === 0 ? [] : [`${formatTokens(run.usage.totalTokens)} tokens`, formatCost(run.costUsd)]),
    ...(run.endedAt === null ? [] : [formatDuration(run.endedAt - run.startedAt)]),
  ]
  return (
    <li className="flex flex-col gap-1 border-l-2 border-line pl-2.5">
      <div className="flex flex-wrap items-center gap-x-1">
        <span>Attempt {run.number}: {words[run.state]}</span>
        {sessionId !== null && <Button small tone="quiet" aria-label={`Open the conversation of attempt ${run.number}`} onClick={() => onOpenSession(sessionId)}>Open</Button>}
        {runId !== null && run.endedAt !== null && <SaveReceipt runId={runId} number={run.number} />}
      </div>
      <p className="text-xs text-muted">{[formatTime(run.startedAt), ...facts].join(', ')}</p>
      {run.error !== null && <p className="text-xs break-words text-danger">{run.error.message}</p>}
      {current !== undefined && <LiveStep step={current} />}
      {steps.length > 0 && <Steps steps={steps} number={run.number} />}
      {sessionId !== null && <AttemptChanges key={run.state} sessionId={sessionId} isRunning={run.endedAt === null} />}
    </li>
  )
}

const stepWords: Readonly<Record<Step['state'], string>> = {
  intended: 'at work', completed: 'done', failed: 'failed', cancelled: 'stopped', interrupted: 'interrupted', unknown: 'outcome unknown',
}
const mostSteps = 200

function Steps({ steps, number }: { readonly steps: readonly Step[]; readonly number: number }) {
  const shown = steps.slice(-mostSteps)
  return (
    <details>
      <summary className="w-fit rounded-sm text-xs text-muted">Steps of attempt {number}</summary>
      <ol className="mt-1 text-xs">
        {steps.length > shown.length && <li className="text-muted">The first {steps.length - shown.length} are in its conversation.</li>}
        {shown.map((step) => (
          <li key={step.id} className="flex gap-2">
            <span className="w-6 shrink-0 text-end text-muted tabular-nums">{step.number}</span>
            <span className="min-w-0 flex-1 truncate" title={step.name}>{step.name}</span>
            <span className={step.state === 'failed' || step.state === 'unknown' ? 'text-danger' : 'text-muted'}>
              {stepWords[step.state]}{step.endedAt !== null && `, ${formatDuration(step.endedAt - step.startedAt)}`}{step.usage !== null && step.costUsd !== null && `, ${formatCost(step.costUsd)}`}
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}

function SaveReceipt({ runId, number }: { readonly runId: string; readonly number: number }) {
  const { client, toasts } = useServices()
  const save = (): void => {
    client.receipts.get({ id: runId }).then(
      (receipt) => saveFile(`receipt-${receipt.runId}.json`, [JSON.stringify(receipt, null, 2)], 'application/json'),
      (error: unknown) => toasts.error(`The receipt was not saved: ${errorMessage(error)}`),
    )
  }
  return <Button small tone="quiet" aria-label={`Save the receipt of attempt ${number}`} title="Everything it did, in one file that shows when it was changed" onClick={save}><FileCheck aria-hidden className="size-3.5" />Receipt</Button>
}
