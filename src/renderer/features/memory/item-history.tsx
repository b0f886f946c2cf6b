import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import type { MemoryItem, MemoryRevision } from '#contract/memory'
import { sayStatement } from '#contract/statement-words'
import { StatementsSchema } from '#contract/statements'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { Section } from '../../components/section'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'

const actionWords: Readonly<Record<MemoryRevision['action'], string>> = {
  created: 'Noted', changed: 'Changed', learnt_again: 'Learnt again', merged: 'Merged', split: 'Split', forgotten: 'Forgotten', restored: 'Remembered again', undone: 'Taken back', reviewed: 'Reviewed',
}
const byWords: Readonly<Record<MemoryRevision['by'], string>> = { person: 'you', agent: 'an agent', script: 'a script', import: 'an import', system: 'Trestle' }
const firstCursor: string | undefined = undefined

/** Every change of an item with its cause, before and after, and the way back. */
export function ItemHistory({ item: { id, revision } }: { readonly item: MemoryItem }) {
  const { orpc } = useServices()
  const history = useInfiniteQuery(orpc.memory.history.infiniteOptions({
    input: (cursor: string | undefined) => ({ id, limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
    initialPageParam: firstCursor,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  }))
  const revert = useMutation(orpc.memory.revert.mutationOptions({ meta: { shownInPlace: true } }))
  return (
    <Section title="History">
      {history.isPending && <Skeleton rows={2} label="Loading the history" />}
      {history.error !== null && <ErrorNote error={history.error} onRetry={() => void history.refetch()} />}
      {revert.error !== null && <ErrorNote error={revert.error} className="mb-1" />}
      <ol aria-label="Changes, newest first" className="flex flex-col gap-1">
        {history.data?.pages.flatMap(({ items }) => items).map((change) => (
          <li key={change.revision} className="rounded-md border border-line px-2 py-1 text-xs">
            <div className="flex items-center gap-2">
              <p className="min-w-0 flex-1"><span className="font-medium">{actionWords[change.action]}</span> <span className="text-muted">by {byWords[change.by]} · {formatTime(change.at)}</span></p>
              {change.revision !== revision && <Button small disabled={revert.isPending} onClick={() => revert.mutate({ id, revision: change.revision })}>Back to this<span className="sr-only"> (revision {change.revision})</span></Button>}
            </div>
            {change.cause !== '' && <p className="break-words text-muted">{change.cause}</p>}
            <ChangedFields changes={change.changes} />
          </li>
        ))}
      </ol>
      {history.hasNextPage && <Button small className="mt-1" disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>Older changes</Button>}
    </Section>
  )
}

const fieldWords: Readonly<Record<string, string>> = { text: 'Text', title: 'Title', tags: 'Tags', scope: 'Counts', workspaceId: 'Folder', sessionId: 'Session', importance: 'Importance', sensitivity: 'Sensitivity', trust: 'From', expiresAt: 'Expires', pinned: 'Pinned', archived: 'Archived', forgottenAt: 'Forgotten', kind: 'Kind', solution: 'Solution', statements: 'Says of things' }

/** Fields with what they were and what they became. */
export function ChangedFields({ changes }: { readonly changes: readonly { readonly name: string; readonly before: unknown; readonly after: unknown }[] }) {
  return (
    <ul className="mt-0.5 flex flex-col gap-0.5">
      {changes.map(({ name, before, after }) => (
        <li key={name} className="overflow-hidden rounded-sm">
          <span className="text-muted">{fieldWords[name] ?? name}</span>
          <p className="bg-danger-soft px-1 break-words whitespace-pre-wrap"><span className="sr-only">Before: </span><span aria-hidden>− </span>{shown(name, before)}</p>
          <p className="bg-success-soft px-1 break-words whitespace-pre-wrap"><span className="sr-only">After: </span><span aria-hidden>+ </span>{shown(name, after)}</p>
        </li>
      ))}
    </ul>
  )
}

function shown(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing'
  if (typeof value === 'number' && name.endsWith('At')) return formatTime(value)
  const statements = name === 'statements' ? StatementsSchema.safeParse(value).data : undefined
  if (statements) return statements.length === 0 ? 'nothing' : statements.map(sayStatement).join('\n')
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(String).join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1)
}
