import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { KnownFact, KnownRelation } from '#contract/knowledge'
import type { MemoryFilter } from '#contract/memory'
import { Button, IconButton } from '../../../components/button'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { Section } from '../../../components/section'
import { errorBodyOf } from '../../../lib/error-message'
import { formatTime } from '../../../lib/format'
import { useKnownEntity } from './use-knowledge'

const trustWords = { person: 'from you', agent: 'noted by an agent', untrusted: 'untrusted: from a file, a page or a tool' } as const

/** One thing: every fact and relation with the items that say it. What is wrong is put right in the item. */
export function EntityPanel({ id, filter, at, onClose, onChoose, onOpenItem, onNear }: {
  readonly id: string
  readonly filter: MemoryFilter
  /** The moment that is looked at; null: now. */
  readonly at: number | null
  readonly onClose: () => void
  readonly onChoose: (id: string) => void
  readonly onOpenItem: (id: string) => void
  readonly onNear: (entity: { readonly id: string; readonly name: string }) => void
}) {
  const known = useKnownEntity(id, filter, at)
  const names = new Map(known.data?.entities.map((entity) => [entity.id, entity.name]))
  const isUnknownThen = at !== null && known.error !== null && errorBodyOf(known.error)?.code === 'RESOURCE_NOT_FOUND'
  const entity = known.data?.entity
  const own = entity?.id ?? id
  const relations = known.data?.relations.filter(({ from, to }) => from === own || to === own) ?? []
  return (
    <aside aria-label="Thing" className="absolute inset-y-0 right-0 z-20 flex w-96 max-w-full flex-col border-l border-line bg-surface lg:static lg:z-auto" onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}>
      <div className="flex items-center justify-between gap-2 border-b border-line px-3 py-1.5">
        <h2 className="truncate text-sm font-semibold">{entity?.name ?? 'Thing'}</h2>
        <IconButton label="Close the thing" icon={<X />} onClick={onClose} />
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-3">
        {known.isPending && <Skeleton rows={5} label="Loading what is known of it" />}
        {isUnknownThen && <p className="text-xs text-muted">Nothing was known of it then.</p>}
        {known.error !== null && !isUnknownThen && <ErrorNote error={known.error} onRetry={() => void known.refetch()} />}
        {entity !== undefined && (
          <>
            <p className="text-xs text-muted">
              {[entity.type === '' ? 'no type' : entity.type, ...(entity.aliases.length > 0 ? [`also called ${entity.aliases.join(', ')}`] : []), `${entity.items} ${entity.items === 1 ? 'item speaks' : 'items speak'} of it`].join(' · ')}
            </p>
            <Button small className="self-start" onClick={() => onNear({ id: own, name: entity.name })}>Show what is near it</Button>
            <Section title="Facts">
              {entity.facts.length === 0 && <p className="text-xs text-muted">None.</p>}
              <ul className="flex flex-col gap-1">
                {entity.facts.map((fact) => <Said key={`${fact.attribute} ${fact.value}`} said={fact} onOpenItem={onOpenItem}><span className="text-muted">{fact.attribute}: </span><span className="break-words">{fact.value}</span></Said>)}
              </ul>
            </Section>
            <Section title="Relations">
              {relations.length === 0 && <p className="text-xs text-muted">None.</p>}
              <ul className="flex flex-col gap-1">
                {relations.map((relation) => <Said key={relation.id} said={relation} onOpenItem={onOpenItem}><RelationText relation={relation} own={own} names={names} onChoose={onChoose} /></Said>)}
              </ul>
            </Section>
          </>
        )}
      </div>
    </aside>
  )
}

function RelationText({ relation: { from, to, type, properties }, own, names, onChoose }: { readonly relation: KnownRelation; readonly own: string; readonly names: ReadonlyMap<string, string>; readonly onChoose: (id: string) => void }) {
  const other = from === own ? to : from
  const link = <button type="button" className="text-accent hover:underline" onClick={() => onChoose(other)}>{names.get(other) ?? 'another thing'}</button>
  const more = Object.entries(properties).map(([name, value]) => `${name}: ${value}`).join(', ')
  return <>{from === own ? <><span className="text-muted">{type} </span>{link}</> : <>{link}<span className="text-muted"> {type} it</span></>}{more !== '' && <span className="text-muted"> ({more})</span>}</>
}

function Said({ said: { itemIds, trust, expiresAt, sensitivity }, onOpenItem, children }: { readonly said: KnownFact | KnownRelation; readonly onOpenItem: (id: string) => void; readonly children: ReactNode }) {
  const notes = [trustWords[trust], ...(sensitivity === 'sensitive' ? ['sensitive: never sent'] : []), ...(expiresAt === null ? [] : [`until ${formatTime(expiresAt)}`])]
  return (
    <li className="rounded-md border border-line px-2 py-1 text-xs">
      <p>{children}</p>
      <p className="flex flex-wrap gap-x-2 text-muted">
        <span className={trust === 'untrusted' ? 'text-warning' : undefined}>{notes.join(' · ')}</span>
        {itemIds.map((itemId, index) => <button key={itemId} type="button" className="text-accent hover:underline" onClick={() => onOpenItem(itemId)}>{itemIds.length === 1 ? 'Where it says so' : `Item ${index + 1}`}</button>)}
      </p>
    </li>
  )
}
