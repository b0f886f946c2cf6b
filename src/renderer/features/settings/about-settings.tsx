import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, Copy } from 'lucide-react'
import type { Diagnostics } from '#contract/system'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'
import { diagnosticsText } from './diagnostics-text'

/** What runs here, how it is, and what went wrong lately; as a report without anything private. */
export function AboutSettings() {
  const { orpc, queries, toasts } = useServices()
  const diagnostics = useQuery(orpc.system.diagnostics.queryOptions({ input: {}, staleTime: 0 }))
  const file = useQuery(queries.settingsFile())
  const copy = (data: Diagnostics): void => {
    navigator.clipboard.writeText(diagnosticsText(data, navigator.userAgent))
      .then(() => toasts.info('The report is copied. It has no names, paths, messages or keys in it.'), () => toasts.error('The report could not be copied. Select the text below instead.'))
  }
  if (diagnostics.isPending) return <Skeleton rows={6} label="Looking at Trestle" />
  if (diagnostics.data === undefined) return <ErrorNote error={diagnostics.error} onRetry={() => void diagnostics.refetch()} />
  const { data } = diagnostics
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-48 flex-1"><span className="font-semibold">Trestle {data.version}</span> <span className="text-muted">{data.host === 'electron' ? 'on the desktop' : 'in the browser'}, {data.platform}, since {formatTime(data.startedAt)}</span></p>
        <Button onClick={() => copy(data)}><Copy aria-hidden className="size-4" />Copy the report</Button>
      </div>
      {file.data !== undefined && <p className="text-xs text-muted">Settings file: <span className="font-mono break-all">{file.data.path}</span></p>}
      <section aria-label="Health">
        <h3 className="mb-1 font-semibold">Health</h3>
        <ul>
          {data.checks.map(({ name, ok, note }) => (
            <li key={name} className="flex items-center gap-2 border-b border-line/60 py-1">
              {ok ? <CircleCheck aria-hidden className="size-4 text-success" /> : <CircleAlert aria-hidden className="size-4 text-warning" />}
              <span className="w-28 font-medium">{name}</span>
              <span className="text-muted">{note}</span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Last errors">
        <h3 className="mb-1 font-semibold">Last warnings and errors</h3>
        {data.recentErrors.length === 0 && <p className="text-muted">None since the start.</p>}
        <ul className="max-h-48 overflow-y-auto font-mono text-xs">
          {data.recentErrors.toReversed().map((error, index) => <li key={`${error.at} ${index}`}>{formatTime(error.at)} {error.level} {error.event}{error.error !== null && ` (${error.error})`}</li>)}
        </ul>
      </section>
      <section aria-label="Report">
        <h3 className="mb-1 font-semibold">The report</h3>
        <pre tabIndex={0} className="max-h-64 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap select-all">{diagnosticsText(data, navigator.userAgent)}</pre>
      </section>
    </div>
  )
}
