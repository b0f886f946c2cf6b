import { useQuery } from '@tanstack/react-query'
import type { ContextPart } from '#contract/sessions'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { formatTokens } from '../../lib/format'
import { useServices } from '../../lib/services'

const kindWords: Readonly<Record<ContextPart['kind'], string>> = {
  system: 'Instructions',
  tools: 'Tools',
  summary: 'Summary',
  user: 'You',
  assistant: 'Agent',
  tool_result: 'Tool result',
  discarded: 'No longer sent',
}

const maxParts = 300

/** What the model is sent, part by part. */
export function ContextTab({ sessionId }: { readonly sessionId: string }) {
  const { queries } = useServices()
  const context = useQuery(queries.context(sessionId))
  if (context.isPending) return <Skeleton rows={6} label="Loading the context" />
  if (context.error !== null) return <ErrorNote error={context.error} onRetry={() => void context.refetch()} />
  const { parts, totalTokens, contextWindow, estimated } = context.data
  if (parts.length === 0) return <p className="py-6 text-center text-muted">After the first message, this shows what the model is sent.</p>
  const largest = Math.max(1, ...parts.map((part) => part.tokens))
  return (
    <div className="flex flex-col gap-2">
      <p className="text-muted">
        <span className="font-medium text-ink">{formatTokens(totalTokens)} tokens</span>
        {contextWindow !== null && ` of ${formatTokens(contextWindow)}`}{estimated && ', estimated'}
      </p>
      {parts.length > maxParts && <p className="text-xs text-muted">The newest {maxParts} of {parts.length} parts.</p>}
      <ol className="flex flex-col gap-1">
        {parts.slice(-maxParts).map((part, index) => (
          <li key={`${part.entryId ?? part.kind} ${index}`}>
            <details className="rounded-md border border-line bg-surface">
              <summary className="flex flex-wrap items-baseline gap-x-2 px-2 py-1">
                <span className="shrink-0 text-xs text-muted">{kindWords[part.kind]}</span>
                <span className="min-w-0 flex-1 truncate">{part.label}</span>
                <span className="shrink-0 text-xs tabular-nums">{formatTokens(part.tokens)}</span>
                <svg aria-hidden className="mt-1 h-1 w-full" preserveAspectRatio="none" viewBox={`0 0 ${largest} 1`}>
                  <rect width={part.tokens} height="1" className={part.kind === 'discarded' ? 'fill-line-strong' : 'fill-accent'} />
                </svg>
              </summary>
              <pre className="max-h-72 overflow-auto border-t border-line px-2 py-1.5 font-mono text-xs break-words whitespace-pre-wrap">{part.excerpt}</pre>
            </details>
          </li>
        ))}
      </ol>
    </div>
  )
}
