import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ModeSchema } from '#contract/common'
import { PrioritySchema, type TaskDetail, type TaskPatch } from '#contract/tasks'
import { ErrorNote } from '../../../components/feedback'
import { SelectField } from '../../../components/field'
import { usableModels } from '../../../components/models/usable-models'
import { formatCost, formatTime, formatTokens } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { tagsOf } from '../form/task-form'
import { useTaskPlace } from '../tasks-context'
import { TemplateField } from '../template-field'
import { modeWords, priorityWords } from '../words'
import { EditableText } from './editable-text'
import { LimitsEditor } from './limits-editor'

/** Where, by whom, with what and within which limits it is done. */
export function Facts({ task, onSave }: { readonly task: TaskDetail; readonly onSave: (patch: TaskPatch) => Promise<void> }) {
  const { queries } = useServices()
  const { onOpenSession } = useTaskPlace()
  const [error, setError] = useState<unknown>(null)
  const workspaces = useQuery(queries.workspaces()).data?.items ?? []
  const settings = useQuery(queries.settings()).data
  const models = useQuery(queries.models()).data?.items
  const usable = settings === undefined || models === undefined ? [] : usableModels(models, settings)
  const put = (patch: TaskPatch): void => void onSave(patch).then(() => setError(null), setError)
  const modelChoices = [{ value: '', label: 'The default model' }, ...usable.map(({ id, name }) => ({ value: id, label: name }))]
  const model = task.model ?? ''
  const origin = task.source.sessionId
  return (
    <div className="flex flex-col gap-3">
      {error !== null && <ErrorNote error={error} />}
      <div className="grid grid-cols-2 gap-2.5">
        <SelectField label="Folder" value={task.workspaceId ?? ''} choices={[{ value: '', label: 'No folder' }, ...workspaces.map(({ id, name }) => ({ value: id, label: name }))]} onChange={(id) => put({ workspaceId: id === '' ? null : id })} />
        <SelectField label="Priority" value={task.priority} choices={PrioritySchema.options.map((value) => ({ value, label: priorityWords[value] }))} onChange={(priority) => put({ priority })} />
        <SelectField label="Model" value={model} choices={modelChoices.some(({ value }) => value === model) ? modelChoices : [...modelChoices, { value: model, label: model }]} onChange={(value) => put({ model: value === '' ? null : value })} />
        <SelectField label="Mode" value={task.mode} choices={ModeSchema.options.map((value) => ({ value, label: modeWords[value] }))} onChange={(mode) => put({ mode })} />
        <TemplateField value={task.template} onChange={(template) => put({ template })} />
      </div>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        <Fact name="Tags">
          <EditableText label="the tags" value={task.tags.join(', ')} empty="None" isLong={false} maxLength={900} onSave={(typed) => onSave({ tags: [...tagsOf(typed)] })}>{task.tags.join(', ')}</EditableText>
        </Fact>
        <Fact name="Limits"><LimitsEditor task={task} onSave={onSave} /></Fact>
        <Fact name="Used">{task.usage.totalTokens === 0 ? 'nothing yet' : `${formatTokens(task.usage.totalTokens)} tokens, ${formatCost(task.costUsd)}`}</Fact>
        <Fact name="Made">
          {formatTime(task.createdAt)} by {sourceWords[task.source.by]}
          {origin !== null && <>, <button type="button" className="text-accent hover:underline" onClick={() => onOpenSession(origin)}>in this conversation</button></>}
        </Fact>
        {task.startedAt !== null && <Fact name="Started">{formatTime(task.startedAt)}</Fact>}
        {task.endedAt !== null && <Fact name="Ended">{formatTime(task.endedAt)}</Fact>}
      </dl>
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={task.review} onChange={() => put({ review: !task.review })} className="size-4 accent-(--accent)" />
        I look at it before it counts as done
      </label>
    </div>
  )
}

const sourceWords: Readonly<Record<TaskDetail['source']['by'], string>> = { person: 'a person', agent: 'an agent', schedule: 'a schedule', script: 'a script' }

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}
