import { Copy, GitFork, Pencil, RotateCcw } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Entry, PayloadOf } from '#contract/entries'
import type { Step } from '#contract/runs'
import { Button, IconButton } from '../../components/button'
import { Markdown } from '../../components/markdown/markdown'
import { formatTime } from '../../lib/format'
import { useLiveText, useServices } from '../../lib/services'
import { thinkingText } from './conversation'

export interface MessageActions {
  /** Goes on from this entry on a new branch. */
  readonly onContinueFrom: (entryId: string) => void
  /** Goes on from before this message, with its text in the composer. */
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
  const [whole, setWhole] = useState(false)
  const isCut = !whole && payload.text.length > longMessageChars
  return (
    <article aria-label="You" className="group/message flex flex-col items-end">
      <div dir="auto" className="w-fit max-w-[88%] rounded-lg bg-accent-soft px-3.5 py-2 text-base break-words whitespace-pre-wrap">
        {isCut ? `${payload.text.slice(0, longMessageChars)}…` : payload.text}
        {isCut && <div><Button small tone="quiet" aria-expanded={false} onClick={() => setWhole(true)}>Show all {payload.text.length.toLocaleString()} characters</Button></div>}
      </div>
      <div className="flex w-full flex-wrap-reverse items-center justify-end gap-x-2">
        <ActionBar at={entry.at}>
          <CopyButton text={payload.text} />
          <IconButton label="Edit and continue" icon={<Pencil />} disabled={actions.busy} onClick={() => actions.onEdit(entry, payload.text)} />
          <IconButton label="Continue from here" icon={<GitFork />} disabled={actions.busy} onClick={() => actions.onContinueFrom(entry.id)} />
        </ActionBar>
        {turnActions}
      </div>
    </article>
  )
}

const finishWords: Readonly<Partial<Record<PayloadOf<'assistant_message'>['finishReason'], string>>> = {
  length: 'Cut off: the model reached its longest answer.',
  content_filter: 'Cut off by the provider’s content filter.',
  cut: 'Cut off: the connection to the model broke. What arrived is kept.',
  aborted: 'Stopped while it was written.',
}

export function AssistantMessage({ entry, payload, retryRunId, actions }: {
  readonly entry: Entry
  readonly payload: PayloadOf<'assistant_message'>
  readonly retryRunId: string | null
  readonly actions: MessageActions
}) {
  const note = finishWords[payload.finishReason]
  return (
    <article aria-label="Agent" className="group/message">
      {payload.thinking.length > 0 && <ThinkingBlock text={thinkingText(payload.thinking)} />}
      {payload.text !== '' && <Markdown text={payload.text} />}
      {payload.text === '' && payload.toolCalls.length === 0 && <p className="text-muted italic">The model answered with nothing.</p>}
      {note !== undefined && <p className="mt-1 text-xs text-warning">{note}</p>}
      {payload.text !== '' && payload.toolCalls.length === 0 && (
        <ActionBar at={entry.at} model={payload.model}>
          <CopyButton text={payload.text} />
          <IconButton label="Continue from here" icon={<GitFork />} disabled={actions.busy} onClick={() => actions.onContinueFrom(entry.id)} />
          {retryRunId !== null && <IconButton label="Retry" icon={<RotateCcw />} disabled={actions.busy} onClick={() => actions.onRetry(retryRunId)} />}
        </ActionBar>
      )}
    </article>
  )
}

/** The reply that is being written. Announced once it is whole, not token by token. */
export function LiveMessage({ step }: { readonly step: Step }) {
  const text = useLiveText(step.id, 'text').text
  const thinking = useLiveText(step.id, 'thinking').text
  return (
    <article aria-label="Agent" aria-busy="true">
      {thinking !== '' && <ThinkingBlock text={thinking} active={text === ''} />}
      {text !== '' && <Markdown text={text} streaming />}
      {text === '' && thinking === '' && <p className="pulse text-muted">Waiting for {step.name}…</p>}
    </article>
  )
}

export function PartialMessage({ text }: { readonly text: string }) {
  return (
    <article aria-label="Agent, cut off">
      <Markdown text={text} />
      <p className="mt-1 text-xs text-warning">Cut off when Trestle stopped. What had arrived is kept.</p>
    </article>
  )
}

function ThinkingBlock({ text, active = false }: { readonly text: string; readonly active?: boolean }) {
  return (
    <details className="mb-2 text-xs text-muted">
      <summary className={active ? 'pulse w-fit' : 'w-fit'}>{active ? 'Thinking…' : 'Thinking'}</summary>
      <div className="mt-1 max-h-80 overflow-y-auto border-s-2 border-line ps-3 break-words whitespace-pre-wrap" tabIndex={0} role="group" aria-label="Thinking">{text}</div>
    </details>
  )
}

function ActionBar({ at, model, children }: { readonly at: number; readonly model?: string; readonly children: ReactNode }) {
  return (
    <div className="mt-0.5 flex h-7 items-center gap-0.5 opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100">
      {children}
      <span className="ms-1 text-xs text-muted">{formatTime(at)}{model !== undefined && ` · ${model}`}</span>
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
