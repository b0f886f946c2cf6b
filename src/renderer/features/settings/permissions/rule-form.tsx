import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { describeCondition } from '#contract/permission-words'
import type { Condition, NewPermissionRule, PermissionRule } from '#contract/permissions'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { type Choice, SelectField, TextField } from '../../../components/field'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { capabilityChoices, durationChoices, durationOf, effectChoices, keyChoices, operatorChoices } from './choices'

const HIGHEST = 1000

/** `kept`: as the rule that is changed has it, where the form has no word for it. */
interface Draft {
  readonly effect: NewPermissionRule['effect']
  readonly what: (typeof capabilityChoices)[number]['value'] | 'kept'
  readonly tool: string
  readonly key: (typeof keyChoices)[number]['value'] | 'kept'
  readonly operator: (typeof operatorChoices)[number]['value']
  readonly value: string
  readonly where: 'user' | 'workspace' | 'kept'
  readonly duration: (typeof durationChoices)[number]['value'] | 'kept'
  readonly priority: string
}
const empty: Draft = { effect: 'deny', what: 'execute', tool: '', key: 'none', operator: 'contains', value: '', where: 'user', duration: 'always', priority: '0' }

/** `rule`: the one that is changed; left out for a new one. */
export function RuleForm({ workspace, rule, onDone }: { readonly workspace: Workspace | null; readonly rule?: PermissionRule; readonly onDone?: () => void }) {
  const { orpc, announcer } = useServices()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(() => (rule ? draftOf(rule, workspace) : empty))
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const saved = (words: string) => {
    announcer.say(words)
    void queryClient.invalidateQueries({ queryKey: orpc.permissions.key() })
    onDone?.()
  }
  const create = useMutation(orpc.permissions.create.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: () => {
      setDraft(empty)
      saved('The rule was added.')
    },
  }))
  const replace = useMutation(orpc.permissions.replace.mutationOptions({ meta: { shownInPlace: true }, onSuccess: () => saved('The rule was changed.') }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (rule) replace.mutate({ ...ruleOf(draft, workspace, rule), id: rule.id })
    else create.mutate(ruleOf(draft, workspace))
  }
  const kept = rule ? keptWords(rule) : null
  const error = create.error ?? replace.error
  const isNamed = draft.what === 'tool'
  const hasText = draft.key !== 'none' && draft.key !== 'kept'
  return (
    <form onSubmit={submit} aria-label={rule ? 'Change the rule' : 'New rule'} className="flex flex-col gap-3 rounded-md border border-line p-3">
      {!rule && <h4 className="font-semibold">New rule</h4>}
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
        <SelectField label="Effect" value={draft.effect} choices={effectChoices} onChange={(effect) => put({ effect })} />
        <SelectField label="What" value={draft.what} choices={withKept(capabilityChoices, kept?.what)} onChange={(what) => put({ what })} />
        {isNamed
          ? <TextField label="Tool" value={draft.tool} required maxLength={200} placeholder="write_file, mcp__*" onChange={(event) => put({ tool: event.target.value })} />
          : <SelectField label="Where" value={draft.where} choices={withKept(placesOf(workspace), kept?.where)} onChange={(where) => put({ where })} />}
        <SelectField label="When" value={draft.key} choices={withKept(keyChoices, kept?.key)} onChange={(key) => put({ key })} />
        {hasText && <SelectField label="How" value={draft.operator} choices={operatorChoices} onChange={(operator) => put({ operator })} />}
        {hasText && <TextField label="Text" value={draft.value} required maxLength={2000} onChange={(event) => put({ value: event.target.value })} />}
        {isNamed && <SelectField label="Where" value={draft.where} choices={withKept(placesOf(workspace), kept?.where)} onChange={(where) => put({ where })} />}
        <SelectField label="How long" value={draft.duration} choices={withKept(durationChoices, kept?.duration)} onChange={(duration) => put({ duration })} />
        <TextField label="Priority" type="number" min={-HIGHEST} max={HIGHEST} value={draft.priority} hint="Higher counts first." onChange={(event) => put({ priority: event.target.value })} />
      </div>
      {error !== null && <ErrorNote error={error} />}
      <div className="flex gap-2">
        <Button type="submit" tone="primary" disabled={create.isPending || replace.isPending}>{rule ? 'Save rule' : 'Add rule'}</Button>
        {onDone && <Button onClick={onDone}>Cancel</Button>}
      </div>
    </form>
  )
}

