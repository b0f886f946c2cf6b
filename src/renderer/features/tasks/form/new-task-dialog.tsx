import { useMutation, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { PrioritySchema, type TaskDetail } from '#contract/tasks'
import { ModeSchema } from '#contract/common'
import { Button } from '../../../components/button'
import { Dialog } from '../../../components/dialog'
import { ErrorNote } from '../../../components/feedback'
import { SelectField, TextField } from '../../../components/field'
import { usableModels } from '../../../components/models/usable-models'
import { useServices } from '../../../lib/services'
import { TemplateField } from '../template-field'
import { modeWords, priorityWords } from '../words'
import { emptyForm, type FormErrors, readDraft, readForm, type TaskForm, writeDraft } from './task-form'
import { LimitFields } from './limit-fields'
import { WhenFields } from './when-fields'
import { TaskPicker } from './task-picker'
import { TextArea } from './text-area'

/** Gives work away. What was typed is kept until the task is made or the form is emptied. */
export function NewTaskDialog({ workspaceId, onCreated, onClose }: {
  /** The folder that a new task is in, unless another one is picked. */
  readonly workspaceId: string | null
  readonly onCreated: (task: TaskDetail) => void
  readonly onClose: () => void
}) {
  const { client, cache, memory, announcer, toasts } = useServices()
  const [form, setForm] = useState<TaskForm>(() => readDraft(memory) ?? { ...emptyForm, workspaceId: workspaceId ?? '' })
  const [isTried, setTried] = useState(false)
  const [key] = useState(() => crypto.randomUUID())
  const change = (patch: Partial<TaskForm>): void => {
    const next = { ...form, ...patch }
    setForm(next)
    writeDraft(memory, next)
  }
  const { spec, errors } = readForm(form)
  const create = useMutation({
    meta: { shownInPlace: true },
    // The same press twice, or again after a lost answer, makes one task.
    mutationFn: async () => (spec === null ? null : client.tasks.create({ ...spec, start: form.start, idempotencyKey: key })),
    onSuccess: (task) => {
      if (task === null) return
      writeDraft(memory, null)
      cache.task(task)
      announcer.say(`Made the task ${task.title}.`)
      onCreated(task)
    },
  })
  const submit = (): void => {
    setTried(true)
    if (spec !== null && !create.isPending) create.mutate()
    else if (spec === null) toasts.error(`Not made yet: ${Object.values(errors)[0] ?? 'something is missing.'}`)
  }
  return (
    <Dialog
      title="New task"
      wide
      onClose={onClose}
      actions={(
        <>
          <Button tone="quiet" onClick={() => change({ ...emptyForm, workspaceId: workspaceId ?? '' })}>Empty the form</Button>
          <span className="flex-1" />
          <Button title="What you typed is kept" onClick={onClose}>Close</Button>
          <Button tone="primary" disabled={create.isPending} onClick={submit}>{create.isPending ? 'Making…' : form.start === 'backlog' && form.kind === 'adhoc' ? 'Put it into Backlog' : 'Make the task'}</Button>
        </>
      )}
    >
      <form
        aria-label="New task"
        className="flex flex-col gap-3"
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
        }}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {create.error !== null && <ErrorNote error={create.error} />}
        <Main form={form} errors={isTried ? errors : null} onChange={change} />
        <More form={form} errors={isTried ? errors : null} onChange={change} />
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}

interface PartProps {
  readonly form: TaskForm
  readonly errors: FormErrors | null
  readonly onChange: (patch: Partial<TaskForm>) => void
}

