import { useQuery } from '@tanstack/react-query'
import { ChevronRight, Copy, GitFork, Pencil, RotateCcw } from 'lucide-react'
import { type ReactNode, useState, useSyncExternalStore } from 'react'
import type { Entry, PayloadOf } from '#contract/entries'
import type { Step } from '#contract/runs'
import { Button, IconButton } from '../../components/button'
import { MarkdownPart } from '../../components/markdown/markdown'
import type { TextPart } from '../../components/markdown/split'
import { classNames } from '../../lib/class-names'
import { formatCost, formatDuration, formatTime, formatTokens } from '../../lib/format'
import { useLiveText, useServices } from '../../lib/services'
import { MessageAttachments } from './attachments/message-attachments'
import { BranchSwitch } from './branch-switch'
import { thinkingText } from './conversation'
import type { DisplayRow } from './display-rows'
import { EditMessage } from './edit-message'
import type { LiveParts } from './live-parts'
import { LongText } from './long-text'
import { useOpened } from './opened'
import { UsedMemory } from './used-memory'

export interface MessageActions {
  /** Goes on from this entry on a new branch. */
  readonly onContinueFrom: (entryId: string) => void
  /** Sends another text in the place of this message, on a new branch; its attachments go along. */
  readonly onEdit: (entry: Entry, text: string) => void
  readonly onRetry: (runId: string) => void
  readonly busy: boolean
  readonly sessionId: string
  /** No turn works or waits: what the model sees can be changed. */
  readonly isIdle: boolean
}

const longMessageChars = 6_000

export function UserMessage({ entry, payload, actions, turnActions }: {
  readonly entry: Entry
  readonly payload: PayloadOf<'user_message'>
  readonly actions: MessageActions
  /** Of the turn that it began; in sight at all times. */
  readonly turnActions: ReactNode
}) {
  const [whole, setWhole] = useOpened(`whole ${entry.id}`, false)
  const isLong = payload.text.length > longMessageChars
  const [editing, setEditing] = useOpened(`edit ${entry.id}`, false)
  if (editing) {
    return (
      <div className="flex flex-col items-end">
        <EditMessage entry={entry} text={payload.text} busy={actions.busy || !actions.isIdle} onSend={(text) => actions.onEdit(entry, text)} onClose={() => setEditing(false)} />
      </div>
    )
  }
  return (
    <div className="group/message flex flex-col items-end">
      {payload.text !== '' && <div dir="auto" className="w-fit max-w-[88%] rounded-lg bg-accent-soft px-3.5 py-2 text-base break-words whitespace-pre-wrap">
        {isLong && whole
          ? <LongText text={payload.text} label="Your whole message" className="max-h-[70vh]" />
          : isLong ? `${payload.text.slice(0, longMessageChars)}…` : payload.text}
        {isLong && (
          <div>
            <Button small tone="quiet" aria-expanded={whole} onClick={() => setWhole(!whole)}>
              {whole ? 'Show less' : `Show all ${payload.text.length.toLocaleString('en')} characters`}
            </Button>
          </div>
        )}
      </div>}
      {payload.attachments !== undefined && <MessageAttachments attachments={payload.attachments} />}
      <div className="flex w-full flex-wrap-reverse items-center justify-end gap-x-2">
        <ActionBar at={entry.at}>
          <CopyButton text={payload.text} />
          <IconButton label="Edit and continue" icon={<Pencil />} disabled={actions.busy || !actions.isIdle} onClick={() => setEditing(true)} />
          <IconButton label="Continue from here" icon={<GitFork />} disabled={actions.busy} onClick={() => actions.onContinueFrom(entry.id)} />
        </ActionBar>
        <BranchSwitch sessionId={actions.sessionId} entryId={entry.id} />
        {turnActions}
      </div>
    </div>
  )
}

const finishWords: Readonly<Partial<Record<PayloadOf<'assistant_message'>['finishReason'], string>>> = {
  length: 'Cut off: the model reached its longest answer.',
  content_filter: 'Cut off by the provider’s content filter.',
  cut: 'Cut off: the connection to the model broke. What arrived is kept.',
  aborted: 'Stopped while it was written.',
}

type SpokenRow = Extract<DisplayRow, { readonly kind: 'part' }>

