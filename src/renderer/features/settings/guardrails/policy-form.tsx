import { type FormEvent, useState } from 'react'
import { type Policy, PolicySchema } from '#contract/guardrails'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { SelectField, TextAreaField, TextField } from '../../../components/field'
import { actionChoices, placeLabels } from './choices'

const places = ['prompt', 'reply', 'tool'] as const

interface Draft {
  readonly name: string
  readonly patterns: string
  readonly on: readonly Policy['on'][number][]
  readonly tool: string
  readonly action: Policy['action']
}

/** `policy`: the one that is changed; left out for a new one. */
export function PolicyForm({ policy, onSave, onCancel }: { readonly policy: Policy | undefined; readonly onSave: (policy: Policy) => void; readonly onCancel: () => void }) {
  const [draft, setDraft] = useState<Draft>(() => ({ name: policy?.name ?? '', patterns: policy?.patterns.join('\n') ?? '', on: policy?.on ?? ['tool'], tool: policy?.tool ?? '', action: policy?.action ?? 'ask' }))
  const [problem, setProblem] = useState<string | null>(null)
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const read = PolicySchema.safeParse({
      ...draft, id: policy?.id ?? crypto.randomUUID(), enabled: policy?.enabled ?? true, tool: draft.on.includes('tool') && draft.tool.trim() !== '' ? draft.tool : null,
      patterns: draft.patterns.split('\n').map((line) => line.trim()).filter((line) => line !== ''),
    })
    if (read.success) onSave(read.data)
    else setProblem(draft.on.length === 0 ? 'Choose what it looks at.' : (read.error.issues[0]?.message ?? 'This is not complete.'))
  }
  return (
    <form onSubmit={submit} aria-label={policy ? `Change ${policy.name}` : 'New policy'} className="flex flex-col gap-3 rounded-md border border-line p-3">
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <TextField label="Name" value={draft.name} required maxLength={100} autoFocus onChange={(event) => put({ name: event.target.value })} />
        <SelectField label="When it finds something" value={draft.action} choices={actionChoices} onChange={(action) => put({ action })} />
      </div>
      <TextAreaField label="Looks for" value={draft.patterns} required rows={3} hint="One per line; * stands for anything within a line. Capitals make no difference." onChange={(event) => put({ patterns: event.target.value })} />
      <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
        <legend className="mb-1 text-sm font-medium">In</legend>
        {places.map((place) => (
          <label key={place} className="flex items-center gap-1.5">
            <input type="checkbox" checked={draft.on.includes(place)} onChange={(event) => put({ on: places.filter((each) => (each === place ? event.target.checked : draft.on.includes(each))) })} />
            {placeLabels[place]}
          </label>
        ))}
      </fieldset>
      {draft.on.includes('tool') && <TextField label="Only calls of this tool (optional)" value={draft.tool} maxLength={200} placeholder="run_command" onChange={(event) => put({ tool: event.target.value })} />}
      {problem !== null && <ErrorNote error={problem} />}
      <div className="flex gap-2">
        <Button type="submit" tone="primary">Save policy</Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  )
}