function Main({ form, errors, onChange }: PartProps) {
  const { queries } = useServices()
  const workspaces = useQuery(queries.workspaces()).data?.items ?? []
  const folders = [{ value: '', label: 'No folder' }, ...workspaces.map(({ id, name }) => ({ value: id, label: name }))]
  return (
    <>
      <TextArea
        autoFocus
        label="What is to be done"
        rows={3}
        maxLength={200_000}
        value={form.instruction}
        error={errors?.instruction ?? null}
        onChange={(event) => onChange({ instruction: event.target.value })}
      />
      <TextField label="Title" placeholder="The first line of the above" maxLength={200} value={form.title} error={errors?.title ?? null} onChange={(event) => onChange({ title: event.target.value })} />
      <TextArea label="Background and details" rows={2} maxLength={200_000} value={form.context} onChange={(event) => onChange({ context: event.target.value })} />
      <div className="grid gap-3 sm:grid-cols-3">
        <SelectField label="Folder" value={form.workspaceId} choices={folders} onChange={(workspaceId) => onChange({ workspaceId })} />
        <SelectField label="Priority" value={form.priority} choices={PrioritySchema.options.map((value) => ({ value, label: priorityWords[value] }))} onChange={(priority) => onChange({ priority })} />
        <SelectField
          label="Start"
          value={form.start}
          choices={[{ value: 'ready', label: 'As soon as it may' }, { value: 'backlog', label: 'Later: put it into Backlog' }]}
          onChange={(start) => onChange({ start })}
        />
      </div>
    </>
  )
}

function More(props: PartProps) {
  const { form, errors, onChange } = props
  const { queries } = useServices()
  const all = useQuery(queries.board()).data?.tasks ?? []
  const isWrong = errors !== null && Object.keys(errors).some((field) => field !== 'instruction' && field !== 'title')
  return (
    <>
      <Part title="When" isOpen={isWrong || form.kind !== 'adhoc'}><WhenFields {...props} /></Part>
      <Part title="Agent" isOpen={isWrong}><AgentFields {...props} /></Part>
      <Part title="What must be true at the end" isOpen={isWrong || form.checklist !== '' || form.review}>
        <TextArea label="Checklist" hint="One thing per line. The agent says of each whether it is so." rows={2} value={form.checklist} error={errors?.checklist ?? null} onChange={(event) => onChange({ checklist: event.target.value })} />
        <label className="flex items-center gap-2">
          <input type="checkbox" checked={form.review} onChange={(event) => onChange({ review: event.target.checked })} className="size-4 accent-(--accent)" />
          I look at it before it counts as done
        </label>
      </Part>
      <Part title="Tags and dependencies" isOpen={isWrong || form.tags !== '' || form.dependsOn.length > 0}>
        <TextField label="Tags" hint="Separated by commas" value={form.tags} error={errors?.tags ?? null} onChange={(event) => onChange({ tags: event.target.value })} />
        <TaskPicker label="Waits for" all={all} picked={form.dependsOn} without={null} onChange={(dependsOn) => onChange({ dependsOn: [...dependsOn] })} />
      </Part>
      <Part title="Limits" isOpen={isWrong}><LimitFields {...props} /></Part>
    </>
  )
}

function Part({ title, isOpen, children }: { readonly title: string; readonly isOpen: boolean; readonly children: ReactNode }) {
  return (
    <details open={isOpen || undefined} className="rounded-md border border-line">
      <summary className="rounded-md px-3 py-1.5 font-medium">{title}</summary>
      <div className="flex flex-col gap-3 px-3 pt-1 pb-3">{children}</div>
    </details>
  )
}

function AgentFields({ form, errors, onChange }: PartProps) {
  const { queries } = useServices()
  const settings = useQuery(queries.settings()).data
  const models = useQuery(queries.models()).data?.items
  const usable = settings === undefined || models === undefined ? [] : usableModels(models, settings)
  const choices = [{ value: '', label: 'The default model' }, ...usable.map(({ id, name }) => ({ value: id, label: name }))]
  const isKnown = choices.some(({ value }) => value === form.model)
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <TemplateField value={form.template} onChange={(template) => onChange({ template })} />
      <SelectField
        label="Model"
        value={form.model}
        hint={errors?.model ?? null}
        choices={isKnown ? choices : [...choices, { value: form.model, label: form.model }]}
        onChange={(model) => onChange({ model })}
      />
      <SelectField
        label="Mode"
        value={form.mode}
        hint={form.mode === 'ask' ? 'Everything but reading waits for your approval.' : form.mode === 'plan' ? 'It only reads.' : 'It edits in the folder; commands wait for your approval.'}
        choices={ModeSchema.options.map((value) => ({ value, label: modeWords[value] }))}
        onChange={(mode) => onChange({ mode })}
      />
    </div>
  )
}
