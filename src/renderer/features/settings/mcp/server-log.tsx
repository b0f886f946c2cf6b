import { useQuery } from '@tanstack/react-query'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'

export function ServerLog({ id, name }: { readonly id: string; readonly name: string }) {
  const { orpc } = useServices()
  const log = useQuery(orpc.mcp.log.queryOptions({ input: { id } }))
  const lines = log.data?.lines ?? []
  return (
    <div className="flex flex-col gap-2">
      {log.error !== null && <ErrorNote error={log.error} />}
      {log.isSuccess && lines.length === 0 && <p className="text-muted">Nothing yet. The log is kept while Trestle runs.</p>}
      {lines.length > 0 && (
        <ol aria-label={`Log of ${name}`} tabIndex={0} className="max-h-80 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs" dir="ltr">
          {lines.map(({ at, from, text }, index) => (
            <li key={index} className="break-words whitespace-pre-wrap"><span className="text-muted">{formatTime(at)} {from === 'server' ? name : 'Trestle'}:</span> {text}</li>
          ))}
        </ol>
      )}
      {(log.data?.dropped ?? 0) > 0 && <p className="text-xs text-muted">{log.data?.dropped} more lines came too fast and were left out.</p>}
      <div><Button small disabled={log.isFetching} onClick={() => void log.refetch()}>Look again</Button></div>
    </div>
  )
}
