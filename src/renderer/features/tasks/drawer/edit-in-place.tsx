import { Pencil } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { TaskPatch } from '#contract/tasks'
import { Button, IconButton } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { classNames } from '../../../lib/class-names'
import type { FormErrors, TaskForm } from '../form/task-form'

interface Editing {
  readonly form: TaskForm
  readonly errors: FormErrors | null
  readonly onChange: (patch: Partial<TaskForm>) => void
}

/** A part of a task: read, and changed in place. */
export function EditInPlace({ label, editLabel, className = 'gap-2', words, begin, read, fields, onSave }: {
  readonly label: string
  readonly editLabel: string
  readonly className?: string
  readonly words: ReactNode
  /** What the form has at first. */
  readonly begin: () => TaskForm
  /** No patch: the errors say why. */
  readonly read: (form: TaskForm) => { readonly errors: FormErrors | null; readonly patch: TaskPatch | null }
  readonly fields: (editing: Editing) => ReactNode
  readonly onSave: (patch: TaskPatch) => Promise<void>
}) {
  const [form, setForm] = useState<TaskForm | null>(null)
  const [errors, setErrors] = useState<FormErrors | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const close = (): void => {
    setForm(null)
    setErrors(null)
    setFailure(null)
  }
  if (form === null) {
    return (
      <div className="flex items-start gap-1">
        <div className="min-w-0 flex-1">{words}</div>
        <IconButton label={editLabel} icon={<Pencil />} className="size-6 [&_svg]:size-3.5" onClick={() => setForm(begin())} />
      </div>
    )
  }
  const save = (): void => {
    const { errors: found, patch } = read(form)
    setErrors(found)
    if (patch !== null) onSave(patch).then(close, setFailure)
  }
  return (
    <form
      aria-label={label}
      className={classNames('flex flex-col', className)}
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
      {fields({ form, errors, onChange: (patch) => setForm({ ...form, ...patch }) })}
      {failure !== null && <ErrorNote error={failure} />}
      <div className="flex gap-2">
        <Button small type="submit" tone="primary">Save</Button>
        <Button small onClick={close}>Leave it</Button>
      </div>
    </form>
  )
}
