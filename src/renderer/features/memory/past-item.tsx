import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { MemoryItem } from '#contract/memory'
import { sayStatement } from '#contract/statement-words'
import { Button, IconButton } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { kindWords, trustWords } from '../../components/memory/words'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'
import { type MemoryPlaces, placeName } from './places'

/** One item as it was at a moment, beside what it is now; it can be brought back to that. */
export function PastItem({ id, at, places, onClose, onNow }: { readonly id: string; readonly at: number; readonly places: MemoryPlaces; readonly onClose: () => void; readonly onNow: () => void }) {
  const { orpc, toasts } = useServices()
  const client = useQueryClient()
  const then = useQuery({ ...orpc.memory.get.queryOptions({ input: { id, at } }), retry: false })
  const now = useQuery({ ...orpc.memory.get.queryOptions({ input: { id } }), retry: false })
  const undo = useMutation(orpc.memory.undo.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: orpc.memory.key() })
      toasts.info('Brought back to what it was. Its history has the change.')
      onNow()
    },
  }))
  return (
    <aside aria-label="Item as it was" className="absolute inset-y-0 right-0 z-20 flex w-96 max-w-full flex-col border-l border-line bg-surface lg:static lg:z-auto" onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}>
      <div className="flex items-center justify-between gap-2 border-b border-line px-3 py-1.5">
        <h2 className="truncate text-sm font-semibold">As it was {formatTime(at)}</h2>
        <IconButton label="Close the item" icon={<X />} onClick={onClose} />
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3 text-sm">
        {then.isPending && <Skeleton rows={6} label="Loading the item" />}
        {then.error !== null && <ErrorNote error={then.error} />}
        {then.data !== undefined && <Then item={then.data} places={places} />}
        {then.data !== undefined && now.data !== undefined && <Since then={then.data} now={now.data} places={places} />}
        <div className="flex flex-wrap gap-1.5">
          {then.data !== undefined && now.data !== undefined && changes(then.data, now.data, places).length > 0 && <Button small tone="primary" disabled={undo.isPending} onClick={() => undo.mutate({ to: at, ids: [id] })}>Bring this item back</Button>}
          <Button small onClick={onNow}>Show it as it is now</Button>
        </div>
        {undo.error !== null && <ErrorNote error={undo.error} />}
      </div>
    </aside>
  )
}

function Then({ item, places }: { readonly item: MemoryItem; readonly places: MemoryPlaces }) {
  return (
    <>
      {item.forgottenAt !== null && <p className="rounded-md bg-warning-soft px-2.5 py-1.5 text-xs text-warning">It was forgotten then.</p>}
      {item.title !== '' && <p className="font-medium">{item.title}</p>}
      <p className="break-words whitespace-pre-wrap">{item.text}</p>
      {item.solution !== null && <SolutionText solution={item.solution} />}
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">
        {lines(item, places).map(([name, value]) => <Line key={name} name={name}>{value}</Line>)}
        <Line name="Changed">{formatTime(item.updatedAt)}</Line>
      </dl>
    </>
  )
}

/** What became of it. */
function Since({ then, now, places }: { readonly then: MemoryItem; readonly now: MemoryItem; readonly places: MemoryPlaces }) {
  const changed = changes(then, now, places)
  return (
    <section aria-labelledby="memory-since" className="text-xs">
      <h3 id="memory-since" className="mb-1 font-semibold text-muted">Since then</h3>
      {changed.length === 0 ? <p>Nothing of it has changed.</p> : (
        <ul aria-label="What changed since then" className="flex flex-col gap-1">
          {changed.map(([name, value]) => <li key={name} className="rounded-md border border-line px-2 py-1 break-words"><span className="text-muted">{name}: </span>{value}</li>)}
        </ul>
      )}
    </section>
  )
}

function lines(item: MemoryItem, places: MemoryPlaces): readonly (readonly [string, string])[] {
  return [
    ['Kind', kindWords[item.kind]], ['Counts', placeName(item, places)], ['From', trustWords[item.trust]], ['Tags', item.tags.join(', ') || 'none'], ['Importance', item.importance.toFixed(2)],
    ['Sensitivity', item.sensitivity], ['Expires', item.expiresAt === null ? 'never' : formatTime(item.expiresAt)], ['Pinned', item.pinned ? 'yes' : 'no'], ['Archived', item.archived ? 'yes' : 'no'],
    ['Says', item.statements.map(sayStatement).join('; ') || 'nothing of things'],
  ]
}

/** What is different now, by its name and what it is. */
function changes(then: MemoryItem, now: MemoryItem, places: MemoryPlaces): readonly (readonly [string, string])[] {
  const before = new Map(lines(then, places))
  return [
    ...(then.forgottenAt === null && now.forgottenAt !== null ? [['Forgotten', formatTime(now.forgottenAt)] as const] : []),
    ...(then.forgottenAt !== null && now.forgottenAt === null ? [['Remembered again', 'yes'] as const] : []),
    ...(then.title === now.title ? [] : [['Title', now.title || 'none'] as const]),
    ...(then.text === now.text ? [] : [['Text', now.text] as const]),
    ...(JSON.stringify(then.solution) === JSON.stringify(now.solution) ? [] : [['Solution', 'another one'] as const]),
    ...lines(now, places).filter(([name, value]) => before.get(name) !== value),
  ]
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}

function SolutionText({ solution: { problem, steps, outcome, artifacts } }: { readonly solution: NonNullable<MemoryItem['solution']> }) {
  return (
    <section aria-label="Solution" className="rounded-md border border-line px-2.5 py-2 text-xs break-words">
      <p><span className="text-muted">Problem: </span>{problem}</p>
      {steps.length > 0 && <ol className="my-1 list-decimal ps-5">{steps.map((step, index) => <li key={index}>{step}</li>)}</ol>}
      {outcome !== '' && <p><span className="text-muted">Outcome: </span>{outcome}</p>}
      {artifacts.map(({ path, text }, index) => (
        <div key={index} className="mt-1">
          {path !== undefined && <p className="font-mono">{path}</p>}
          {text !== '' && <pre tabIndex={0} role="group" aria-label={`Code${path === undefined ? '' : ` of ${path}`}`} className="max-h-48 overflow-auto rounded-md bg-sunken px-2 py-1 font-mono whitespace-pre-wrap">{text}</pre>}
        </div>
      ))}
    </section>
  )
}
