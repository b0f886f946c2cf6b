import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { ListChecks } from 'lucide-react'
import { useState } from 'react'
import type { MemoryItem, MemoryReview } from '#contract/memory'
import { Button } from '../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { kindWords } from '../../components/memory/words'
import { classNames } from '../../lib/class-names'
import { formatAge, shorten } from '../../lib/format'
import { useNow } from '../../lib/hooks'
import { useServices } from '../../lib/services'
import { type MemoryPlaces, placeName } from './places'

const kindTitles: Readonly<Record<MemoryReview['kind'], string>> = { proposed: 'Proposed', duplicate: 'Said twice', contradiction: 'Contradiction', stale: 'Out of date?' }
const firstCursor: string | undefined = undefined

/** What waits for a decision, each with what is and what would be. */
export function ReviewQueue({ places, onOpen }: { readonly places: MemoryPlaces; readonly onOpen: (id: string) => void }) {
  const { orpc } = useServices()
  const client = useQueryClient()
  const now = useNow(60_000)
  const reviews = useInfiniteQuery(orpc.memory.reviews.infiniteOptions({
    input: (cursor: string | undefined) => ({ state: 'open' as const, limit: 50, ...(cursor === undefined ? {} : { cursor }) }),
    initialPageParam: firstCursor,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  }))
  const reload = () => client.invalidateQueries({ queryKey: orpc.memory.key() })
  const look = useMutation(orpc.memory.consolidate.mutationOptions({ meta: { shownInPlace: true }, onSuccess: reload }))
  const items = reviews.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-3">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 text-xs text-muted">What agents proposed, and what was found in the memory that is said twice, contradicts itself or may be out of date.</p>
        <p role="status" className="text-xs">{look.data !== undefined && `Looked at ${look.data.looked.toLocaleString()}, found ${look.data.found.toLocaleString()}.`}</p>
        <Button small disabled={look.isPending} onClick={() => look.mutate({})}>{look.isPending ? 'Looking…' : 'Look now'}</Button>
      </div>
      {look.error !== null && <ErrorNote error={look.error} className="mb-2" />}
      {reviews.isPending && <Skeleton rows={4} label="Loading what waits" />}
      {reviews.error !== null && <ErrorNote error={reviews.error} onRetry={() => void reviews.refetch()} />}
      {reviews.isSuccess && items.length === 0 && <EmptyState icon={<ListChecks />} title="Nothing waits for you"><p>What is to be reviewed before it counts is set in Settings, Memory.</p></EmptyState>}
      <ul aria-label="To review" className="flex max-w-3xl flex-col gap-2">
        {items.map((review) => <li key={review.id}><ReviewCard review={review} places={places} age={formatAge(review.at, now)} onOpen={onOpen} onDecided={reload} /></li>)}
      </ul>
      {reviews.hasNextPage && <Button className="mt-2" disabled={reviews.isFetchingNextPage} onClick={() => void reviews.fetchNextPage()}>More</Button>}
    </div>
  )
}

function ReviewCard({ review, places, age, onOpen, onDecided }: { readonly review: MemoryReview; readonly places: MemoryPlaces; readonly age: string; readonly onOpen: (id: string) => void; readonly onDecided: () => unknown }) {
  const { orpc } = useServices()
  const { proposal, items } = review
  const proposed = textOf(review)
  const [text, setText] = useState(proposed ?? '')
  const decide = useMutation(orpc.memory.decide.mutationOptions({ meta: { shownInPlace: true }, onSuccess: onDecided }))
  const busy = decide.isPending || decide.isSuccess
  const name = shorten(proposed ?? items[0]?.text ?? '', 40)
  const { sessionId, entryId } = review.source
  const isUntrusted = proposal.action === 'create' && proposal.draft.trust === 'untrusted'
  return (
    <div role="group" aria-label={`${kindTitles[review.kind]}: ${name}`} className={classNames('rounded-md border p-3', isUntrusted ? 'border-warning/60' : 'border-line')}>
      <div className="flex flex-wrap items-baseline gap-x-2 text-xs">
        <h2 className="text-sm font-semibold">{kindTitles[review.kind]}</h2>
        <span className="text-muted">{age}</span>
        {sessionId !== null && <button type="button" className="max-w-60 truncate text-accent hover:underline" onClick={() => places.onOpenSession(sessionId, entryId)}>{places.sessionTitle(sessionId)}</button>}
      </div>
      <p className="mt-0.5 text-xs text-muted">{review.reason}</p>
      <div className="mt-2 grid gap-2 sm:grid-cols-2">
        <div>
          <p className="text-xs text-muted">Before</p>
          {items.length === 0 ? <p className="text-xs text-muted italic">Nothing</p> : items.map((item) => <Current key={item.id} item={item} where={placeName(item, places)} onOpen={onOpen} />)}
        </div>
        <div>
          <p className="text-xs text-muted">After{proposal.action === 'create' && `: ${kindWords[proposal.draft.kind]}, ${placeName({ scope: proposal.draft.scope, workspaceId: proposal.draft.workspaceId, sessionId: proposal.draft.sessionId }, places)}`}</p>
          {proposed === null
            ? <p className="text-xs">{proposal.action === 'forget' ? 'Forgotten' : 'Changed'}</p>
            : <textarea aria-label="What is remembered then" value={text} rows={Math.min(8, Math.max(2, Math.ceil(text.length / 50)))} maxLength={20_000} className={classNames(inputStyle, 'h-auto py-1.5 text-xs')} onChange={(event) => setText(event.target.value)} />}
        </div>
      </div>
      <div className="mt-2 flex gap-1.5">
        <Button small tone="primary" disabled={busy || (proposed !== null && text.trim() === '')} onClick={() => decide.mutate({ id: review.id, accept: true, ...(proposed !== null && text.trim() !== proposed && { text: text.trim() }) })}>Accept<span className="sr-only">: {name}</span></Button>
        <Button small disabled={busy} onClick={() => decide.mutate({ id: review.id, accept: false })}>Reject<span className="sr-only">: {name}</span></Button>
      </div>
      {decide.error !== null && <ErrorNote error={decide.error} className="mt-2" />}
    </div>
  )
}

function Current({ item, where, onOpen }: { readonly item: MemoryItem; readonly where: string; readonly onOpen: (id: string) => void }) {
  return (
    <button type="button" className="mb-1 block w-full rounded-md bg-sunken px-2 py-1 text-start text-xs break-words hover:bg-hover" onClick={() => onOpen(item.id)}>
      {shorten(item.text, 400)} <span className="text-muted">({where})</span>
    </button>
  )
}

/** The words that would be remembered; null where nothing is worded. */
function textOf({ proposal }: MemoryReview): string | null {
  switch (proposal.action) {
    case 'create': return proposal.draft.text
    case 'merge': return proposal.text
    case 'change': return proposal.patch.text ?? null
    case 'forget': return null
  }
}
