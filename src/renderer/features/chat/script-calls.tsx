import type { ScriptCall } from '#contract/entries'
import { RememberedItems } from '../../components/memory/remembered-items'
import { classNames } from '../../lib/class-names'
import { formatDuration } from '../../lib/format'
import { toolStateWords } from './tool-summary'

/** What a script did: its calls in order, each with how it ended and what it touched. */
export function ScriptCalls({ calls }: { readonly calls: readonly ScriptCall[] }) {
  if (calls.length === 0) return <p className="text-muted">It made no calls.</p>
  return (
    <div className="flex flex-col gap-1.5">
      <p className="font-medium text-muted">{calls.length} {calls.length === 1 ? 'call' : 'calls'} of the script</p>
      <ol aria-label="Calls of the script" className="flex max-h-80 flex-col gap-1 overflow-auto rounded-md bg-sunken px-2.5 py-1.5" tabIndex={0}>
        {calls.map((call, index) => <li key={index}><Call call={call} /></li>)}
      </ol>
      <RememberedItems items={[...new Set(calls.flatMap(({ tool, memory }) => (tool === 'remember' ? (memory?.itemIds ?? []) : [])))].map((id) => ({ id }))} />
    </div>
  )
}

const styles: Readonly<Record<ScriptCall['outcome'], string>> = { success: 'text-success', error: 'text-danger', denied: 'text-warning', cancelled: 'text-muted', unknown: 'text-warning' }

function Call({ call }: { readonly call: ScriptCall }) {
  return (
    <>
      <p className="flex items-baseline gap-2">
        <span className="font-mono font-medium">{call.function}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-muted" title={call.paths.join(', ')}>{call.paths.join(', ')}</span>
        <span className={classNames('shrink-0', styles[call.outcome])}>{toolStateWords[call.outcome]}</span>
        <span className="w-14 shrink-0 text-end text-muted tabular-nums">{formatDuration(call.durationMs)}</span>
      </p>
      {(call.outcome !== 'success' || call.tool === 'remember') && <p className="break-words text-muted">{call.says}</p>}
    </>
  )
}
