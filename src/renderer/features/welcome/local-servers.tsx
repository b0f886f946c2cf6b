import { useQuery } from '@tanstack/react-query'
import type { LocalServer } from '#contract/models'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { useAddCompatible } from '../../components/models/compatible-form'
import { useServices } from '../../lib/services'

/** Model servers that answer on this machine. Looking for them sends nothing anywhere else. */
export function LocalServers({ onReady }: { readonly onReady: (providerId: string) => void }) {
  const { orpc } = useServices()
  const found = useQuery(orpc.providers.discover.queryOptions({ input: {}, retry: false, staleTime: 30_000 }))
  const add = useAddCompatible((provider) => onReady(provider.id))
  const connect = (server: LocalServer): void => add.mutate({ name: server.name, baseUrl: server.baseUrl, key: '', models: [] })
  if (found.isPending) return <p role="status" className="text-muted">Looking for model servers on this machine…</p>
  const items = found.data?.items ?? []
  if (items.length === 0) return <p className="text-muted">No Ollama, LM Studio or llama.cpp answers on this machine right now. Start one, or give an address.</p>
  return (
    <>
      <ul aria-label="Servers found on this machine" className="flex flex-col gap-2">
        {items.map((server) => (
          <li key={server.baseUrl} className="flex items-center gap-3 rounded-md border border-line px-3 py-2">
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{server.name}</span>
              <span className="block truncate text-xs text-muted">{server.baseUrl} · {server.models.length} {server.models.length === 1 ? 'model' : 'models'}</span>
            </span>
            <Button disabled={add.isPending} onClick={() => connect(server)}>Use {server.name}</Button>
          </li>
        ))}
      </ul>
      {add.error !== null && <ErrorNote error={add.error} />}
      {add.data?.test.ok === false && <ErrorNote error={add.data.test.error?.message ?? 'The server did not answer as expected.'} />}
    </>
  )
}
