import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Tabs } from 'radix-ui'
import { type ReactNode, useMemo, useState } from 'react'
import { CheckpointSettingsSchema, DesktopSettingsSchema, LimitsSchema, NotificationSettingsSchema, RequestSettingsSchema, SecretSettingsSchema, type Settings, type SettingsPatch, SettingsSchema, TaskSettingsSchema } from '#contract/settings'
import type { Workspace } from '#contract/workspaces'
import { Dialog } from '../../components/dialog'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { useServices } from '../../lib/services'
import { AboutSettings } from './about-settings'
import { AccessSettings } from './access-settings'
import { AgentSettings } from './agent-settings'
import { AppearanceSettings } from './appearance-settings'
import { AuditSettings } from './audit/audit-settings'
import { BehaviorSettings } from './behavior/behavior-settings'
import { DataSettings } from './data/data-settings'
import { DesktopNotes } from './desktop-notes'
import { FolderSettings } from './folder-settings'
import { SchemaForm } from './form/schema-form'
import { rebased } from './form/rebased'
import { GeneralSettings } from './general-settings'
import { McpSettings } from './mcp/mcp-settings'
import { GuardrailSettings } from './guardrails/guardrail-settings'
import { MemorySettings } from './memory/memory-settings'
import { ModelCatalogue } from './model-catalogue'
import { NotificationPermission } from './notification-permission'
import { PermissionSettings } from './permissions/permission-settings'
import { ProviderSettings } from './provider-settings'
import { ShortcutSettings } from './shortcut-settings'
import { StorageSettings } from './storage-settings'
import { WebSettings } from './web-settings'

interface SectionProps {
  readonly settings: Settings
  readonly workspace: Workspace | null
  readonly onChange: (patch: SettingsPatch) => void
}

interface Section {
  readonly id: string
  readonly label: string
  readonly note: string
  readonly show: (props: SectionProps) => ReactNode
}

const sections: readonly Section[] = [
  { id: 'models', label: 'Models and keys', note: 'Where models come from. Keys are kept in the keychain of the system.', show: (props) => <ProviderSettings {...props} /> },
  { id: 'catalogue', label: 'Catalogue', note: 'Every model that is known, and its price.', show: () => <ModelCatalogue /> },
  { id: 'general', label: 'Defaults', note: 'What new sessions start with.', show: (props) => <GeneralSettings {...props} /> },
  { id: 'behavior', label: 'Behaviour', note: 'Rules that shape how agents work and answer, from the next call on. They never give permissions.', show: ({ workspace }) => <BehaviorSettings workspace={workspace} /> },
  {
    id: 'memory', label: 'Memory', note: 'What agents use of the memory, and how they learn.',
    show: (props) => <MemorySettings {...props} />,
  },
  {
    id: 'limits', label: 'Limits', note: 'A turn that reaches one of these stops and says so; what it did until then is kept.',
    show: ({ settings, onChange }) => <SchemaForm schema={LimitsSchema} value={settings.limits} onChange={(limits) => onChange({ limits })} />,
  },
  {
    id: 'tasks', label: 'Tasks', note: 'How much of the board is done at once, what it may cost, and how long a question waits.',
    show: ({ settings, onChange }) => (
      <>
        <SchemaForm schema={TaskSettingsSchema} value={settings.tasks} onChange={(tasks) => onChange({ tasks })} />
        <SchemaForm schema={RequestSettingsSchema} value={settings.requests} onChange={(requests) => onChange({ requests })} />
      </>
    ),
  },
  { id: 'agents', label: 'Agents', note: 'The kinds of agents that tasks, plans and other agents can use.', show: (props) => <AgentSettings {...props} /> },
  { id: 'web', label: 'Web', note: 'What agents may read of the web. Everything else asks first.', show: (props) => <WebSettings {...props} /> },
  { id: 'mcp', label: 'MCP servers', note: 'Tools from outside. Nothing of them runs, or is read by agents, before you have seen it.', show: (props) => <McpSettings {...props} /> },
  { id: 'permissions', label: 'Permissions', note: 'Your rules for what agents may do. They count before modes and grants; what is built in to protect you cannot be overridden.', show: ({ workspace }) => <PermissionSettings workspace={workspace} /> },
  { id: 'guardrails', label: 'Guardrails', note: 'What you want looked at while agents work: words that must not come up, and work that is not as usual. What is found is in the conversation and in the audit.', show: (props) => <GuardrailSettings {...props} /> },
  { id: 'audit', label: 'Audit', note: 'What agents asked for, what was allowed and what was done. Records are only ever added; the oldest are put away once there are very many.', show: (props) => <AuditSettings {...props} /> },
  {
    id: 'secrets', label: 'Secrets', note: 'Keys, passwords and personal details in what agents send. Keys of providers are never among it: they are in the keychain.',
    show: ({ settings, onChange }) => <SchemaForm schema={SecretSettingsSchema} value={settings.secrets} onChange={(secrets) => onChange({ secrets })} />,
  },
  { id: 'access', label: 'Access', note: 'Tokens for scripts and other programs that ask Trestle over HTTP, where it is served (trestle serve).', show: () => <AccessSettings /> },
  { id: 'workspace', label: 'Folders and trust', note: 'Folders that were opened, and what agents may do in them.', show: ({ workspace }) => <FolderSettings current={workspace} /> },
  { id: 'appearance', label: 'Appearance', note: 'How the window looks.', show: (props) => <AppearanceSettings {...props} /> },
  { id: 'shortcuts', label: 'Shortcuts', note: 'Every command, and the keys that give it.', show: (props) => <ShortcutSettings {...props} /> },
  {
    id: 'notifications', label: 'Notifications', note: 'Told when no window of Trestle is in front. They never show what an agent runs or writes.',
    show: ({ settings, onChange }) => (
      <div className="flex flex-col gap-4">
        <SchemaForm schema={NotificationSettingsSchema} value={settings.notifications} onChange={(notifications) => onChange({ notifications })} />
        <NotificationPermission />
      </div>
    ),
  },
  {
    id: 'desktop', label: 'Desktop', note: 'These count in the desktop app.',
    show: ({ settings, onChange }) => (
      <div className="flex flex-col gap-4">
        <SchemaForm schema={DesktopSettingsSchema} value={settings.desktop} onChange={(desktop) => onChange({ desktop })} />
        <DesktopNotes keys={settings.desktop.quickPromptKeys} />
      </div>
    ),
  },
  {
    id: 'storage', label: 'Storage', note: 'What checkpoints take on this disk, and what they may.',
    show: ({ settings, onChange }) => (
      <StorageSettings limits={<SchemaForm schema={CheckpointSettingsSchema} value={settings.checkpoints} onChange={(checkpoints) => onChange({ checkpoints })} />} />
    ),
  },
  { id: 'data', label: 'Backups and data', note: 'The whole profile: go back, take it along, or be rid of it.', show: () => <DataSettings /> },
  { id: 'about', label: 'About and diagnostics', note: 'Versions, health, and the last errors.', show: () => <AboutSettings /> },
]

