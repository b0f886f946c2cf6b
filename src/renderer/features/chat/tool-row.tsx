import { Ban, Check, CircleDashed, CircleHelp, Clock, Hand, LoaderCircle, Minus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Step } from '#contract/runs'
import { OutputView } from '../../components/output/output-view'
import { classNames } from '../../lib/class-names'
import { formatDuration } from '../../lib/format'
import { useNow } from '../../lib/hooks'
import { useLiveText } from '../../lib/services'
import type { ToolRowModel, ToolState } from './conversation'
import type { MessageActions } from './messages'
import { useOpened } from './opened'
import type { MessageSlots } from './slots'
import { ToolDetail } from './tool-detail'
import { summarizeCall, toolStateWords } from './tool-summary'

const looks: Readonly<Record<ToolState, { readonly icon: ReactNode; readonly style: string }>> = {
  success: { icon: <Check />, style: 'text-success' },
  error: { icon: <X />, style: 'text-danger' },
  denied: { icon: <Ban />, style: 'text-warning' },
  cancelled: { icon: <Minus />, style: 'text-muted' },
  unknown: { icon: <CircleHelp />, style: 'text-warning' },
  running: { icon: <LoaderCircle className="animate-spin" />, style: 'text-accent' },
  waiting: { icon: <Hand />, style: 'text-warning' },
  queued: { icon: <Clock />, style: 'text-muted' },
  'not run': { icon: <CircleDashed />, style: 'text-muted' },
}

const decisionWords = {
  once: 'allowed once',
  session: 'allowed for this session',
  always: 'always allowed here',
  reject: 'rejected by you',
} as const

/** What went wrong is shown without being asked for. */
const opensByItself: ReadonlySet<ToolState> = new Set(['error', 'unknown'])

export function ToolRow({ row, actions, slots, onAnswered }: {
  readonly row: ToolRowModel
  readonly actions: Pick<MessageActions, 'sessionId' | 'isIdle'>
  readonly slots: Pick<MessageSlots, 'renderRequest' | 'renderCallActions'>
  readonly onAnswered: () => void
}) {
  const [open, setOpen] = useOpened(row.key, opensByItself.has(row.state))
  const { icon, style } = looks[row.state]
  const summary = summarizeCall(row.call)
  return (
    <div role="group" aria-label={`${row.call.name}: ${toolStateWords[row.state]}`} className="@container rounded-md border border-line bg-surface">
      <div className="flex items-center pe-1">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex min-w-0 flex-1 items-center gap-2 rounded-md px-2.5 py-1.5 text-start text-xs hover:bg-hover"
        >
          <span aria-hidden className={classNames('[&_svg]:size-3.5', style)}>{icon}</span>
          <span className="min-w-0 truncate font-mono font-medium">{row.call.name}</span>
          <span className="min-w-16 flex-1 truncate font-mono text-muted" title={summary}>{summary}</span>
          {row.isLeftOut && <span className="min-w-0 shrink-[3] truncate text-muted">left out of context</span>}
          {row.approval !== null && <span className="hidden shrink-0 text-muted @lg:inline">{decisionWords[row.approval.decision]}</span>}
          <span className={classNames('shrink-0', style)}>{toolStateWords[row.state]}</span>
          <Duration row={row} />
        </button>
        {row.result !== null && row.runId !== null && slots.renderCallActions({ runId: row.runId, callId: row.call.id })}
      </div>
      {row.step !== null && !open && <LiveOutput step={row.step} />}
      {open && <ToolDetail row={row} actions={actions} />}
      {row.request !== null && <div className="border-t border-line p-2.5">{slots.renderRequest(row.request, onAnswered)}</div>}
    </div>
  )
}

function Duration({ row }: { readonly row: ToolRowModel }) {
  const now = useNow(250, row.step !== null)
  const ms = row.result?.durationMs ?? (row.step === null ? null : Math.max(0, now - row.step.startedAt))
  if (ms === null) return null
  return <span className="w-14 shrink-0 text-end text-muted tabular-nums">{formatDuration(ms)}</span>
}

function LiveOutput({ step }: { readonly step: Step }) {
  const { text } = useLiveText(step.id, 'output')
  return text === '' ? null : <div className="border-t border-line p-1"><OutputView text={text} label="Output so far" following /></div>
}
