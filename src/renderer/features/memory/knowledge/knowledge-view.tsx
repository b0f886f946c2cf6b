import { useMutation } from '@tanstack/react-query'
import { List, Plus, Waypoints, X } from 'lucide-react'
import { useState } from 'react'
import type { MemoryFilter } from '#contract/memory'
import { Button, IconButton } from '../../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../../components/feedback'
import { inputStyle } from '../../../components/field'
import { classNames } from '../../../lib/class-names'
import { useServices } from '../../../lib/services'
import type { MemoryPlaces } from '../places'
import { AddStatement } from './add-statement'
import { EntityList } from './entity-list'
import { EntityPanel } from './entity-panel'
import { KnowledgeGraph } from './knowledge-graph'
import { type KnowledgeLook, useKnowledge, useKnowledgeTypes } from './use-knowledge'

const atFirst: KnowledgeLook = { as: 'graph', type: '', around: null }
const depths = [1, 2, 3, 4]

/** What the items say of things: drawn, or as a list; one of them beside it with all that is known of it. */
export function KnowledgeView({ q, filter, at, openId, onOpen, places }: {
  readonly q: string
  readonly filter: MemoryFilter
  /** The moment that is looked at; null: now. What was can be read, not added to. */
  readonly at: number | null
  readonly openId: string | null
  readonly onOpen: (id: string | null) => void
  readonly places: MemoryPlaces
}) {
  const [look, setLook] = useState(atFirst)
  const [chosen, setChosen] = useState<string | null>(null)
  const [adding, setAdding] = useState(false)
  const found = useKnowledge(look, q, filter, at)
  const types = useKnowledgeTypes(filter, at)
  const { entities = [], relations = [], more = false } = found.data ?? {}
  const shared = { entities, relations, chosenId: chosen, onChoose: setChosen }
  const isNarrowed = q !== '' || look.type !== '' || Object.keys(filter).length > 0
  const { around } = look
  return (
    <div className="flex min-h-0 flex-1">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex flex-wrap items-center gap-2 px-3 py-1.5">
          <select aria-label="Type" className={classNames(inputStyle, 'w-auto max-w-48')} value={look.type} onChange={(event) => setLook({ ...look, type: event.target.value, around: null })}>
            <option value="">Every type</option>
            {types.data?.entities.map(({ type, count }) => <option key={type} value={type}>{type} ({count})</option>)}
          </select>
          {around !== null && (
            <p className="flex min-w-0 items-center gap-1 rounded-md bg-accent-soft ps-2 text-xs">
              <span className="truncate">Near {around.name}</span>
              <select aria-label="How far" className="h-6 bg-transparent text-xs" value={around.depth} onChange={(event) => setLook({ ...look, around: { ...around, depth: Number(event.target.value) } })}>
                {depths.map((depth) => <option key={depth} value={depth}>{depth === 1 ? '1 step' : `${depth} steps`}</option>)}
              </select>
              <IconButton label="Show everything again" icon={<X />} onClick={() => setLook({ ...look, around: null })} />
            </p>
          )}
          <p role="status" className="min-w-0 flex-1 truncate text-xs text-muted">{found.data !== undefined && sumOf(entities.length, relations.length, more)}</p>
          {at === null && <Button small onClick={() => setAdding(true)}><Plus aria-hidden className="size-3.5" />Add a fact</Button>}
          <IconButton label="As a graph" icon={<Waypoints />} pressed={look.as === 'graph'} onClick={() => setLook({ ...look, as: 'graph' })} />
          <IconButton label="As a list" icon={<List />} pressed={look.as === 'list'} onClick={() => setLook({ ...look, as: 'list' })} />
        </div>
        {found.isPending && <Skeleton rows={6} label="Loading what is known" className="p-4" />}
        {found.error !== null && <ErrorNote error={found.error} onRetry={() => void found.refetch()} className="m-3" />}
        {found.data !== undefined && entities.length === 0 && <Nothing isNarrowed={isNarrowed || around !== null} isPast={at !== null} />}
        {entities.length > 0 && (look.as === 'graph' ? <KnowledgeGraph {...shared} /> : <EntityList {...shared} />)}
      </div>
      {chosen !== null && openId === null && (
        <EntityPanel key={chosen} id={chosen} filter={filter} at={at} onClose={() => setChosen(null)} onChoose={setChosen} onOpenItem={onOpen} onNear={(entity) => setLook({ ...look, around: { ...entity, depth: 1 } })} />
      )}
      {adding && at === null && <AddStatement places={places} about={entities.find(({ id }) => id === chosen) ?? null} onClose={() => setAdding(false)} />}
    </div>
  )
}

function sumOf(entities: number, relations: number, more: boolean): string {
  const parts = [`${entities.toLocaleString()}${more ? ' of more' : ''} ${entities === 1 ? 'thing' : 'things'}`, `${relations.toLocaleString()} ${relations === 1 ? 'relation' : 'relations'}`]
  return entities === 0 ? '' : parts.join(' · ')
}

function Nothing({ isNarrowed, isPast }: { readonly isNarrowed: boolean; readonly isPast: boolean }) {
  const { orpc, toasts } = useServices()
  const read = useMutation(orpc.knowledge.read.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: ({ looked, read: count }) => toasts.info(`Looked at ${looked.toLocaleString()} ${looked === 1 ? 'item' : 'items'}; ${count.toLocaleString()} of them ${count === 1 ? 'says' : 'say'} something of things.`),
  }))
  if (isNarrowed) return <EmptyState icon={<Waypoints />} title="Nothing fits"><p>Try other words, or clear the filters.</p></EmptyState>
  if (isPast) return <EmptyState icon={<Waypoints />} title="Nothing was known of things then"><p>Go on to a later moment.</p></EmptyState>
  return (
    <EmptyState icon={<Waypoints />} title="Nothing is known of things yet">
      <p className="max-w-md">People, services, places and how they relate: agents note them, sentences such as “The harbour server runs on Debian.” are understood, and you can add facts yourself.</p>
      <Button className="mt-2" disabled={read.isPending} onClick={() => read.mutate({})}>{read.isPending ? 'Reading…' : 'Read it out of what is remembered'}</Button>
      {read.error !== null && <ErrorNote error={read.error} className="mt-2" />}
    </EmptyState>
  )
}