interface Change {
  readonly patch: SettingsPatch
  /** What the change was made to. */
  readonly shown: Settings
}

/** Every change is saved and applied at once. `workspace` is the folder that the window shows. Lazy-loaded. */
export function SettingsDialog({ workspace, section, onClose }: { readonly workspace: Workspace | null; readonly section: string | undefined; readonly onClose: () => void }) {
  const { client, queries, cache } = useServices()
  const queryClient = useQueryClient()
  const settings = useQuery(queries.settings())
  const file = useQuery(queries.settingsFile())
  const [saving, setSaving] = useState<readonly Change[]>([])
  const put = useMutation({
    meta: { shownInPlace: true },
    // One after the other, each onto what the one before has made.
    scope: { id: 'settings' },
    mutationFn: ({ patch, shown }: Change) => client.settings.put(rebased(patch, shown, queryClient.getQueryData(queries.settings().queryKey) ?? shown)),
    onMutate: (change) => setSaving((before) => [...before, change]),
    onSuccess: (next) => cache.settings(next),
    onSettled: (_next, _error, change) => setSaving((before) => before.filter((other) => other !== change)),
  })
  const problem = file.data?.problem ?? null
  // What is being saved counts already: the next change may come before the answer.
  const shown = useMemo(() => settings.data && saving.reduce<Settings>((now, { patch }) => SettingsSchema.safeParse({ ...now, ...patch }).data ?? now, settings.data), [settings.data, saving])
  return (
    <Dialog title="Settings" onClose={onClose} size="full" flush>
      {settings.isPending && <Skeleton rows={6} label="Loading settings" className="p-4" />}
      {settings.error !== null && <ErrorNote error={settings.error} onRetry={() => void settings.refetch()} className="m-4" />}
      {shown !== undefined && (
        <Sections first={section} settings={shown} workspace={workspace} onChange={(patch) => put.mutate({ patch, shown })}>
          {problem !== null && <ErrorNote className="mb-3" error={`settings.json, line ${problem.line}: ${problem.message} The last good version counts until this is put right.`} />}
          {put.error !== null && <ErrorNote error={put.error} className="mb-3" />}
        </Sections>
      )}
    </Dialog>
  )
}

function Sections({ first, children, ...props }: SectionProps & { readonly first: string | undefined; readonly children: ReactNode }) {
  const [shown, setShown] = useState(sections.find(({ id }) => id === first)?.id ?? 'models')
  return (
    <Tabs.Root value={shown} onValueChange={setShown} orientation="vertical" className="flex h-full min-h-0 flex-col sm:flex-row">
      <Tabs.List
        aria-label="Settings"
        className="flex shrink-0 gap-0.5 overflow-auto border-line bg-canvas p-2 max-sm:border-b sm:w-52 sm:flex-col sm:border-r"
      >
        {sections.map(({ id, label }) => (
          <Tabs.Trigger
            key={id}
            value={id}
            className="rounded-md px-2.5 py-1.5 text-start whitespace-nowrap text-muted -outline-offset-2 hover:bg-hover data-[state=active]:bg-accent-soft data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {sections.map(({ id, label, note, show }) => (
        <Tabs.Content key={id} value={id} tabIndex={-1} className="min-h-0 min-w-0 flex-1 overflow-y-auto p-4 -outline-offset-2">
          <h3 className="text-base font-semibold">{label}</h3>
          <p className="mb-4 text-xs text-muted">{note}</p>
          {children}
          {show(props)}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}
