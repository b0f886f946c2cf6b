import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Provider } from '#contract/models'
import type { Settings, SettingsPatch } from '#contract/settings'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { CompatibleForm } from '../../components/models/compatible-form'
import { KeyForm } from '../../components/models/key-form'
import { errorMessage } from '../../lib/error-message'
import { useServices } from '../../lib/services'

const keyWords: Readonly<Record<Provider['key'], string>> = {
  keychain: 'Key in the keychain',
  environment: 'Key from the environment',
  session: 'Key in memory, until Trestle stops',
  none: 'No key',
}

export function ProviderSettings({ settings, onChange }: { readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  const { queries } = useServices()
  const providers = useQuery(queries.providers())
  const [adding, setAdding] = useState(false)
  const forget = (id: string): void => onChange({ compatible: settings.compatible.filter((item) => item.id !== id) })
  return (
    <div className="flex flex-col gap-3">
      {providers.isPending && <Skeleton rows={4} label="Loading providers" />}
      {providers.error !== null && <ErrorNote error={providers.error} onRetry={() => void providers.refetch()} />}
      <ul className="flex flex-col gap-2">
        {providers.data?.items.filter((provider) => provider.kind !== 'demo').map((provider) => (
          <ProviderRow key={provider.id} provider={provider} onForget={provider.kind === 'compatible' ? () => forget(provider.id) : null} />
        ))}
      </ul>
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={settings.demo} onChange={(event) => onChange({ demo: event.target.checked })} className="accent-accent" />
        Offer the scripted demo model
      </label>
      {adding
        ? <div className="rounded-md border border-line p-3"><CompatibleForm onReady={() => setAdding(false)} /></div>
        : <Button className="self-start" onClick={() => setAdding(true)}>Add an OpenAI-compatible server</Button>}
    </div>
  )
}

function ProviderRow({ provider, onForget }: { readonly provider: Provider; readonly onForget: (() => void) | null }) {
  const { orpc } = useServices()
  const queryClient = useQueryClient()
  const [editing, setEditing] = useState(false)
  const test = useMutation(orpc.providers.test.mutationOptions({ meta: { shownInPlace: true } }))
  const remove = useMutation(orpc.providers.removeKey.mutationOptions({
    onSuccess: async () => {
      test.reset()
      await queryClient.invalidateQueries({ queryKey: orpc.providers.list.key() })
      await queryClient.invalidateQueries({ queryKey: orpc.models.key() })
    },
  }))
  const hasOwnKey = provider.key === 'keychain' || provider.key === 'session'
  return (
    <li className="rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-40 flex-1">
          <h3 className="font-medium">{provider.name}</h3>
          <p className="text-xs break-all text-muted">{keyWords[provider.key]}{provider.baseUrl !== null && ` · ${provider.baseUrl}`}</p>
        </div>
        <Button small disabled={test.isPending || (provider.key === 'none' && !provider.keyOptional)} onClick={() => test.mutate({ id: provider.id })}>
          {test.isPending ? 'Testing…' : 'Test'}
        </Button>
        <Button small aria-expanded={editing} onClick={() => setEditing(!editing)}>{hasOwnKey ? 'Replace key' : 'Set key'}</Button>
        {hasOwnKey && <Button small disabled={remove.isPending} onClick={() => remove.mutate({ id: provider.id })}>Remove key</Button>}
        {onForget !== null && <Button small onClick={onForget}>Remove server</Button>}
      </div>
      <div aria-live="polite" className="text-xs">
        {test.data?.ok === true && <p className="mt-1.5 text-success">Works: {test.data.models} {test.data.models === 1 ? 'model' : 'models'}.</p>}
        {test.data?.ok === false && <p className="mt-1.5 text-danger">{test.data.error?.message ?? 'It did not answer as expected.'}</p>}
        {test.error !== null && <p className="mt-1.5 text-danger">{errorMessage(test.error)}</p>}
      </div>
      {editing && (
        <div className="mt-3">
          <KeyForm providerId={provider.id} label={`New key for ${provider.name}`} autoFocus onReady={() => setEditing(false)} />
        </div>
      )}
    </li>
  )
}
