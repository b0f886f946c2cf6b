import { useQuery } from '@tanstack/react-query'
import type { TaskDetail, TaskPatch } from '#contract/tasks'
import { ZonedTime } from '../../../components/zoned-time'
import { formatTime } from '../../../lib/format'
import { misfireWords, overlapWords } from '../../../lib/schedule-words'
import { useServices } from '../../../lib/services'
import { instantOf, localText, ownZone } from '../../../lib/zones'
import { formOf, readWhen, type TaskForm } from '../form/task-form'
import { WhenFields } from '../form/when-fields'
import { useTaskPlace } from '../tasks-context'
import { EditInPlace } from './edit-in-place'

/** When it runs: read, and changed in place. */
export function WhenSection({ task, onSave }: { readonly task: TaskDetail; readonly onSave: (patch: TaskPatch) => Promise<void> }) {
  const read = (form: TaskForm) => {
    const { errors, when } = readWhen(form)
    if (when === null) return { errors, patch: null }
    return { errors, patch: { when, deadline: when.kind === 'adhoc' && form.deadline !== '' ? instantOf(form.deadline, ownZone()) : null } }
  }
  return (
    <EditInPlace
      label="When it runs"
      editLabel="Edit when it runs"
      className="gap-3 rounded-md border border-line p-3"
      words={<Words task={task} />}
      begin={() => ({ ...formOf(task.when), deadline: task.deadline === null ? '' : localText(task.deadline, ownZone()) })}
      read={read}
      fields={(editing) => <WhenFields {...editing} />}
      onSave={onSave}
    />
  )
}

function Words({ task }: { readonly task: TaskDetail }) {
  const { when, deadline } = task
  if (when.kind === 'adhoc') {
    const before = when.notBefore === null ? 'Once, as soon as it may.' : `Once, not before ${formatTime(when.notBefore)}.`
    return <p>{deadline === null ? before : `${before} Not started after ${formatTime(deadline)}.`}</p>
  }
  return <DueWords task={task} timeZone={when.timeZone} rules={`${misfireWords(when.misfire)} ${overlapWords(when.overlap)}`} />
}

const mostDates = 5

function DueWords({ task, timeZone, rules }: { readonly task: TaskDetail; readonly timeZone: string; readonly rules: string }) {
  const { queries } = useServices()
  const { onOpenSchedule } = useTaskPlace()
  const schedule = useQuery(queries.schedule(task.id)).data
  return (
    <>
      {schedule !== undefined && <p>{schedule.text}</p>}
      {schedule !== undefined && schedule.next.length > 0 && (
        <ol aria-label="Next runs" className="text-xs text-muted tabular-nums">{schedule.next.slice(0, mostDates).map((at) => <li key={at}><ZonedTime at={at} timeZone={timeZone} /></li>)}</ol>
      )}
      {schedule?.next.length === 0 && <p className="text-muted">Nothing more to come.</p>}
      <p className="mt-1 text-xs text-muted">{rules}</p>
      <button type="button" className="mt-1 text-accent hover:underline" onClick={() => onOpenSchedule(task.id)}>Its runs and history</button>
    </>
  )
}
