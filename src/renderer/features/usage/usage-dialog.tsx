import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { UsageReport, UsageSum } from '#contract/usage'
import { Dialog } from '../../components/dialog'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { SelectField } from '../../components/field'
import { formatCost, formatTokens } from '../../lib/format'
import { useServices } from '../../lib/services'

const UsageChart = lazy(async () => ({ default: (await import('./usage-chart')).UsageChart }))

const spans = [{ value: '7', label: 'Last 7 days' }, { value: '30', label: 'Last 30 days' }, { value: '90', label: 'Last 90 days' }, { value: '366', label: 'Last year' }]
const scopes = [{ value: 'all', label: 'All sessions' }, { value: 'one', label: 'This session' }]

/** Tokens and cost by day, model, session and kind of agent. The chart says nothing that the tables do not. */
export function UsageDialog({ sessionId, onOpenSession, onClose }: {
  readonly sessionId: string | null
  readonly onOpenSession: (id: string) => void
  readonly onClose: () => void
}) {
  const { orpc } = useServices()
  const [days, setDays] = useState('30')
  const [scope, setScope] = useState('all')
  const [timeZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
  const report = useQuery({
    ...orpc.usage.get.queryOptions({ input: { days: Number(days), timeZone, ...(scope === 'one' && sessionId !== null ? { sessionId } : {}) } }),
    staleTime: 0,
    refetchOnMount: 'always',
    placeholderData: keepPreviousData,
  })
  return (
    <Dialog title="Tokens and cost" wide onClose={onClose}>
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap gap-3">
          <SelectField label="Time" value={days} choices={spans} onChange={setDays} />
          {sessionId !== null && <SelectField label="Sessions" value={scope} choices={scopes} onChange={setScope} />}
        </div>
        {report.error !== null && <ErrorNote error={report.error} onRetry={() => void report.refetch()} />}
        {report.isPending && <Skeleton rows={8} label="Adding up" />}
        {report.data !== undefined && <Report report={report.data} onOpenSession={onOpenSession} />}
      </div>
    </Dialog>
  )
}

function Report({ report, onOpenSession }: { readonly report: UsageReport; readonly onOpenSession: (id: string) => void }) {
  const { total } = report
  if (total.calls === 0) return <p className="py-8 text-center text-muted">No model was called in this time. What agents use is counted here, call by call.</p>
  const used = report.days.filter((day) => day.calls > 0).reverse()
  return (
    <>
      <p className="text-base">
        <strong className="inline-block font-semibold first-letter:uppercase">{costOf(total)}</strong> for {formatTokens(total.usage.totalTokens)} tokens in {total.calls.toLocaleString('en')} {total.calls === 1 ? 'call' : 'calls'}.
        {total.unpriced > 0 && <span className="text-muted"> The price of {total.unpriced.toLocaleString('en')} of them is not known.</span>}
        {total.usage.estimated && <span className="text-muted"> Some numbers are estimates.</span>}
      </p>
      <Suspense fallback={<div className="h-44" />}><UsageChart days={report.days} /></Suspense>
      <SumTable caption="By model" name="Model" rows={report.models.map((row) => ({ key: row.model, label: row.model, sum: row }))} />
      {report.agents.some(({ agent }) => agent !== null) && (
        <SumTable caption="By agent" name="Agent" rows={report.agents.map((row) => ({ key: row.agent ?? '', label: row.agent ?? 'Asked by you', sum: row }))} />
      )}
      <SumTable caption="By session" name="Session" rows={report.sessions.map((row) => ({ key: row.sessionId, label: row.title, sum: row, onOpen: () => onOpenSession(row.sessionId) }))} />
      <SumTable caption="By day" name="Day" rows={used.map((row) => ({ key: row.day, label: row.day, sum: row }))} />
    </>
  )
}

interface SumRow {
  readonly key: string
  readonly label: string
  readonly sum: UsageSum
  readonly onOpen?: () => void
}

function SumTable({ caption, name, rows }: { readonly caption: string; readonly name: string; readonly rows: readonly SumRow[] }) {
  return (
    <div tabIndex={0} role="group" aria-label={caption} className="max-h-72 overflow-auto rounded-md border border-line">
      <table className="w-full text-sm">
        <caption className="px-3 py-1.5 text-start font-semibold">{caption}</caption>
        <thead className="text-start text-xs text-muted">
          <tr>{[name, 'Calls', 'Tokens in', 'from cache', 'Tokens out', 'Cost'].map((title, index) => <th key={title} scope="col" className={index === 0 ? 'px-3 py-1 text-start font-medium' : 'px-3 py-1 text-end font-medium whitespace-nowrap'}>{title}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map(({ key, label, sum, onOpen }) => (
            <tr key={key} className="border-t border-line">
              <th scope="row" className="max-w-64 truncate px-3 py-1 text-start font-normal" title={label}>
                {onOpen === undefined ? label : <button type="button" className="max-w-full truncate text-accent hover:underline" onClick={onOpen}>{label}</button>}
              </th>
              {[sum.calls.toLocaleString('en'), formatTokens(sum.usage.inputTokens), formatTokens(sum.usage.cachedTokens), formatTokens(sum.usage.outputTokens), costOf(sum)].map((text, index) => (
                <td key={index} className="px-3 py-1 text-end whitespace-nowrap tabular-nums">{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function costOf({ usage, costUsd }: UsageSum): string {
  return `${usage.estimated && costUsd !== null ? '≈ ' : ''}${formatCost(costUsd)}`
}
