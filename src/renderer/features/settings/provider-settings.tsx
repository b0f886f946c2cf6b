import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Settings, SettingsPatch } from '#contract/settings'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { CompatibleForm } from '../../components/models/compatible-form'
import { useServices } from '../../lib/services'
import { ProviderCard } from './keys/provider-card'

export function ProviderSettings({ settings, workspace, onChange }: { readonly settings: Settings; readonly workspace: Workspace | null; readonly onChange: (patch: SettingsPatch) => void }) {
  const { queries } = useServices()
  const providers = useQuery(queries.providers())
  const [adding, setAdding] = useState(false)
  const forget = (id: string): void => onChange({ compatible: settings.compatible.filter((item) => item.id !== id) })
  return (
    <div className="flex flex-col gap-3">
      {providers.isPending && <Skeleton rows={4} label="Loading providers" />}
      {providers.error !== null && <ErrorNote error={providers.error} onRetry={() => void providers.refetch()} />}
      <ul aria-label="Providers" className="flex flex-col gap-2">
        {providers.data?.items.filter((provider) => provider.kind !== 'demo').map((provider) => (
          <ProviderCard key={provider.id} provider={provider} workspace={workspace} onForget={provider.kind === 'compatible' ? () => forget(provider.id) : null} />
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
