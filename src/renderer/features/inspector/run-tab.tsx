import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Run, Step } from '#contract/runs'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { SelectField } from '../../components/field'
import { classNames } from '../../lib/class-names'
import { formatCost, formatDuration, formatTime, formatTokens, shorten } from '../../lib/format'
import { useNow } from '../../lib/hooks'
import { useServices } from '../../lib/services'

const stateWords: Readonly<Record<Run['state'] | Step['state'], string>> = {
  queued: 'queued',
  running: 'running',
  waiting: 'waiting for you',
  completed: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted',
  intended: 'running',
  unknown: 'outcome unknown',
}

/** The turns of a session, newest first, and the steps of the chosen one. */
export function RunTab({ sessionId, renderAgents }: { readonly sessionId: string; readonly renderAgents: (runId: string) => ReactNode }) {
  const { queries } = useServices()
  const [picked, setPicked] = useState<string | null>(null)
  const runs = useQuery(queries.runs(sessionId))
  // A message that reached a turn that was at work is a part of that one.
  const items = (runs.data?.items ?? []).filter(({ joinedRunId }) => joinedRunId === null)
  const shown = items.find((run) => run.id === picked) ?? items.find((run) => run.state !== 'queued') ?? items[0]
  if (runs.isPending) return <Skeleton rows={5} label="Loading the turns" />
  if (runs.error !== null) return <ErrorNote error={runs.error} onRetry={() => void runs.refetch()} />
  if (shown === undefined) return <p className="py-6 text-center text-muted">After the first message, this shows the steps, their time and their cost.</p>
  return (
    <div className="flex flex-col gap-3">
      <SelectField
        label="Turn"
        value={shown.id}
        choices={items.map((run) => ({ value: run.id, label: `${shorten(run.text, 40)} (${stateWords[run.state]})` }))}
        onChange={setPicked}
      />
      {renderAgents(shown.id)}
      <RunSteps run={shown} />
    </div>
  )
}

function RunSteps({ run }: { readonly run: Run }) {
  const { queries } = useServices()
  const detail = useQuery(queries.run(run.id))
  const isRunning = run.state === 'running' || run.state === 'waiting'
  const now = useNow(1_000, isRunning)
  const took = run.startedAt === null ? null : (run.endedAt ?? now) - run.startedAt
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5">
        <Fact name="State" value={stateWords[run.state]} />
        <Fact name="Started" value={run.startedAt === null ? 'not yet' : formatTime(run.startedAt)} />
        {took !== null && <Fact name="Took" value={formatDuration(took)} />}
        <Fact name="Model" value={run.model ?? 'default'} />
        <Fact name="Tokens" value={`${formatTokens(run.usage.inputTokens)} in, ${formatTokens(run.usage.outputTokens)} out${run.usage.estimated ? ', estimated' : ''}`} />
        <Fact name="Cost" value={formatCost(run.costUsd)} />
      </dl>
      {run.error !== null && <ErrorNote error={run.error.message} />}
      {detail.isPending && <Skeleton rows={4} label="Loading the steps" />}
      {detail.error !== null && <ErrorNote error={detail.error} onRetry={() => void detail.refetch()} />}
      <ol aria-label="Steps" className="flex flex-col gap-1">
        {detail.data?.steps.map((step) => <StepItem key={step.id} step={step} now={now} />)}
      </ol>
    </>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{value}</dd>
    </>
  )
}

const purposeWords: Readonly<Record<Step['purpose'], string>> = { turn: '', summary: ' (summary)', learning: ' (learning)', sampling: ' (for a server)' }

function StepItem({ step, now }: { readonly step: Step; readonly now: number }) {
  const isBad = step.state === 'failed' || step.state === 'unknown'
  return (
    <li className="rounded-md border border-line bg-surface px-2 py-1">
      <div className="flex items-baseline gap-2">
        <span className="w-5 shrink-0 text-end text-xs text-muted tabular-nums">{step.number}</span>
        <span className={classNames('min-w-0 flex-1 truncate', step.kind === 'tool' && 'font-mono text-xs')}>
          {step.name}{purposeWords[step.purpose]}
        </span>
        <span className="shrink-0 text-xs tabular-nums">{formatDuration((step.endedAt ?? now) - step.startedAt)}</span>
      </div>
      <p className={classNames('ps-7 text-xs', isBad ? 'text-danger' : 'text-muted')}>
        {stateWords[step.state]}
        {step.usage !== null && ` · ${formatTokens(step.usage.totalTokens)} tokens · ${formatCost(step.costUsd)}`}
        {step.error !== null && ` · ${step.error.message}`}
      </p>
    </li>
  )
}
