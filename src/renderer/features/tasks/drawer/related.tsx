import { useState } from 'react'
import type { Task, TaskDetail, TaskPatch } from '#contract/tasks'
import { ErrorNote } from '../../../components/feedback'
import { Section } from '../../../components/section'
import { TaskPicker } from '../form/task-picker'
import { stateWords } from '../words'

/** What it waits for, what waits for it, what it belongs to, and its parts. */
export function Related({ task, all, onSave, onOpen }: {
  readonly task: TaskDetail
  readonly all: readonly Task[]
  readonly onSave: (patch: TaskPatch) => Promise<void>
  readonly onOpen: (id: string) => void
}) {
  const [error, setError] = useState<unknown>(null)
  const byId = (id: string | null): readonly Task[] => (id === null ? [] : all.filter((other) => other.id === id))
  return (
    <div className="flex flex-col gap-3">
      {task.when.kind === 'adhoc' && (
        <TaskPicker label="Waits for" all={all} picked={task.dependsOn} without={task.id} onChange={(dependsOn) => void onSave({ dependsOn: [...dependsOn] }).then(() => setError(null), setError)} />
      )}
      {error !== null && <ErrorNote error={error} />}
      <Links title="Not done yet of these" tasks={task.blockedBy.flatMap(byId)} onOpen={onOpen} />
      <Links title="Waiting for it" tasks={all.filter(({ dependsOn }) => dependsOn.includes(task.id))} onOpen={onOpen} />
      <Links title="Part of" tasks={byId(task.parentId)} onOpen={onOpen} />
      <Links title="By the schedule" tasks={byId(task.scheduleId)} onOpen={onOpen} />
      <Links title={`Parts, ${task.children.done} of ${task.children.total} done`} tasks={all.filter(({ parentId }) => parentId === task.id)} onOpen={onOpen} />
    </div>
  )
}

const most = 50

function Links({ title, tasks, onOpen }: { readonly title: string; readonly tasks: readonly Task[]; readonly onOpen: (id: string) => void }) {
  if (tasks.length === 0) return null
  return (
    <Section title={title}>
      <ul>
        {tasks.slice(0, most).map((other) => (
          <li key={other.id} className="flex gap-2">
            <button type="button" className="min-w-0 truncate text-start text-accent hover:underline" onClick={() => onOpen(other.id)}>{other.title}</button>
            <span className="shrink-0 text-xs text-muted">{stateWords[other.state]}</span>
          </li>
        ))}
        {tasks.length > most && <li className="text-muted">and {tasks.length - most} more</li>}
      </ul>
    </Section>
  )
}
