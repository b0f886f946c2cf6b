import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Mode, ModeSchema } from '#contract/common'
import type { Workflow, WorkflowInput, WorkflowRun, WorkflowValue } from '#contract/workflows'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { SelectField, TextAreaField, TextField } from '../../components/field'
import { useServices } from '../../lib/services'

const modeWords = { ask: 'Ask', 'auto-edit': 'Auto-edit', 'sandboxed-auto': 'Sandboxed auto', plan: 'Plan' } as const

/** Asks for the inputs of a workflow and starts it. */
export function StartDialog({ workflow, workspaceId, onStarted, onClose }: {
  readonly workflow: Workflow
  readonly workspaceId: string | null
  readonly onStarted: (run: WorkflowRun) => void
  readonly onClose: () => void
}) {
  const { orpc, queries, announcer } = useServices()
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() => Object.fromEntries(workflow.inputs.map((input) => [input.name, startText(input)])))
  const [folder, setFolder] = useState(workspaceId ?? '')
  const [mode, setMode] = useState<Mode>('ask')
  const [isTried, setTried] = useState(false)
  const workspaces = useQuery(queries.workspaces()).data?.items ?? []
  const start = useMutation(orpc.workflows.start.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: (run) => {
      announcer.say(`Started the workflow ${run.name}.`)
      onStarted(run)
    },
  }))
  const problems = new Map(workflow.inputs.flatMap((input) => {
    const problem = problemOf(input, typed[input.name] ?? '')
    return problem === null ? [] : [[input.name, problem]]
  }))
  const submit = (): void => {
    setTried(true)
    if (problems.size > 0 || start.isPending) return
    start.mutate({ id: workflow.id, inputs: readInputs(workflow.inputs, typed), workspaceId: folder === '' ? null : folder, mode })
  }
  return (
    <Dialog
      title={`Start “${workflow.name}”`}
      onClose={onClose}
      actions={(
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={start.isPending} onClick={submit}>{start.isPending ? 'Starting…' : 'Start it'}</Button>
        </>
      )}
    >
      <form
        aria-label={`Start ${workflow.name}`}
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {workflow.description !== '' && <p className="text-muted">{workflow.description}</p>}
        {start.error !== null && <ErrorNote error={start.error} />}
        {workflow.inputs.map((input) => (
          <InputField key={input.name} input={input} value={typed[input.name] ?? ''} error={isTried ? (problems.get(input.name) ?? null) : null} onChange={(value) => setTyped({ ...typed, [input.name]: value })} />
        ))}
        <div className="grid gap-3 sm:grid-cols-2">
          <SelectField label="Folder" value={folder} choices={[{ value: '', label: 'No folder' }, ...workspaces.map(({ id, name }) => ({ value: id, label: name }))]} onChange={setFolder} />
          <SelectField label="Mode" hint="No step may do more." value={mode} choices={ModeSchema.options.map((value) => ({ value, label: modeWords[value] }))} onChange={setMode} />
        </div>
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}

function InputField({ input, value, error, onChange }: { readonly input: WorkflowInput; readonly value: string; readonly error: string | null; readonly onChange: (value: string) => void }) {
  const label = input.title || input.name
  const hint = input.required ? undefined : 'May be left out'
  switch (input.kind) {
    case 'text': return <TextAreaField label={label} hint={hint} rows={2} maxLength={20_000} value={value} error={error} onChange={(event) => onChange(event.target.value)} />
    case 'number': return <TextField label={label} hint={hint} inputMode="decimal" value={value} error={error} onChange={(event) => onChange(event.target.value)} />
    case 'yes_no': return <SelectField label={label} value={value} choices={[{ value: 'no', label: 'No' }, { value: 'yes', label: 'Yes' }]} onChange={onChange} />
    case 'choice': return <SelectField label={label} hint={error} value={value} choices={[...(input.required && value !== '' ? [] : [{ value: '', label: 'Nothing yet' }]), ...input.choices.map((choice) => ({ value: choice, label: choice }))]} onChange={onChange} />
  }
}

function startText({ kind, default: given }: WorkflowInput): string {
  if (kind === 'yes_no') return given === true ? 'yes' : 'no'
  return given === null ? '' : String(given)
}

function problemOf({ kind, required }: WorkflowInput, text: string): string | null {
  if (text.trim() === '') return required ? 'This is needed.' : null
  return kind === 'number' && !Number.isFinite(Number(text)) ? 'A number, please.' : null
}

function readInputs(inputs: readonly WorkflowInput[], typed: Readonly<Record<string, string>>): Record<string, WorkflowValue> {
  return Object.fromEntries(inputs.flatMap(({ name, kind }): [string, WorkflowValue][] => {
    const text = typed[name] ?? ''
    if (kind === 'yes_no') return [[name, text === 'yes']]
    if (text.trim() === '') return [[name, '']]
    return [[name, kind === 'number' ? Number(text) : text]]
  }))
}
