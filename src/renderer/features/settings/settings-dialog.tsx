import { useMutation, useQuery } from '@tanstack/react-query'
import { Tabs } from 'radix-ui'
import type { Settings, SettingsPatch } from '#contract/settings'
import type { Workspace } from '#contract/workspaces'
import { Dialog } from '../../components/dialog'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { SelectField } from '../../components/field'
import { useServices } from '../../lib/services'
import { GeneralSettings } from './general-settings'
import { LimitSettings } from './limit-settings'
import { ProviderSettings } from './provider-settings'
import { ShortcutSettings } from './shortcut-settings'
import { StorageSettings } from './storage-settings'
import { WorkspaceSettings } from './workspace-settings'

const tabs = [
  { id: 'models', label: 'Models and keys' },
  { id: 'general', label: 'Defaults' },
  { id: 'limits', label: 'Limits' },
  { id: 'workspace', label: 'This folder' },
  { id: 'storage', label: 'Storage' },
  { id: 'appearance', label: 'Appearance' },
  { id: 'shortcuts', label: 'Shortcuts' },
] as const

const themes = [
  { value: 'system', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

/** Every change is saved and applied at once. `workspace` is the folder that the window shows. Lazy-loaded. */
export function SettingsDialog({ workspace, section, onClose }: { readonly workspace: Workspace | null; readonly section: string | undefined; readonly onClose: () => void }) {
  const { orpc, queries, cache } = useServices()
  const settings = useQuery(queries.settings())
  const put = useMutation(orpc.settings.put.mutationOptions({ meta: { shownInPlace: true }, onSuccess: (next) => cache.settings(next) }))
  return (
    <Dialog title="Settings" onClose={onClose} wide>
      {settings.isPending && <Skeleton rows={6} label="Loading settings" />}
      {settings.error !== null && <ErrorNote error={settings.error} onRetry={() => void settings.refetch()} />}
      {put.error !== null && <ErrorNote error={put.error} className="mb-3" />}
      {settings.data !== undefined && <Panes settings={settings.data} section={section} workspace={workspace} onChange={(patch) => put.mutate(patch)} />}
    </Dialog>
  )
}

function Panes({ settings, section, workspace, onChange }: {
  readonly settings: Settings
  readonly section: string | undefined
  readonly workspace: Workspace | null
  readonly onChange: (patch: SettingsPatch) => void
}) {
  return (
    <Tabs.Root defaultValue={tabs.find(({ id }) => id === section)?.id ?? 'models'} className="flex min-h-[32rem] flex-col gap-4">
      <Tabs.List aria-label="Settings" className="flex flex-wrap gap-1 border-b border-line">
        {tabs.filter((tab) => tab.id !== 'workspace' || workspace !== null).map((tab) => (
          <Tabs.Trigger
            key={tab.id}
            value={tab.id}
            className="-mb-px border-b-2 border-transparent px-3 py-1.5 -outline-offset-2 text-muted data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {tab.label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="models"><ProviderSettings settings={settings} onChange={onChange} /></Tabs.Content>
      <Tabs.Content value="general"><GeneralSettings settings={settings} onChange={onChange} /></Tabs.Content>
      <Tabs.Content value="limits"><LimitSettings settings={settings} onChange={onChange} /></Tabs.Content>
      {workspace !== null && <Tabs.Content value="workspace"><WorkspaceSettings key={workspace.id} workspace={workspace} /></Tabs.Content>}
      <Tabs.Content value="storage"><StorageSettings settings={settings} onChange={onChange} /></Tabs.Content>
      <Tabs.Content value="shortcuts"><ShortcutSettings settings={settings} onChange={onChange} /></Tabs.Content>
      <Tabs.Content value="appearance" className="max-w-xs">
        <SelectField label="Theme" value={settings.theme} choices={themes} onChange={(theme) => onChange({ theme })} />
      </Tabs.Content>
    </Tabs.Root>
  )
}
