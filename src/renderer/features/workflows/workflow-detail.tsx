import { useMutation, useQuery } from '@tanstack/react-query'
import { Pencil, Play, Trash2, X } from 'lucide-react'
import { lazy, Suspense, useLayoutEffect, useRef, useState } from 'react'
import type { Workflow, WorkflowRun } from '#contract/workflows'
import { Button, IconButton } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { Section } from '../../components/section'
import { classNames } from '../../lib/class-names'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'
import { RunSteps } from './run-steps'
import { StartDialog } from './start-dialog'
import { runWords, toneOf } from './words'

const WorkflowEditor = lazy(async () => ({ default: (await import('./editor/workflow-editor')).WorkflowEditor }))

export interface WorkflowPlace {
  readonly workspaceId: string | null
  readonly onOpenTask: (taskId: string) => void
  readonly onOpenSession: (sessionId: string) => void
}

/** A workflow: its steps, what was started of it, and the run that is looked at. */
export function WorkflowDetail({ id, place, onClose }: { readonly id: string; readonly place: WorkflowPlace; readonly onClose: () => void }) {
  const { orpc } = useServices()
  const workflow = useQuery(orpc.workflows.get.queryOptions({ input: { id } }))
  const closer = useRef<HTMLButtonElement>(null)
  const [dialog, setDialog] = useState<'none' | 'start' | 'edit'>('none')
  const [pickedId, setPickedId] = useState<string | null>(null)
  useLayoutEffect(() => closer.current?.focus(), [])
  const shut = (): void => setDialog('none')
  return (
    <aside
      data-pane
      aria-label={workflow.data === undefined ? 'Workflow' : `Workflow: ${workflow.data.name}`}
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && dialog === 'none' && onClose()}
      className="absolute inset-0 z-30 flex flex-col bg-surface @4xl:static @4xl:w-[28rem] @4xl:shrink-0 @4xl:border-l @4xl:border-line"
    >
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-3 py-1.5">
        <Button small tone="primary" disabled={workflow.data === undefined} onClick={() => setDialog('start')}><Play aria-hidden className="size-3.5" />Start…</Button>
        <Button small disabled={workflow.data === undefined} onClick={() => setDialog('edit')}><Pencil aria-hidden className="size-3.5" />Change…</Button>
        <span className="flex-1" />
        {workflow.data !== undefined && <Remove workflow={workflow.data} onRemoved={onClose} />}
        <IconButton ref={closer} label="Close the workflow" icon={<X />} onClick={onClose} />
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-4 py-3">
        {workflow.error !== null && workflow.data === undefined && <ErrorNote error={workflow.error} onRetry={() => void workflow.refetch()} />}
        {workflow.isPending && <Skeleton rows={5} label="Loading the workflow" />}
        {workflow.data !== undefined && <Outline workflow={workflow.data} />}
        {workflow.data !== undefined && <Runs workflowId={id} pickedId={pickedId} place={place} onPick={setPickedId} />}
      </div>
      {dialog === 'start' && workflow.data !== undefined && (
        <StartDialog
          workflow={workflow.data}
          workspaceId={place.workspaceId}
          onClose={shut}
          onStarted={(run) => {
            setPickedId(run.id)
            shut()
          }}
        />
      )}
      {dialog === 'edit' && workflow.data !== undefined && <Suspense><WorkflowEditor workflow={workflow.data} onSaved={shut} onClose={shut} /></Suspense>}
    </aside>
  )
}

function Remove({ workflow, onRemoved }: { readonly workflow: Workflow; readonly onRemoved: () => void }) {
  const { orpc, toasts } = useServices()
  const restore = useMutation(orpc.workflows.restore.mutationOptions())
  const remove = useMutation(orpc.workflows.remove.mutationOptions({
    onSuccess: () => {
      toasts.info(`Removed “${workflow.name.slice(0, 40)}”.`, [{ label: 'Undo', run: () => restore.mutate({ id: workflow.id }) }])
      onRemoved()
    },
  }))
  return <IconButton label="Remove the workflow" icon={<Trash2 />} disabled={remove.isPending} onClick={() => remove.mutate({ id: workflow.id })} />
}

function Outline({ workflow: { name, description, inputs, rules, steps } }: { readonly workflow: Workflow }) {
  const titles = new Map(steps.map(({ key, title }) => [key, title]))
  return (
    <>
      <div>
        <h2 className="text-base font-semibold break-words">{name}</h2>
        {description !== '' && <p className="break-words text-muted">{description}</p>}
        <p className="text-xs text-muted">{[inputs.length === 0 ? null : `Asks for ${inputs.map((input) => input.title || input.name).join(', ')}.`, rules.length === 0 ? null : `Rules: ${rules.map((rule) => rule.name).join(', ')}.`].filter((part) => part !== null).join(' ')}</p>
      </div>
      <Section title="Steps">
        <ol className="flex list-decimal flex-col gap-1 ps-5">
          {steps.map(({ key, kind, title, dependsOn, when }) => (
            <li key={key} className="break-words">
              {title}
              <span className="text-xs text-muted">{[kind === 'approval' ? 'approval' : null, dependsOn.length === 0 ? null : `after ${dependsOn.map((other) => titles.get(other) ?? other).join(', ')}`, when === null ? null : 'with a condition'].filter((part) => part !== null).map((part) => `, ${part}`).join('')}</span>
            </li>
          ))}
        </ol>
      </Section>
    </>
  )
}

function Runs({ workflowId, pickedId, place, onPick }: { readonly workflowId: string; readonly pickedId: string | null; readonly place: WorkflowPlace; readonly onPick: (id: string) => void }) {
  const { orpc } = useServices()
  const runs = useQuery(orpc.workflows.runs.queryOptions({ input: { workflowId, limit: 20 } }))
  const items = runs.data?.items ?? []
  const picked = items.find(({ id }) => id === pickedId) ?? items[0]
  return (
    <Section title="Runs">
      {runs.error !== null && <ErrorNote error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.isPending && <Skeleton rows={3} label="Loading the runs" />}
      {runs.isSuccess && items.length === 0 && <p className="text-muted">It was not started yet.</p>}
      {items.length > 1 && (
        <ul aria-label="Runs" className="mb-2 flex max-h-40 flex-col overflow-y-auto" tabIndex={0}>
          {items.map((run) => <li key={run.id}><RunLine run={run} isPicked={run.id === picked?.id} onPick={() => onPick(run.id)} /></li>)}
        </ul>
      )}
      {picked !== undefined && <RunSteps key={picked.id} run={picked} onOpenTask={place.onOpenTask} onOpenSession={place.onOpenSession} />}
    </Section>
  )
}

function RunLine({ run, isPicked, onPick }: { readonly run: WorkflowRun; readonly isPicked: boolean; readonly onPick: () => void }) {
  return (
    <button type="button" aria-current={isPicked ? 'true' : undefined} onClick={onPick} className={classNames('flex w-full items-baseline gap-2 rounded-md px-2 py-1 text-start hover:bg-hover', isPicked && 'bg-hover')}>
      <span className="min-w-0 flex-1 truncate">{formatTime(run.createdAt)}</span>
      <span className={classNames('text-xs', toneOf(run.state))}>{run.steps.some(({ state }) => state === 'needs_you') ? 'Needs you' : runWords[run.state]}</span>
    </button>
  )
}
