import { SlidersHorizontal } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { MemoryFilter, MemoryMode, MemoryStats } from '#contract/memory'
import { Button } from '../../components/button'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'
import { useCommands } from '../../lib/commands/use-commands'
import { useWantedFocus } from './use-wanted-focus'
import { localDay } from './local-time'
import type { MemoryPlaces } from './places'
import type { Looking, MemorySort } from './use-memory-list'

const modes: readonly { readonly value: MemoryMode; readonly label: string }[] = [{ value: 'words', label: 'Words' }, { value: 'meaning', label: 'Meaning' }, { value: 'hybrid', label: 'Both' }]

/** Looks while one types; what is set beside it narrows it down. */
export function SearchBar({ looking, stats, places, isPast, onChange }: {
  readonly looking: Looking
  readonly stats: MemoryStats | null
  readonly places: MemoryPlaces
  /** What was is searched by words alone. */
  readonly isPast: boolean
  readonly onChange: (looking: Looking) => void
}) {
  const [open, setOpen] = useState(false)
  const { ref, focus } = useWantedFocus()
  useCommands({ 'memory.search': focus })
  const count = Object.keys(looking.filter).length
  const isNarrowed = looking.q !== '' || Object.keys(looking.filter).length > 0
  return (
    <div className="flex flex-col gap-2 border-b border-line px-3 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <input
          ref={ref} type="search" aria-label="Search the memory" placeholder="Search the memory…" value={looking.q} maxLength={2_000}
          onChange={(event) => onChange({ ...looking, q: event.target.value })}
          className={classNames(inputStyle, 'min-w-48 flex-1')}
        />
        {!isPast && <Modes mode={looking.mode} onChange={(mode) => onChange({ ...looking, mode })} />}
        <Button aria-expanded={open} onClick={() => setOpen(!open)}><SlidersHorizontal aria-hidden className="size-4" />Filters{count > 0 && ` (${count})`}</Button>
        {isNarrowed && <Button tone="quiet" onClick={() => onChange({ ...looking, q: '', filter: {} })}>Clear</Button>}
      </div>
      {open && <Filters looking={looking} stats={stats} places={places} onChange={onChange} />}
    </div>
  )
}

function Modes({ mode, onChange }: { readonly mode: MemoryMode; readonly onChange: (mode: MemoryMode) => void }) {
  return (
    <div role="radiogroup" aria-label="Search by" className="flex rounded-md border border-line-strong/60">
      {modes.map(({ value, label }) => (
        <label key={value} className={classNames('flex h-7.5 cursor-default items-center rounded-md px-2 text-xs has-focus-visible:outline-2', value === mode ? 'bg-accent-soft font-medium' : 'text-muted hover:bg-hover')}>
          <input type="radio" name="memory-mode" className="sr-only" checked={value === mode} onChange={() => onChange(value)} />{label}
        </label>
      ))}
    </div>
  )
}

function Filters({ looking, stats, places, onChange }: { readonly looking: Looking; readonly stats: MemoryStats | null; readonly places: MemoryPlaces; readonly onChange: (looking: Looking) => void }) {
  const { filter } = looking
  const set = (name: keyof MemoryFilter, value: unknown): void => {
    const rest = Object.fromEntries(Object.entries(filter).filter(([other]) => other !== name))
    onChange({ ...looking, filter: value === undefined ? rest : { ...rest, [name]: value } })
  }
  return (
    <div role="group" aria-label="Filters" className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] items-end gap-2">
      <Choose label="Kind" value={filter.kinds?.[0] ?? ''} onChange={(value) => set('kinds', value === '' ? undefined : [value])}>
        <option value="">Every kind</option><option value="user">About you</option><option value="fragment">Facts</option><option value="solution">Solutions</option>
      </Choose>
      <Choose label="Tag" value={filter.tags?.[0] ?? ''} onChange={(value) => set('tags', value === '' ? undefined : [value])}>
        <option value="">Every tag</option>{stats?.tags.map(({ tag, count }) => <option key={tag} value={tag}>{tag} ({count})</option>)}
      </Choose>
      <Choose label="Where" value={filter.workspaceId ?? filter.scope ?? ''} onChange={(value) => onChange({ ...looking, filter: whereOf(filter, value) })}>
        <option value="">Everywhere and in every folder</option><option value="user">What counts everywhere</option><option value="session">What counts in a session</option>
        {places.workspaces.map(({ id, name }) => <option key={id} value={id}>In {name}</option>)}
      </Choose>
      <Choose label="Trust" value={filter.trust ?? ''} onChange={(value) => set('trust', value === '' ? undefined : value)}>
        <option value="">Anyone</option><option value="person">You</option><option value="agent">Agents</option><option value="untrusted">Files, pages, tools</option>
      </Choose>
      <Choose label="Saved by" value={filter.by ?? ''} onChange={(value) => set('by', value === '' ? undefined : value)}>
        <option value="">Anyone</option><option value="person">You</option><option value="agent">Agents</option><option value="script">Scripts</option><option value="import">Imports</option><option value="system">Trestle</option>
      </Choose>
      <Labelled label="From files that begin with"><input className={inputStyle} value={filter.path ?? ''} maxLength={1_000} onChange={(event) => set('path', event.target.value === '' ? undefined : event.target.value)} /></Labelled>
      <Choose label="Sensitivity" value={filter.sensitivity ?? ''} onChange={(value) => set('sensitivity', value === '' ? undefined : value)}>
        <option value="">Any</option><option value="normal">Normal</option><option value="sensitive">Sensitive: never sent</option>
      </Choose>
      <Choose label="State" value={filter.state ?? ''} onChange={(value) => set('state', value === '' ? undefined : value)}>
        <option value="">Remembered</option><option value="archived">Archived</option><option value="forgotten">Forgotten</option><option value="expired">Expired</option><option value="all">All</option>
      </Choose>
      <Choose label="Pinned" value={filter.pinned === undefined ? '' : 'yes'} onChange={(value) => set('pinned', value === '' ? undefined : true)}>
        <option value="">Pinned or not</option><option value="yes">Only pinned</option>
      </Choose>
      <Labelled label="Changed since"><input type="date" className={inputStyle} value={localDay(filter.from)} onChange={(event) => set('from', event.target.value === '' ? undefined : new Date(`${event.target.value}T00:00`).getTime())} /></Labelled>
      <Labelled label="Changed before"><input type="date" className={inputStyle} value={localDay(filter.to)} onChange={(event) => set('to', event.target.value === '' ? undefined : new Date(`${event.target.value}T00:00`).getTime())} /></Labelled>
      <Choose label="Order" value={looking.sort} onChange={(value) => onChange({ ...looking, sort: sorts.find((sort) => sort === value) ?? 'updated' })}>
        <option value="updated">Last changed</option><option value="created">Newest</option><option value="used">Last used</option><option value="importance">Most important</option>
      </Choose>
    </div>
  )
}

const sorts: readonly MemorySort[] = ['updated', 'created', 'used', 'importance']

function whereOf({ scope: _scope, workspaceId: _workspace, ...rest }: MemoryFilter, value: string): MemoryFilter {
  if (value === '') return rest
  return value === 'user' || value === 'session' ? { ...rest, scope: value } : { ...rest, workspaceId: value }
}

function Choose({ label, value, onChange, children }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void; readonly children: ReactNode }) {
  return <Labelled label={label}><select className={inputStyle} value={value} onChange={(event) => onChange(event.target.value)}>{children}</select></Labelled>
}

function Labelled({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return <label className="flex min-w-0 flex-col gap-0.5 text-xs text-muted">{label}{children}</label>
}
