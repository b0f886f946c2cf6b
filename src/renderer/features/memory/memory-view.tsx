import { Tabs } from 'radix-ui'
import { useState } from 'react'
import { ErrorNote } from '../../components/feedback'
import { classNames } from '../../lib/class-names'
import { BulkBar } from './bulk-bar'
import { MemoryActions } from './memory-actions'
import { MemoryDetail } from './memory-detail'
import { MemoryGraph } from './graph/memory-graph'
import { KnowledgeView } from './knowledge/knowledge-view'
import { MemoryTable } from './memory-table'
import { PastBanner } from './past-banner'
import { PastItem } from './past-item'
import type { MemoryPlaces } from './places'
import { ReviewQueue } from './review-queue'
import { SearchBar } from './search-bar'
import { TimeScrubber } from './time-scrubber'
import { useMemoryList, useMemoryStats } from './use-memory-list'
import { VectorsNote } from './vectors-note'

const tabStyle = 'rounded-md px-2.5 py-1 text-sm text-muted hover:bg-hover data-[state=active]:bg-accent-soft data-[state=active]:font-medium data-[state=active]:text-ink'
const noneSelected: ReadonlySet<string> = new Set()

/** Everything that is remembered: as a table, as a graph, what it says of things, and what waits for a decision. */
export function MemoryView({ openId, onOpen, places }: { readonly openId: string | null; readonly onOpen: (id: string | null) => void; readonly places: MemoryPlaces }) {
  const { looking, setLooking, list, hits, q, filter, askedAt, note } = useMemoryList()
  const stats = useMemoryStats()
  const [selected, setSelected] = useState(noneSelected)
  const [tab, setTab] = useState('table')
  const reviews = stats.data?.reviews ?? 0
  /** What waits for a decision is of now. */
  const hasPast = tab !== 'review'
  const shared = { hits, openId, onOpen, places }
  const at = hasPast ? looking.at : null
  const goTo = (moment: number | null): void => {
    setSelected(noneSelected)
    setLooking({ ...looking, at: moment })
  }
  return (
    <>
      <Tabs.Root value={tab} onValueChange={setTab} className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
          <h1 className="sr-only">Memory</h1>
          <Tabs.List aria-label="Looks" className="flex gap-0.5">
            <Tabs.Trigger value="table" className={tabStyle}>Table</Tabs.Trigger>
            <Tabs.Trigger value="graph" className={tabStyle}>Graph</Tabs.Trigger>
            <Tabs.Trigger value="knowledge" className={tabStyle}>Knowledge</Tabs.Trigger>
            <Tabs.Trigger value="review" className={classNames(tabStyle, reviews > 0 && 'text-warning')}>Review{reviews > 0 && ` (${reviews})`}</Tabs.Trigger>
          </Tabs.List>
          <p className="min-w-0 flex-1 truncate text-xs text-muted">{stats.data !== undefined && at === null && sumOf(stats.data)}</p>
          {at === null && <MemoryActions filter={filter} places={places} onOpen={onOpen} />}
        </div>
        {tab !== 'review' && <SearchBar looking={looking} stats={stats.data ?? null} places={places} isPast={at !== null} onChange={setLooking} />}
        {at !== null && <PastBanner at={at} onNow={() => goTo(null)} />}
        {at === null && tab !== 'review' && <VectorsNote note={note} />}
        {list.error !== null && tab !== 'review' && <ErrorNote error={list.error} onRetry={() => void list.refetch()} className="m-3" />}
        <Tabs.Content value="table" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          {selected.size > 0 && at === null && <BulkBar hits={hits} selected={selected} whole={q === '' && list.hasNextPage && hits.every(({ item }) => selected.has(item.id)) ? filter : null} onDone={() => setSelected(noneSelected)} onOpen={onOpen} />}
          <MemoryTable
            {...shared} isPending={list.isPending} isSearch={q !== '' || Object.keys(filter).length > 0} selected={selected} onSelect={at === null ? setSelected : null} at={at}
            more={{ has: list.hasNextPage && !list.isFetchingNextPage && !list.isFetchNextPageError, load: () => void list.fetchNextPage() }}
          />
        </Tabs.Content>
        <Tabs.Content value="graph" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none"><MemoryGraph {...shared} /></Tabs.Content>
        <Tabs.Content value="knowledge" tabIndex={-1} className="relative flex min-h-0 flex-1 flex-col outline-none"><KnowledgeView q={q} filter={filter} at={askedAt} openId={openId} onOpen={onOpen} places={places} /></Tabs.Content>
        <Tabs.Content value="review" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none"><ReviewQueue places={places} onOpen={onOpen} /></Tabs.Content>
        {hasPast && <TimeScrubber at={at} onChange={goTo} />}
      </Tabs.Root>
      {openId !== null && at !== null && <PastItem key={openId} id={openId} at={at} places={places} onClose={() => onOpen(null)} onNow={() => goTo(null)} />}
      {openId !== null && at === null && <MemoryDetail key={openId} id={openId} places={places} onClose={() => onOpen(null)} onOpen={onOpen} />}
    </>
  )
}

function sumOf({ active, archived, forgotten, pinned }: { readonly active: number; readonly archived: number; readonly forgotten: number; readonly pinned: number }): string {
  const parts = [`${active.toLocaleString()} remembered`, ...(pinned > 0 ? [`${pinned.toLocaleString()} pinned`] : []), ...(archived > 0 ? [`${archived.toLocaleString()} archived`] : []), ...(forgotten > 0 ? [`${forgotten.toLocaleString()} forgotten`] : [])]
  return parts.join(' · ')
}
