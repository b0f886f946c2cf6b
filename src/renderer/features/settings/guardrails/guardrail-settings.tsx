import { ShieldAlert } from 'lucide-react'
import { useState } from 'react'
import { type Policy, TripwireSettingsSchema } from '#contract/guardrails'
import type { Settings, SettingsPatch } from '#contract/settings'
import { Button } from '../../../components/button'
import { EmptyState } from '../../../components/feedback'
import { useServices } from '../../../lib/services'
import { SchemaForm } from '../form/schema-form'
import { actionLabel, placeLabels } from './choices'
import { PolicyForm } from './policy-form'

/** Policies of the person, and what makes a run stand out. */
export function GuardrailSettings({ settings: { guardrails }, onChange }: { readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  const { toasts } = useServices()
  // The policy that is written: a new one, or one by its id.
  const [edited, setEdited] = useState<string | null>(null)
  const { policies } = guardrails
  const put = (next: readonly Policy[]) => onChange({ guardrails: { ...guardrails, policies: [...next] } })
  const save = (policy: Policy) => {
    put(policies.some(({ id }) => id === policy.id) ? policies.map((known) => (known.id === policy.id ? policy : known)) : [...policies, policy])
    setEdited(null)
  }
  const remove = (policy: Policy) => {
    put(policies.filter(({ id }) => id !== policy.id))
    toasts.info(`The policy “${policy.name}” was removed.`, [{ label: 'Undo', run: () => put(policies) }])
  }
  const open = policies.find(({ id }) => id === edited)
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <section aria-label="Policies" className="flex flex-col gap-3">
        <h4 className="font-semibold">Policies</h4>
        {policies.length === 0 && edited === null && (
          <EmptyState icon={<ShieldAlert />} title="No policies yet">
            <p>{'A policy looks for words in what you ask, in what agents answer, and in what they call, such as “Stop calls that contain ‘drop table’”.'}</p>
          </EmptyState>
        )}
        {policies.length > 0 && (
          <ul aria-label="Policies" className="divide-y divide-line rounded-md border border-line">
            {policies.map((policy) => (
              <li key={policy.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
                <div className="min-w-40 flex-1">
                  <p className="break-words">{policy.name}{!policy.enabled && <span className="text-muted"> (off)</span>}</p>
                  <p className="text-xs break-words text-muted">{describe(policy)}</p>
                </div>
                <Button small aria-label={`${policy.enabled ? 'Turn off' : 'Turn on'}: ${policy.name}`} onClick={() => save({ ...policy, enabled: !policy.enabled })}>{policy.enabled ? 'Turn off' : 'Turn on'}</Button>
                <Button small aria-label={`Change: ${policy.name}`} onClick={() => setEdited(policy.id)}>Change</Button>
                <Button small aria-label={`Remove: ${policy.name}`} onClick={() => remove(policy)}>Remove</Button>
              </li>
            ))}
          </ul>
        )}
        {edited === null
          ? <div><Button tone="primary" onClick={() => setEdited('new')}>New policy</Button></div>
          : <PolicyForm key={edited} policy={open} onSave={save} onCancel={() => setEdited(null)} />}
      </section>
      <section aria-label="Tripwires" className="flex flex-col gap-3">
        <h4 className="font-semibold">Tripwires</h4>
        <SchemaForm schema={TripwireSettingsSchema} value={guardrails.tripwires} onChange={(tripwires) => onChange({ guardrails: { ...guardrails, tripwires } })} />
      </section>
    </div>
  )
}

function describe({ action, on, tool, patterns }: Policy): string {
  const [first = ''] = patterns
  const more = patterns.length === 1 ? '' : ` and ${patterns.length - 1} more`
  return `${actionLabel(action)}: ${on.map((place) => placeLabels[place]).join(', ')}${tool === null ? '' : ` of ${tool}`} with “${first}”${more}`
}
