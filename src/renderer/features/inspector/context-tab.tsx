import { useQuery } from '@tanstack/react-query'
import { Brain, FileMinus2, ListChecks, Paperclip, ScrollText } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ContextPart, SessionContext } from '#contract/sessions'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { classNames } from '../../lib/class-names'
import { formatTokens } from '../../lib/format'
import { useServices } from '../../lib/services'
import { Sources } from './sources'

interface Look {
  readonly word: string
  readonly icon?: ReactNode
  readonly frame: string
  readonly label: string
  readonly bar: string
}

const plain = { frame: 'border-line bg-surface', label: '', bar: 'fill-accent' } as const
const looks: Readonly<Record<ContextPart['kind'], Look>> = {
  system: { ...plain, word: 'Instructions' },
  behavior: { ...plain, word: 'Rules', icon: <ListChecks /> },
  tools: { ...plain, word: 'Tools' },
  memory: { ...plain, word: 'Memory', icon: <Brain /> },
  user: { ...plain, word: 'You' },
  attachment: { ...plain, word: 'Attached', icon: <Paperclip />, label: 'font-mono text-xs' },
  assistant: { ...plain, word: 'Agent' },
  tool_result: { ...plain, word: 'Tool result', label: 'font-mono text-xs' },
  summary: { word: 'Summary', icon: <ScrollText />, frame: 'border-accent/40 bg-accent-soft', label: '', bar: 'fill-accent' },
  discarded: { word: 'Left out', icon: <FileMinus2 />, frame: 'border-dashed border-line bg-transparent', label: 'font-mono text-xs text-muted line-through', bar: 'fill-line-strong' },
}

const kinds: readonly ContextPart['kind'][] = ['system', 'behavior', 'tools', 'summary', 'memory', 'user', 'attachment', 'assistant', 'tool_result', 'discarded']
const maxParts = 300

/** What the model is sent, part by part. Opening a part brings its place in the conversation into sight. */
export function ContextTab({ sessionId, onShowEntry }: { readonly sessionId: string; readonly onShowEntry: (entryId: string) => void }) {
  const { queries } = useServices()
  const context = useQuery(queries.context(sessionId))
  if (context.isPending) return <Skeleton rows={6} label="Loading the context" />
  if (context.error !== null) return <ErrorNote error={context.error} onRetry={() => void context.refetch()} />
  const { parts } = context.data
  if (parts.length === 0) return <p className="py-6 text-center text-muted">After the first message, this shows what the model is sent.</p>
  // A call without a result is sent with a stand-in, which belongs to the message that made the call.
  const messages = new Set(parts.filter((part) => part.kind === 'assistant').map((part) => part.entryId))
  const largest = Math.max(1, ...parts.map((part) => part.tokens))
  return (
    <div className="flex flex-col gap-2">
      <p className="text-muted"><Sum context={context.data} /></p>
      <Sources sources={context.data.sources} onShowEntry={onShowEntry} />
      <Kinds parts={parts} />
      {parts.length > maxParts && <p className="text-xs text-muted">The newest {maxParts} of {parts.length} parts.</p>}
      <ol aria-label="Parts, in the order they are sent" className="flex flex-col gap-1">
        {parts.slice(-maxParts).map((part, index) => (
          <li key={`${part.entryId ?? part.kind} ${index}`}><Part part={part} look={lookOf(part, messages)} largest={largest} onShowEntry={onShowEntry} /></li>
        ))}
      </ol>
    </div>
  )
}

function Sum({ context: { totalTokens, contextWindow, estimated } }: { readonly context: SessionContext }) {
  return (
    <>
      <span className="font-medium text-ink">{formatTokens(totalTokens)}</span>
      {contextWindow !== null && ` of ${formatTokens(contextWindow)}`} tokens{estimated && ' (estimated)'}
    </>
  )
}

/** What takes the room, and what was left out or summarised to make some. */
function Kinds({ parts }: { readonly parts: readonly ContextPart[] }) {
  const sums = kinds.flatMap((kind) => {
    const own = parts.filter((part) => part.kind === kind)
    return own.length === 0 ? [] : [{ kind, count: own.length, tokens: own.reduce((sum, part) => sum + part.tokens, 0) }]
  })
  const largest = Math.max(1, ...sums.map(({ tokens }) => tokens))
  const leftOut = sums.find(({ kind }) => kind === 'discarded')?.count ?? 0
  return (
    <section aria-labelledby="context-kinds" className="rounded-md border border-line bg-surface px-2.5 py-2">
      <h2 id="context-kinds" className="mb-1 text-xs font-semibold text-muted">By kind</h2>
      <ul className="flex flex-col gap-1 text-xs">
        {sums.map(({ kind, count, tokens }) => (
          <li key={kind} className="grid grid-cols-[6.5rem_1fr_3rem] items-center gap-2">
            <span className="truncate">{looks[kind].word}{count > 1 && <span className="text-muted"> × {count}</span>}</span>
            <svg aria-hidden className="h-1.5 w-full rounded-xs bg-sunken" preserveAspectRatio="none" viewBox={`0 0 ${largest} 1`}>
              <rect width={tokens} height="1" className={looks[kind].bar} />
            </svg>
            <span className="text-end tabular-nums">{formatTokens(tokens)}</span>
          </li>
        ))}
      </ul>
      {sums.some(({ kind }) => kind === 'summary') && <p className="mt-1.5 text-xs text-muted">What came before the summary is kept in the conversation and not sent.</p>}
      {leftOut > 0 && <p className="mt-1.5 text-xs text-muted">{leftOut === 1 ? '1 tool result was' : `${leftOut} tool results were`} left out to save room; the agent can call the tool again.</p>}
    </section>
  )
}

function lookOf(part: ContextPart, messages: ReadonlySet<string | null>): Look {
  const look = looks[part.kind]
  return part.kind === 'tool_result' && messages.has(part.entryId) ? { ...look, word: 'No result yet', label: 'font-mono text-xs text-muted' } : look
}

function Part({ part, look, largest, onShowEntry }: {
  readonly part: ContextPart
  readonly look: Look
  readonly largest: number
  readonly onShowEntry: (entryId: string) => void
}) {
  const { word, icon, frame, label, bar } = look
  const { entryId } = part
  const words = part.label === word ? '' : part.label
  return (
    <details className={classNames('rounded-md border', frame)}>
      <summary
        title={entryId === null ? undefined : 'Shows it in the conversation'}
        onClick={() => entryId !== null && onShowEntry(entryId)}
        className="flex flex-wrap items-baseline gap-x-2 rounded-md px-2 py-1 hover:bg-hover"
      >
        {icon !== undefined && <span aria-hidden className="self-center text-muted [&_svg]:size-3.5">{icon}</span>}
        <span className="shrink-0 text-xs text-muted">{word}</span>
        <span className={classNames('min-w-0 flex-1 truncate', label)}>{words}</span>
        <span className="shrink-0 text-xs tabular-nums">{formatTokens(part.tokens)}</span>
        <svg aria-hidden className="mt-1 h-1 w-full" preserveAspectRatio="none" viewBox={`0 0 ${largest} 1`}>
          <rect width={part.tokens} height="1" className={bar} />
        </svg>
      </summary>
      <pre className="max-h-72 overflow-auto border-t border-line px-2 py-1.5 font-mono text-xs break-words whitespace-pre-wrap">{part.excerpt}</pre>
    </details>
  )
}
