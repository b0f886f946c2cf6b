import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { McpVisitor } from '#contract/mcp'
import type { Settings } from '#contract/settings'
import { ErrorNote } from '../../../components/feedback'
import { SelectField } from '../../../components/field'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'

type Limit = 'all' | 'read' | 'off'

/** Programs that came as MCP clients: what they did, and what each of them may. */
export function Visitors({ access }: { readonly access: Settings['mcpServer']['access'] }) {
  const { orpc } = useServices()
  const queryClient = useQueryClient()
  const clients = useQuery(orpc.mcp.clients.queryOptions({ input: {} }))
  const limit = useMutation(orpc.mcp.limitClient.mutationOptions({ meta: { shownInPlace: true }, onSettled: () => queryClient.invalidateQueries({ queryKey: orpc.mcp.clients.key() }) }))
  const items = clients.data?.items ?? []
  const error = clients.error ?? limit.error
  return (
    <div className="flex flex-col gap-2">
      {error !== null && <ErrorNote error={error} />}
      {clients.isSuccess && items.length === 0 && access !== 'off' && <p className="text-xs text-muted">No client has come since Trestle was started. To connect one, let it run: trestle mcp</p>}
      <ul aria-label="MCP clients" className="flex flex-col divide-y divide-line rounded-md border border-line empty:hidden">
        {items.map((visitor) => (
          <li key={visitor.name} aria-label={visitor.name} className="flex flex-wrap items-end gap-3 p-2.5">
            <div className="min-w-52 flex-1">
              <p className="break-words">{visitor.name} <span className="text-muted">{visitor.version}</span></p>
              <p className="text-xs text-muted">{wordsOf(visitor)}</p>
            </div>
            <SelectField<Limit>
              label={`${visitor.name} may`} value={visitor.access === access ? 'all' : visitor.access === 'off' ? 'off' : 'read'} disabled={limit.isPending || access === 'off'}
              choices={[{ value: 'all', label: 'What the others may' }, ...(access === 'act' ? [{ value: 'read' as const, label: 'Only read' }] : []), { value: 'off', label: 'Nothing' }]}
              onChange={(value) => limit.mutate({ name: visitor.name, access: value === 'all' ? null : value })}
            />
          </li>
        ))}
      </ul>
      {items.length > 0 && <p className="text-xs text-muted">A client says itself what it is called, so this keeps honest ones apart. What may do nothing is disconnected at once.</p>}
    </div>
  )
}

function wordsOf({ connected, lastSeenAt, calls, acts }: McpVisitor): string {
  const here = connected > 0 ? (connected === 1 ? 'Connected' : `Connected ${connected} times`) : lastSeenAt === null ? 'Not here since Trestle was started' : `Gone, last seen ${formatTime(lastSeenAt)}`
  if (calls === 0) return here
  return `${here} · ${calls} ${calls === 1 ? 'call' : 'calls'}, ${acts === 0 ? 'none' : acts} of them to change something`
}
