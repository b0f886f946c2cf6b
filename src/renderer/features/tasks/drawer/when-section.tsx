import { useQuery } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import type { TaskDetail, TaskPatch } from '#contract/tasks'
import { Button, IconButton } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { ZonedTime } from '../../../components/zoned-time'
import { formatTime } from '../../../lib/format'
import { misfireWords, overlapWords } from '../../../lib/schedule-words'
import { useServices } from '../../../lib/services'
import { instantOf, localText, ownZone } from '../../../lib/zones'
import { formOf, type FormErrors, readWhen, type TaskForm } from '../form/task-form'
import { WhenFields } from '../form/when-fields'
import { useTaskPlace } from '../tasks-context'

/** When it runs: read, and changed in place. */
export function WhenSection({ task, onSave }: { readonly task: TaskDetail; readonly onSave: (patch: TaskPatch) => Promise<void> }) {
  const [form, setForm] = useState<TaskForm | null>(null)
  const [errors, setErrors] = useState<FormErrors | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const close = (): void => {
    setForm(null)
    setErrors(null)
    setFailure(null)
  }
  const save = (): void => {
    if (form === null) return
    const read = readWhen(form)
    setErrors(read.errors)
    if (read.when === null) return
    const deadline = read.when.kind === 'adhoc' && form.deadline !== '' ? instantOf(form.deadline, ownZone()) : null
    onSave({ when: read.when, deadline }).then(close, setFailure)
  }
  if (form === null) {
    return (
      <div className="flex items-start gap-1">
        <div className="min-w-0 flex-1"><Words task={task} /></div>
        <IconButton
          label="Edit when it runs"
          icon={<Pencil />}
          className="size-6 [&_svg]:size-3.5"
          onClick={() => setForm({ ...formOf(task.when), deadline: task.deadline === null ? '' : localText(task.deadline, ownZone()) })}
        />
      </div>
    )
  }
  return (
    <form
      aria-label="When it runs"
      className="flex flex-col gap-3 rounded-md border border-line p-3"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        close()
      }}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <WhenFields form={form} errors={errors} onChange={(patch) => setForm({ ...form, ...patch })} />
      {failure !== null && <ErrorNote error={failure} />}
      <div className="flex gap-2">
        <Button small type="submit" tone="primary">Save</Button>
        <Button small onClick={close}>Leave it</Button>
      </div>
    </form>
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
