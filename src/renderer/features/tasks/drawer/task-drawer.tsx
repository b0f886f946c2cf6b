import { useQuery } from '@tanstack/react-query'
import { Trash2, X } from 'lucide-react'
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react'
import type { Task, TaskDetail, TaskPatch } from '#contract/tasks'
import { IconButton } from '../../../components/button'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { Markdown } from '../../../components/markdown/markdown'
import { Section } from '../../../components/section'
import { classNames } from '../../../lib/class-names'
import { useServices } from '../../../lib/services'
import { useTaskPlace, useTasksParts } from '../tasks-context'
import { useTaskActions } from '../use-task-actions'
import { stateWords } from '../words'
import { Actions } from './actions'
import { Attempts } from './attempts'
import { CheckReceipt } from './check-receipt'
import { Checklist } from './checklist'
import { Comments } from './comments'
import { EditableText } from './editable-text'
import { Facts } from './facts'
import { History } from './history'
import { Related } from './related'
import { WhenSection } from './when-section'

/** Everything about a task, beside the board. */
export function TaskDrawer({ id }: { readonly id: string }) {
  const { queries } = useServices()
  const { onOpen } = useTaskPlace()
  const { board } = useTasksParts()
  const task = useQuery(queries.task(id))
  const close = (): void => {
    onOpen(null)
    board.getState().want(id)
  }
  const closer = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => closer.current?.focus(), [])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    event.stopPropagation()
    close()
  }
  return (
    <aside
      data-pane
      aria-label={task.data === undefined ? 'Task' : `Task: ${task.data.title}`}
      onKeyDown={onKeyDown}
      className="absolute inset-0 z-30 flex flex-col bg-surface @4xl:static @4xl:w-[26rem] @4xl:shrink-0 @4xl:border-l @4xl:border-line"
    >
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-3 py-1.5">
        {task.data !== undefined && <StateMark task={task.data} />}
        <span className="flex-1" />
        {task.data !== undefined && <RemoveButton task={task.data} onRemoved={() => onOpen(null)} />}
        <IconButton ref={closer} label="Close the task" icon={<X />} onClick={close} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3">
        {task.isPending && <Skeleton rows={6} label="Loading the task" />}
        {task.error !== null && task.data === undefined && <ErrorNote error={task.error} onRetry={() => void task.refetch()} />}
        {task.data !== undefined && <Content key={id} task={task.data} />}
      </div>
    </aside>
  )
}

export function StateMark({ task }: { readonly task: Pick<Task, 'state'> }) {
  const tone = task.state === 'needs_you' ? 'bg-warning-soft text-warning' : task.state === 'failed' || task.state === 'dead_letter' ? 'bg-danger-soft text-danger' : task.state === 'done' ? 'bg-success-soft text-success' : 'bg-sunken'
  return <span className={classNames('rounded-md px-2 py-0.5 text-xs font-semibold', tone)}>{stateWords[task.state]}</span>
}

function RemoveButton({ task, onRemoved }: { readonly task: Task; readonly onRemoved: () => void }) {
  const actions = useTaskActions()
  const { removals } = useTasksParts()
  return (
    <IconButton
      label="Remove the task"
      icon={<Trash2 />}
      onClick={() => {
        actions.remove([task])
        // Where work must be stopped first, it is asked.
        if (removals.hidden.get().has(task.id)) onRemoved()
      }}
    />
  )
}

function Content({ task }: { readonly task: TaskDetail }) {
  const { client, cache, queries } = useServices()
  const { onOpen, renderAgents } = useTaskPlace()
  const all = useQuery(queries.board()).data?.tasks ?? []
  /** Rejects when somebody else changed it meanwhile. */
  const save = async (patch: TaskPatch): Promise<void> => cache.task(await client.tasks.patch({ id: task.id, revision: task.revision, ...patch }))
  return (
    <div className="flex flex-col gap-4">
      <div className="text-base font-semibold">
        <EditableText label="the title" value={task.title} empty="No title" isLong={false} maxLength={200} onSave={(title) => save({ title })}><h2>{task.title}</h2></EditableText>
      </div>
      <Condition task={task} />
      <Actions task={task} />
      <Section title="What is to be done">
        <EditableText label="what is to be done" value={task.instruction} empty="Nothing" isLong maxLength={200_000} onSave={(instruction) => save({ instruction })}><p className="whitespace-pre-wrap">{task.instruction}</p></EditableText>
      </Section>
      <Section title="Background and details">
        <EditableText label="the background" value={task.context} empty="None" isLong maxLength={200_000} onSave={(context) => save({ context })}><p className="whitespace-pre-wrap">{task.context}</p></EditableText>
      </Section>
      <Section title="What must be true at the end"><Checklist task={task} onSave={save} /></Section>
      {task.result !== null && task.result !== '' && <Section title="What the agent said at the end"><Markdown text={task.result} /></Section>}
      <Section title="When"><WhenSection task={task} onSave={save} /></Section>
      <Facts task={task} onSave={save} />
      <Related task={task} all={all} onSave={save} onOpen={onOpen} />
      {task.attempt > 0 && <Section title="Attempts"><div className="flex flex-col gap-2"><Attempts id={task.id} /><CheckReceipt /></div></Section>}
      {task.runId !== null && renderAgents(task.runId)}
      <Section title="Comments"><Comments task={task} /></Section>
      <Section title="History"><History id={task.id} /></Section>
    </div>
  )
}

/** Why it is where it is. */
function Condition({ task }: { readonly task: Task }) {
  const text = task.pausedReason ?? task.reason
  return (
    <>
      {text !== null && <p role="status" className={classNames('rounded-md px-3 py-2', task.state === 'needs_you' || task.pausedReason !== null ? 'bg-warning-soft text-warning' : 'bg-sunken')}>{task.pausedReason === null ? text : `Paused: ${text}`}</p>}
      {task.error !== null && <ErrorNote error={task.error.message} />}
    </>
  )
}
