import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BehaviorPlace } from '#contract/behavior'
import type { Workspace } from '#contract/workspaces'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { type Choice, SelectField } from '../../../components/field'
import { formatTokens } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { RuleHistory } from './rule-history'
import { RuleList } from './rule-list'

const everywhere: BehaviorPlace = { scope: 'user', target: null }
const keyOf = ({ scope, target }: BehaviorPlace): string => (target === null ? scope : `${scope} ${target}`)

/** The rules that shape agents: whose, which, and what they were. */
export function BehaviorSettings({ workspace }: { readonly workspace: Workspace | null }) {
  const { queries, orpc } = useServices()
  const workspaces = useQuery(queries.workspaces())
  const profiles = useQuery(orpc.behavior.list.queryOptions({ input: {} }))
  const [place, setPlace] = useState<BehaviorPlace>(everywhere)
  const templates = ['general', ...(profiles.data?.items ?? []).flatMap(({ scope, target }) => (scope === 'agent' && target !== null && target !== 'general' ? [target] : []))]
  const places: readonly (Choice<string> & { readonly place: BehaviorPlace })[] = [
    { value: 'user', label: 'Everywhere', place: everywhere },
    ...(workspaces.data?.items ?? []).map(({ id, name }) => ({ value: `workspace ${id}`, label: `In the folder ${name}`, place: { scope: 'workspace' as const, target: id } })),
    ...templates.map((name) => ({ value: `agent ${name}`, label: `Of the agent “${name}”`, place: { scope: 'agent' as const, target: name } })),
  ]
  return (
    <div className="flex max-w-3xl flex-col gap-5">
      <SelectField
        label="Rules that count"
        hint="Of rules with the same key, the one of the agent counts before the one of the folder, and that before the one for everywhere."
        value={keyOf(place)}
        choices={places}
        onChange={(value) => setPlace(places.find((choice) => choice.value === value)?.place ?? everywhere)}
      />
      <RuleList key={`list ${keyOf(place)}`} place={place} />
      <RuleHistory key={`history ${keyOf(place)}`} place={place} />
      <Effective workspace={workspace} />
    </div>
  )
}

function Effective({ workspace }: { readonly workspace: Workspace | null }) {
  const { orpc } = useServices()
  const effective = useQuery(orpc.behavior.effective.queryOptions({ input: workspace === null ? {} : { workspaceId: workspace.id } }))
  if (effective.isPending) return <Skeleton rows={2} label="Loading what is sent" />
  if (effective.error !== null) return <ErrorNote error={effective.error} onRetry={() => void effective.refetch()} />
  const { text, tokens, rules } = effective.data
  return (
    <details className="text-xs">
      <summary className="cursor-default rounded-sm text-muted">
        What the model is sent {workspace === null ? 'without a folder' : `in ${workspace.name}`}: {rules.length === 0 ? 'no rules' : `${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}, about ${formatTokens(tokens)} tokens`}
      </summary>
      {text !== '' && <pre tabIndex={0} role="group" aria-label="What the model is sent" className="mt-2 max-h-60 overflow-auto rounded-md border border-line bg-surface px-2.5 py-2 font-mono break-words whitespace-pre-wrap">{text}</pre>}
    </details>
  )
}