function placesOf(workspace: Workspace | null) {
  return [{ value: 'user' as const, label: 'Everywhere' }, ...(workspace ? [{ value: 'workspace' as const, label: `In ${workspace.name}` }] : [])]
}

function ruleOf(draft: Draft, workspace: Workspace | null, rule?: PermissionRule): NewPermissionRule {
  const conditions: readonly Condition[] = draft.key === 'none' ? [] : draft.key === 'kept' ? (rule?.conditions ?? []) : [{ key: draft.key, operator: draft.operator, value: draft.value }]
  const inFolder = draft.where === 'workspace' && workspace !== null
  const place = draft.where === 'kept' && rule ? { scope: rule.scope, targetId: rule.targetId } : { scope: inFolder ? ('workspace' as const) : ('user' as const), targetId: inFolder ? workspace.id : null }
  const subject = draft.what === 'kept' && rule ? { tool: rule.tool, capability: rule.capability } : {
    tool: draft.what === 'tool' ? draft.tool.trim() : null, capability: draft.what === 'tool' || draft.what === 'any' || draft.what === 'kept' ? null : draft.what,
  }
  const duration = draft.duration === 'kept' ? null : durationOf(draft.duration)
  return {
    effect: draft.effect, ...place, ...subject, conditions: [...conditions], priority: Math.trunc(Number(draft.priority)) || 0,
    expiresAt: draft.duration === 'kept' ? (rule?.expiresAt ?? null) : duration === null ? null : Date.now() + duration, note: rule?.note ?? '',
  }
}

/** What the form can say of a rule; the rest of it is kept. */
function draftOf(rule: PermissionRule, workspace: Workspace | null): Draft {
  const [condition] = rule.conditions
  const key = keyChoices.find(({ value }) => value === condition?.key)?.value
  const operator = operatorChoices.find(({ value }) => value === condition?.operator)?.value
  const simple = rule.conditions.length === 1 && key !== undefined && operator !== undefined && typeof condition?.value === 'string' ? { key, operator, value: condition.value } : null
  const what = rule.tool !== null ? ('tool' as const) : (capabilityChoices.find(({ value }) => value === (rule.capability ?? 'any'))?.value ?? ('kept' as const))
  return {
    ...empty, effect: rule.effect, what: rule.tool !== null && rule.capability !== null ? 'kept' : what, tool: rule.tool ?? '', ...(simple ?? { key: rule.conditions.length === 0 ? ('none' as const) : ('kept' as const) }),
    where: rule.scope === 'user' ? 'user' : rule.scope === 'workspace' && rule.targetId === workspace?.id ? 'workspace' : 'kept',
    duration: rule.expiresAt === null ? 'always' : 'kept', priority: String(rule.priority),
  }
}

function keptWords(rule: PermissionRule) {
  const draft = draftOf(rule, null)
  return {
    what: draft.what === 'kept' ? (rule.tool ?? rule.capability ?? '') : undefined, key: draft.key === 'kept' ? rule.conditions.map(describeCondition).join(' and ') : undefined,
    where: rule.scope === 'user' ? undefined : rule.scope === 'session' ? 'In its session' : 'In its folder', duration: rule.expiresAt === null ? undefined : `Until ${formatTime(rule.expiresAt)}`,
  }
}

/** With what the rule has, where the form has no word for it. */
function withKept<T extends string>(choices: readonly Choice<T>[], words: string | undefined): readonly Choice<T | 'kept'>[] {
  return words === undefined ? choices : [...choices, { value: 'kept', label: words }]
}
