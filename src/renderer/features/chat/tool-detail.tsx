import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ToolDetails } from '#contract/entries'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { OutputView } from '../../components/output/output-view'
import { RememberedItems } from '../../components/memory/remembered-items'
import { RulesDiff } from '../../components/rules-diff'
import { useCopy } from '../../components/use-copy'
import { assertNever } from '../../lib/assert-never'
import { formatBytes } from '../../lib/format'
import { useLiveText, useServices } from '../../lib/services'
import type { ToolRowModel } from './conversation'
import { EditDiff } from './edit-diff'
import { LeaveOut } from './leave-out'
import { LongText } from './long-text'
import { ScriptCalls } from './script-calls'
import type { MessageActions } from './messages'
import { describeArguments, plainOutput } from './tool-summary'

const maxShownChars = 20_000
const shownByDiff = ['path', 'content', 'old_text', 'new_text']

/** What an opened tool row shows: all arguments, what it did, what the model read. */
export function ToolDetail({ row, actions }: { readonly row: ToolRowModel; readonly actions: Pick<MessageActions, 'sessionId' | 'isIdle'> }) {
  const { result } = row
  const isDiff = result?.details?.kind === 'diff'
  const isCommand = result?.details?.kind === 'command'
  const coloured = result?.details?.kind === 'command' ? result.details.output : undefined
  return (
    <div className="flex flex-col gap-2.5 border-t border-line px-3 py-2.5 text-xs">
      {row.approval?.message !== undefined && row.approval.message !== '' && <Labelled label="Your word back" text={row.approval.message} />}
      {describeArguments(row.call)
        .filter((item) => !isDiff || !shownByDiff.includes(item.name))
        .map((item) => <Labelled key={item.name} label={item.name} text={item.text} />)}
      {row.step !== null && <LiveSoFar stepId={row.step.id} />}
      {result?.details !== undefined && <Details id={row.key} details={result.details} />}
      {result !== null && (isCommand ? <Output label="Result" text={coloured ?? result.content} /> : <Labelled label="Result" text={plainOutput(result.content)} />)}
      {result?.artifactId !== undefined && <WholeOutput id={result.artifactId} totalBytes={result.totalBytes ?? null} />}
      {row.resultEntryId !== null && !row.isLeftOut && <LeaveOut sessionId={actions.sessionId} entryId={row.resultEntryId} isIdle={actions.isIdle} />}
    </div>
  )
}

function Labelled({ label, text }: { readonly label: string; readonly text: string }) {
  const [whole, setWhole] = useState(false)
  const { words, copy } = useCopy()
  const isCut = !whole && text.length > maxShownChars
  return (
    <div className="group/labelled">
      <div className="mb-0.5 flex min-h-7 items-center justify-between gap-2">
        <p className="font-medium text-muted">{label}</p>
        {text !== '' && <Button small tone="quiet" className="opacity-0 group-focus-within/labelled:opacity-100 group-hover/labelled:opacity-100 pointer-coarse:opacity-100" aria-label={`Copy ${label}`} onClick={() => copy(text)}>{words('Copy')}</Button>}
      </div>
      {text === ''
        ? <p className="rounded-md bg-sunken px-2.5 py-1.5 font-mono text-muted">(empty)</p>
        : <LongText text={isCut ? text.slice(0, maxShownChars) : text} label={label} className="max-h-80 rounded-md bg-sunken px-2.5 py-1.5 font-mono" />}
      {isCut && <Button small tone="quiet" aria-expanded={false} onClick={() => setWhole(true)}>Show all {text.length.toLocaleString('en')} characters</Button>}
    </div>
  )
}

function Output({ label, text, following = false }: { readonly label: string; readonly text: string; readonly following?: boolean }) {
  return (
    <div>
      <p className="mb-0.5 font-medium text-muted">{label}</p>
      <OutputView text={text} label={label} following={following} />
    </div>
  )
}

function LiveSoFar({ stepId }: { readonly stepId: string }) {
  const { text } = useLiveText(stepId, 'output')
  return text === '' ? null : <Output label="Output so far" text={text} following />
}

function Details({ id, details }: { readonly id: string; readonly details: ToolDetails }) {
  switch (details.kind) {
    case 'diff': return <EditDiff id={id} path={details.path} before={details.before} after={details.after} created={details.created} />
    case 'command':
      return <p className="text-muted">{details.signal !== null ? `Ended by ${details.signal}` : `Exit code ${details.exitCode ?? 'unknown'}`}</p>
    case 'file':
      return (
        <p className="text-muted">
          {details.path}
          {details.lines !== undefined && `, ${details.lines} lines`}
          {details.bytes !== undefined && `, ${formatBytes(details.bytes)}`}
        </p>
      )
    case 'move': return <p className="text-muted">Moved {details.from} to {details.to}</p>
    case 'bin': return <Binned path={details.path} binId={details.binId} />
    case 'matches': return <p className="text-muted">{details.count} {details.count === 1 ? 'match' : 'matches'}{details.truncated && ', more exist'}</p>
    case 'agent': return <p className="text-muted">By the agent “{details.title}” ({details.template}). Its conversation is under Run, in the tree of agents.</p>
    case 'tasks': return <p className="text-muted">{details.taskIds.length} {details.taskIds.length === 1 ? 'task' : 'tasks'} on the board</p>
    case 'memory': return <RememberedItems items={details.itemIds.map((id) => ({ id }))} />
    case 'script': return <ScriptCalls calls={details.calls} />
    case 'rules': return <RulesDiff diff={details.diff} warnings={details.warnings} />
    // Only of questions.
    case 'secrets': return null
    default: return assertNever(details)
  }
}

function Binned({ path, binId }: { readonly path: string; readonly binId: string }) {
  const { orpc, toasts } = useServices()
  const restore = useMutation(orpc.workspaces.restoreFromBin.mutationOptions({ onSuccess: () => toasts.info(`${path} was put back.`) }))
  return (
    <div className="flex items-center gap-2">
      <p className="text-muted">{path} is in the bin of this workspace.</p>
      <Button small disabled={restore.isPending || restore.isSuccess} onClick={() => restore.mutate({ id: binId })}>Put back</Button>
    </div>
  )
}

type Loaded = { readonly text: string; readonly next: number | null }

/** The stored whole of an output that was cut, page by page. */
function WholeOutput({ id, totalBytes }: { readonly id: string; readonly totalBytes: number | null }) {
  const { client } = useServices()
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const load = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const page = await client.artifacts.read({ id, offset: loaded?.next ?? 0 })
      setLoaded({ text: (loaded?.text ?? '') + page.text, next: page.nextOffset })
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const size = totalBytes === null ? '' : ` (${formatBytes(totalBytes)})`
  return (
    <div className="flex flex-col items-start gap-1.5">
      {loaded !== null && <div className="w-full"><OutputView text={loaded.text} label="Whole output" tall /></div>}
      {error !== null && <ErrorNote error={error} className="w-full" />}
      {(loaded === null || loaded.next !== null) && (
        <Button small aria-expanded={false} disabled={busy} onClick={() => void load()}>{loaded === null ? `Show whole output${size}` : 'Show more'}</Button>
      )}
    </div>
  )
}
