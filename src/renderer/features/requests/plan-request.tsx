import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Plan } from '#contract/plans'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { TextField } from '../../components/field'
import { useServices } from '../../lib/services'
import { useMeantClick } from './use-meant-click'

const PlanEditor = lazy(async () => ({ default: (await import('./plan-editor')).PlanEditor }))

/** A plan that waits for the person: its tasks, and what can be done about it. */
export function PlanRequest({ planId, onAnswered }: { readonly planId: string; readonly onAnswered: (() => void) | undefined }) {
  const { queries } = useServices()
  const plan = useQuery(queries.plan(planId))
  if (plan.error !== null && plan.data === undefined) return <ErrorNote error={plan.error} onRetry={() => void plan.refetch()} className="mt-2" />
  if (plan.data === undefined) return <Skeleton rows={3} label="Loading the plan" className="mt-2" />
  return <Review plan={plan.data} onAnswered={onAnswered} />
}

function Review({ plan, onAnswered }: { readonly plan: Plan; readonly onAnswered: (() => void) | undefined }) {
  const { orpc, toasts } = useServices()
  const meant = useMeantClick()
  const [dialog, setDialog] = useState<'none' | 'edit' | 'changes'>('none')
  const [message, setMessage] = useState('')
  const options = { meta: { shownInPlace: true }, onSuccess: () => onAnswered?.() }
  const approve = useMutation(orpc.plans.approve.mutationOptions(options))
  const changes = useMutation(orpc.plans.changes.mutationOptions(options))
  const keep = useMutation(orpc.workflows.fromPlan.mutationOptions({ meta: { shownInPlace: true }, onSuccess: ({ name }) => toasts.info(`Saved the workflow “${name.slice(0, 60)}”.`) }))
  const busy = approve.isPending || approve.isSuccess || changes.isPending || changes.isSuccess
  const error = approve.error ?? changes.error ?? keep.error
  return (
    <div className="mt-2 flex flex-col gap-3">
      {plan.revision > 1 && <p className="text-xs text-muted">You changed it: “{plan.title}”</p>}
      <PlanTasks plan={plan} />
      {dialog === 'changes'
        ? (
          <form
            className="flex flex-col gap-2"
            onSubmit={(event) => {
              event.preventDefault()
              if (message.trim() !== '' && !busy) changes.mutate({ id: plan.id, message: message.trim() })
            }}
          >
            <TextField label="What should be otherwise?" autoFocus value={message} maxLength={20_000} onChange={(event) => setMessage(event.target.value)} />
            <div className="flex flex-wrap gap-2">
              <Button type="submit" tone="primary" disabled={busy || message.trim() === ''}>Send back</Button>
              <Button tone="quiet" onClick={() => setDialog('none')}>Back</Button>
            </div>
          </form>
        )
        : (
          <div className="flex flex-wrap gap-2">
            <Button tone="primary" disabled={busy} onClick={meant(() => approve.mutate({ id: plan.id, revision: plan.revision }))}>Approve the plan</Button>
            <Button disabled={busy} onClick={() => setDialog('edit')}>Change it…</Button>
            <Button disabled={busy} onClick={() => setDialog('changes')}>Ask for changes…</Button>
            <Button disabled={keep.isPending || keep.isSuccess} title="Its tasks can be started again from the workflows" onClick={() => keep.mutate({ id: plan.id })}>Save as workflow</Button>
          </div>
        )}
      {error !== null && <ErrorNote error={error} />}
      {dialog === 'edit' && <Suspense><PlanEditor plan={plan} onClose={() => setDialog('none')} /></Suspense>}
    </div>
  )
}

export function PlanTasks({ plan }: { readonly plan: Pick<Plan, 'tasks' | 'stopOnFailure'> }) {
  const titles = new Map(plan.tasks.map(({ key, title }) => [key, title]))
  return (
    <div className="text-xs">
      <ol aria-label="Tasks of the plan" className="flex max-h-72 flex-col gap-2 overflow-y-auto" tabIndex={0}>
        {plan.tasks.map(({ key, title, instruction, dependsOn, template, mode, budget }, index) => (
          <li key={key} className="rounded-md border border-line bg-surface px-2.5 py-1.5">
            <p className="font-medium break-words">{index + 1}. {title} <span className="font-normal text-muted">{[template, mode, budget.maxCostUsd === null ? null : `at most $${budget.maxCostUsd}`, budget.maxMinutes === null ? null : `at most ${budget.maxMinutes} min`].filter((part) => part !== null).join(', ')}</span></p>
            <p className="break-words whitespace-pre-wrap">{instruction}</p>
            {dependsOn.length > 0 && <p className="text-muted">After: {dependsOn.map((other) => titles.get(other) ?? other).join(', ')}</p>}
          </li>
        ))}
      </ol>
      {plan.stopOnFailure && <p className="mt-1 text-muted">The first that fails ends the others.</p>}
    </div>
  )
}
