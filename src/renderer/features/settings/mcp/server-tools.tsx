import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { McpServer, McpTool } from '#contract/mcp'
import { Button } from '../../../components/button'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { ToolDefinition } from '../../../components/mcp/tool-definition'
import { useServices } from '../../../lib/services'

const words: Readonly<Record<McpTool['state'], string>> = {
  allowed: 'Agents have it; each call asks unless a rule or a grant says otherwise', new: 'New: look at it first', changed: 'Changed since you allowed it: held', off: 'Off', gone: 'The server does not offer it now', clash: 'Another tool has this name: never offered',
}

/** What each tool says of itself, as agents would read it. */
export function ServerTools({ server, onDecide }: { readonly server: McpServer; readonly onDecide: () => void }) {
  const { orpc } = useServices()
  const queryClient = useQueryClient()
  const tools = useQuery(orpc.mcp.tools.queryOptions({ input: { id: server.id } }))
  const decide = useMutation(orpc.mcp.decideTools.mutationOptions({ meta: { shownInPlace: true }, onSettled: () => queryClient.invalidateQueries({ queryKey: orpc.mcp.key() }) }))
  const items = tools.data?.items ?? []
  const held = items.filter(({ state }) => state === 'new' || state === 'changed')
  const put = (chosen: readonly McpTool[], allowed: boolean) => {
    onDecide()
    decide.mutate({ id: server.id, tools: chosen.map(({ name, hash }) => ({ name, hash, allowed })) })
  }
  return (
    <div className="flex flex-col gap-2">
      {tools.isPending && <Skeleton rows={3} label="Loading its tools" />}
      {(tools.error ?? decide.error) !== null && <ErrorNote error={tools.error ?? decide.error} />}
      {tools.isSuccess && items.length === 0 && <p className="text-muted">It has offered no tools yet.</p>}
      {held.length > 0 && (
        <div className="flex flex-wrap items-center gap-3">
          <Button small tone="primary" disabled={decide.isPending} onClick={() => put(held, true)}>Allow {held.length === 1 ? 'this tool' : `these ${held.length} tools`}</Button>
          <p className="text-xs text-muted">What a tool says of itself is read by agents, and was written by strangers.</p>
        </div>
      )}
      <ul aria-label={`Tools of ${server.name}`} className="flex max-h-128 flex-col divide-y divide-line overflow-y-auto rounded-md border border-line empty:hidden">
        {items.map((tool) => <ToolRow key={tool.name} tool={tool} busy={decide.isPending} onDecide={(allowed) => put([tool], allowed)} />)}
      </ul>
    </div>
  )
}

function ToolRow({ tool, busy, onDecide }: { readonly tool: McpTool; readonly busy: boolean; readonly onDecide: (allowed: boolean) => void }) {
  const { name, state } = tool
  const [isOpen, setOpen] = useState(state === 'new' || state === 'changed')
  return (
    <li aria-label={name} className="flex flex-col gap-2 p-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-40 flex-1">
          <p className="font-mono text-xs break-all">{name}</p>
          <p className={state === 'new' || state === 'changed' ? 'text-xs text-warning' : 'text-xs text-muted'}>{words[state]}</p>
        </div>
        <Button small tone="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? 'Less' : 'More'}</Button>
        {state !== 'allowed' && state !== 'gone' && state !== 'clash' && <Button small disabled={busy} onClick={() => onDecide(true)}>Allow</Button>}
        {state !== 'off' && state !== 'gone' && <Button small disabled={busy} onClick={() => onDecide(false)}>Turn off</Button>}
      </div>
      {isOpen && <ToolDefinition tool={tool} />}
    </li>
  )
}
