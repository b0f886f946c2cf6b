import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import type { McpHeldTool } from '#contract/mcp'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { ToolDefinition } from '../../components/mcp/tool-definition'
import { useServices } from '../../lib/services'
import { useMeantClick } from './use-meant-click'

const MOST_SHOWN = 20

/** Tools of MCP servers that are new or say something else than a person agreed to; each is decided on right here. */
export function HeldTools({ items, total, onOpenSettings }: { readonly items: readonly McpHeldTool[]; readonly total: number; readonly onOpenSettings: () => void }) {
  return (
    <section aria-label="Tools of MCP servers">
      <h2 className="mb-1 text-xs font-semibold text-muted">Tools of MCP servers</h2>
      <ul className="flex flex-col gap-3">
        {items.slice(0, MOST_SHOWN).map((item) => <li key={`${item.serverId} ${item.tool.name} ${item.tool.hash}`}><HeldTool item={item} /></li>)}
      </ul>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {total > MOST_SHOWN && <p className="text-xs text-muted">and {total - MOST_SHOWN} more</p>}
        <Button small tone="quiet" onClick={onOpenSettings}>Open Settings, MCP servers</Button>
      </div>
    </section>
  )
}

function HeldTool({ item: { serverId, server, tool } }: { readonly item: McpHeldTool }) {
  const { orpc } = useServices()
  const queryClient = useQueryClient()
  const titleId = useId()
  const meant = useMeantClick()
  const decide = useMutation(orpc.mcp.decideTools.mutationOptions({ meta: { shownInPlace: true }, onSettled: () => queryClient.invalidateQueries({ queryKey: orpc.mcp.key() }) }))
  const put = (allowed: boolean): void => decide.mutate({ id: serverId, tools: [{ name: tool.name, hash: tool.hash, allowed }] })
  const isChanged = tool.state === 'changed'
  return (
    <div role="group" aria-labelledby={titleId} className="rounded-md border border-warning/50 bg-warning-soft/40 p-3">
      <h3 id={titleId} className="font-semibold break-words">{isChanged ? `${server} changed what its tool ${tool.name} says of itself. May agents use it like this?` : `${server} offers a new tool, ${tool.name}. May agents use it?`}</h3>
      <p className="mt-0.5 mb-2 text-xs text-muted">{isChanged ? 'It is held since then: no agent has it. A server that changes a tool behind your back may be up to something.' : 'No agent has it yet. The text was written by strangers, and agents will read it.'}</p>
      <ToolDefinition tool={tool} />
      <p className="mt-2 text-xs text-muted">Allowed, agents have it exactly as shown, and each call still asks unless a rule or a grant says otherwise. Turned off, they do not have it until you allow it in Settings.</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button tone="primary" disabled={decide.isPending} onClick={meant(() => put(true))}>Allow as shown</Button>
        <Button disabled={decide.isPending} onClick={meant(() => put(false))}>Turn off</Button>
      </div>
      {decide.error !== null && <ErrorNote error={decide.error} className="mt-2" />}
    </div>
  )
}