/** A part of a reply, whether it is on record or still written; the same element for both, so that it stays in the page when the one becomes the other. */
export function ReplyPart({ shown, actions }: { readonly shown: SpokenRow; readonly actions: MessageActions }) {
  const { row, index, isLast, definitions } = shown
  const growing = useLivePart(shown.live, index)
  const part = shown.part ?? growing
  const isLive = row.kind === 'live'
  const [isLookedAt, setLookedAt] = useState(false)
  return (
    <div className="group/message" onPointerEnter={() => setLookedAt(true)} onFocus={() => setLookedAt(true)}>
      {index === 0 && row.kind === 'assistant' && row.payload.thinking.length > 0 && <ThinkingBlock key="thinking" id={row.entry.stepId ?? row.entry.id} text={thinkingText(row.payload.thinking)} />}
      {index === 0 && isLive && <LiveThinking key="thinking" step={row.step} isAnswering={part !== null && part.text !== ''} />}
      {part !== null && part.text !== '' && <MarkdownPart key="text" part={part} definitions={definitions} open={isLive && isLast} />}
      {row.kind === 'assistant' && row.payload.text === '' && row.payload.toolCalls.length === 0 && <p className="text-muted italic">The model answered with nothing.</p>}
      {isLast && <ReplyEnd row={row} actions={actions} isLookedAt={isLookedAt} />}
    </div>
  )
}

function useLivePart(live: LiveParts | null, index: number): TextPart | null {
  return useSyncExternalStore(live?.subscribe ?? nothingComes, () => live?.parts()[index] ?? null)
}

function nothingComes(): () => void {
  return () => {}
}

function ReplyEnd({ row, actions, isLookedAt }: { readonly row: SpokenRow['row']; readonly actions: MessageActions; readonly isLookedAt: boolean }) {
  if (row.kind === 'live') return null
  if (row.kind === 'partial') return <p className="mt-1 text-xs text-warning">Cut off when Trestle stopped. What had arrived is kept.</p>
  const { entry, payload, retryRunId, memory } = row
  const note = finishWords[payload.finishReason]
  return (
    <>
      {memory !== null && <UsedMemory entryId={entry.id} used={memory} />}
      {note !== undefined && <p className="mt-1 text-xs text-warning">{note}</p>}
      {payload.text !== '' && payload.toolCalls.length === 0 && (
        <ActionBar at={entry.at} facts={<ReplyFacts entry={entry} model={payload.model} wanted={isLookedAt} />}>
          <CopyButton text={payload.text} />
          <IconButton label="Continue from here" icon={<GitFork />} disabled={actions.busy} onClick={() => actions.onContinueFrom(entry.id)} />
          {retryRunId !== null && <IconButton label="Retry" icon={<RotateCcw />} disabled={actions.busy} onClick={() => actions.onRetry(retryRunId)} />}
        </ActionBar>
      )}
    </>
  )
}

/** What a reply took; asked for once somebody looks at it. */
function ReplyFacts({ entry, model, wanted }: { readonly entry: Entry; readonly model: string; readonly wanted: boolean }) {
  const { queries } = useServices()
  const run = useQuery({ ...queries.run(entry.runId ?? ''), enabled: wanted && entry.runId !== null })
  const step = run.data?.steps.find((item) => item.id === entry.stepId)
  return (
    <>
      {` · ${model}`}
      {step !== undefined && step.usage !== null && ` · ${formatTokens(step.usage.totalTokens)} tokens · ${formatCost(step.costUsd)}`}
      {step !== undefined && step.endedAt !== null && ` · ${formatDuration(step.endedAt - step.startedAt)}`}
    </>
  )
}

function LiveThinking({ step, isAnswering }: { readonly step: Step; readonly isAnswering: boolean }) {
  const { text } = useLiveText(step.id, 'thinking')
  if (text !== '') return <ThinkingBlock id={step.id} text={text} active={!isAnswering} />
  return isAnswering ? null : <p className="pulse text-muted">Waiting for {step.name}…</p>
}

function ThinkingBlock({ id, text, active = false }: { readonly id: string; readonly text: string; readonly active?: boolean }) {
  const [open, setOpen] = useOpened(`thinking ${id}`, false)
  return (
    <div className="mb-2 text-xs text-muted">
      <button type="button" aria-expanded={open} className={classNames('flex items-center gap-1 rounded-md py-0.5 hover:text-ink', active && 'pulse')} onClick={() => setOpen(!open)}>
        <ChevronRight aria-hidden className={classNames('size-3.5', open && 'rotate-90')} />{active ? 'Thinking…' : 'Thinking'}
      </button>
      {open && <LongText text={text} label="Thinking" className="mt-1 max-h-80 border-s-2 border-line ps-3" />}
    </div>
  )
}

function ActionBar({ at, facts, children }: { readonly at: number; readonly facts?: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="mt-0.5 flex h-7 items-center gap-0.5 opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100">
      {children}
      <span className="ms-1 text-xs text-muted">{formatTime(at)}{facts}</span>
    </div>
  )
}

function CopyButton({ text }: { readonly text: string }) {
  const { toasts } = useServices()
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      toasts.info('Copied.')
    } catch {
      toasts.error('The browser did not allow copying. Select the text and copy it by hand.')
    }
  }
  return <IconButton label="Copy" icon={<Copy />} onClick={() => void copy()} />
}
