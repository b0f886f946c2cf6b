import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Condition, NewPermissionRule } from '#contract/permissions'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { SelectField, TextField } from '../../../components/field'
import { useServices } from '../../../lib/services'
import { capabilityChoices, durationChoices, durationOf, effectChoices, keyChoices, operatorChoices } from './choices'

const HIGHEST = 1000

interface Draft {
  readonly effect: NewPermissionRule['effect']
  readonly what: (typeof capabilityChoices)[number]['value']
  readonly tool: string
  readonly key: (typeof keyChoices)[number]['value']
  readonly operator: (typeof operatorChoices)[number]['value']
  readonly value: string
  readonly where: 'user' | 'workspace'
  readonly duration: (typeof durationChoices)[number]['value']
  readonly priority: string
}
const empty: Draft = { effect: 'deny', what: 'execute', tool: '', key: 'none', operator: 'contains', value: '', where: 'user', duration: 'always', priority: '0' }

export function NewRuleForm({ workspace }: { readonly workspace: Workspace | null }) {
  const { orpc, announcer } = useServices()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(empty)
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const create = useMutation(orpc.permissions.create.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: () => {
      setDraft(empty)
      announcer.say('The rule was added.')
      void queryClient.invalidateQueries({ queryKey: orpc.permissions.key() })
    },
  }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.mutate(ruleOf(draft, workspace))
  }
  const isNamed = draft.what === 'tool'
  return (
    <form onSubmit={submit} aria-label="New rule" className="flex flex-col gap-3 rounded-md border border-line p-3">
      <h4 className="font-semibold">New rule</h4>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
        <SelectField label="Effect" value={draft.effect} choices={effectChoices} onChange={(effect) => put({ effect })} />
        <SelectField label="What" value={draft.what} choices={capabilityChoices} onChange={(what) => put({ what })} />
        {isNamed
          ? <TextField label="Tool" value={draft.tool} required maxLength={200} placeholder="write_file, github__*" onChange={(event) => put({ tool: event.target.value })} />
          : <SelectField label="Where" value={draft.where} choices={placesOf(workspace)} onChange={(where) => put({ where })} />}
        <SelectField label="When" value={draft.key} choices={keyChoices} onChange={(key) => put({ key })} />
        {draft.key !== 'none' && <SelectField label="How" value={draft.operator} choices={operatorChoices} onChange={(operator) => put({ operator })} />}
        {draft.key !== 'none' && <TextField label="Text" value={draft.value} required maxLength={2000} onChange={(event) => put({ value: event.target.value })} />}
        {isNamed && <SelectField label="Where" value={draft.where} choices={placesOf(workspace)} onChange={(where) => put({ where })} />}
        <SelectField label="How long" value={draft.duration} choices={durationChoices} onChange={(duration) => put({ duration })} />
        <TextField label="Priority" type="number" min={-HIGHEST} max={HIGHEST} value={draft.priority} hint="Higher counts first." onChange={(event) => put({ priority: event.target.value })} />
      </div>
      {create.error !== null && <ErrorNote error={create.error} />}
      <div><Button type="submit" tone="primary" disabled={create.isPending}>Add rule</Button></div>
    </form>
  )
}

function placesOf(workspace: Workspace | null) {
  return [{ value: 'user' as const, label: 'Everywhere' }, ...(workspace ? [{ value: 'workspace' as const, label: `In ${workspace.name}` }] : [])]
}

function ruleOf(draft: Draft, workspace: Workspace | null): NewPermissionRule {
  const conditions: Condition[] = draft.key === 'none' ? [] : [{ key: draft.key, operator: draft.operator, value: draft.value }]
  const inFolder = draft.where === 'workspace' && workspace !== null
  const duration = durationOf(draft.duration)
  return {
    effect: draft.effect, scope: inFolder ? 'workspace' : 'user', targetId: inFolder ? workspace.id : null, tool: draft.what === 'tool' ? draft.tool.trim() : null,
    capability: draft.what === 'tool' || draft.what === 'any' ? null : draft.what, conditions, priority: Math.trunc(Number(draft.priority)) || 0,
    expiresAt: duration === null ? null : Date.now() + duration, note: '',
  }
}
