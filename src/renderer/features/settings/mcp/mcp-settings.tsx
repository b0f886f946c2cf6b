import { useQuery } from '@tanstack/react-query'
import { Plug } from 'lucide-react'
import { useState } from 'react'
import { McpServerSettingsSchema, type Settings, type SettingsPatch } from '#contract/settings'
import type { Workspace } from '#contract/workspaces'
import { EmptyState, ErrorNote, Skeleton } from '../../../components/feedback'
import { useServices } from '../../../lib/services'
import { SchemaForm } from '../form/schema-form'
import { AddServer } from './add-server'
import { ServerCard } from './server-card'
import { Visitors } from './visitors'

/** Servers that give agents more tools: which there are, how they are, what they offer. */
export function McpSettings({ workspace, settings, onChange }: { readonly workspace: Workspace | null; readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  const { orpc, queries } = useServices()
  const servers = useQuery(orpc.mcp.list.queryOptions({ input: {} }))
  const workspaces = useQuery(queries.workspaces())
  const [round, setRound] = useState(0)
  const items = servers.data?.items ?? []
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      {servers.isPending && <Skeleton rows={3} label="Loading the servers" />}
      {servers.error !== null && <ErrorNote error={servers.error} onRetry={() => void servers.refetch()} />}
      {servers.isSuccess && items.length === 0 && (
        <EmptyState icon={<Plug />} title="No servers yet">
          <p>MCP servers bring tools from outside: issue trackers, databases, browsers. Each runs apart, with what you grant it and nothing else.</p>
        </EmptyState>
      )}
      <ul aria-label="MCP servers" className="flex flex-col gap-3 empty:hidden">
        {items.map((server) => <ServerCard key={server.id} server={server} workspaces={workspaces.data?.items ?? []} />)}
      </ul>
      <AddServer key={round} workspace={workspace} onDone={() => setRound(round + 1)} />
      <section aria-labelledby="mcp-face" className="flex flex-col gap-3">
        <h4 id="mcp-face" className="font-semibold">Trestle as a server</h4>
        <SchemaForm schema={McpServerSettingsSchema} value={settings.mcpServer} skip={['narrowed']} onChange={(mcpServer) => onChange({ mcpServer })} />
        <Visitors access={settings.mcpServer.access} />
      </section>
    </div>
  )
}
