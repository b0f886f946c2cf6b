import { Plus, Search } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'
import type { SessionPlace } from '../../lib/queries'
import { SearchResults, type SearchResultsProps } from './search-results'
import { SessionRows, type SessionRowsProps } from './session-rows'

export interface SessionListProps extends Omit<SessionRowsProps, 'shown'> {
  /** A place in a session that the search found. */
  readonly onOpenFound: SearchResultsProps['onOpen']
  readonly onNew: () => void
  readonly isNewDisabled: boolean
  readonly newDisabledReason: string | null
}

const places: readonly { readonly value: SessionPlace; readonly label: string }[] = [
  { value: 'active', label: 'Sessions' },
  { value: 'archived', label: 'Archived' },
  { value: 'deleted', label: 'Bin' },
]

export function SessionList({ onOpenFound, onNew, isNewDisabled, newDisabledReason, ...rows }: SessionListProps) {
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState<SessionPlace>('active')
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2 pt-2">
      <div className="flex flex-col gap-2 px-2">
        <Button
          tone={newDisabledReason === null ? 'primary' : 'plain'}
          disabled={isNewDisabled}
          title={newDisabledReason ?? undefined}
          onClick={onNew}
          className="w-full"
        >
          <Plus aria-hidden className="size-4" />New session
        </Button>
        <div className="relative">
          <Search aria-hidden className="pointer-events-none absolute top-2 left-2 size-4 text-muted" />
          <input
            type="search"
            data-search="sessions"
            aria-label="Search sessions"
            placeholder="Search sessions"
            maxLength={1000}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setSearch('')}
            className={classNames(inputStyle, 'pl-8')}
          />
        </div>
      </div>
      {search.trim() === ''
        ? <SessionRows key={shown} shown={shown} {...rows} />
        : <SearchResults search={search} workspaceName={rows.workspaceName} onOpen={onOpenFound} />}
      <div role="radiogroup" aria-label="Show" className="flex gap-1 border-t border-line px-2 py-1.5">
        {places.map(({ value, label }) => (
          <label
            key={value}
            className={classNames(
              'flex-1 cursor-pointer rounded-md px-2 py-0.5 text-center text-xs has-focus-visible:outline-2 has-focus-visible:outline-accent',
              shown === value && search.trim() === '' ? 'bg-accent-soft font-medium text-ink' : 'text-muted hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name="shown sessions"
              className="sr-only"
              checked={shown === value}
              onChange={() => {
                setShown(value)
                setSearch('')
              }}
            />
            {label}
          </label>
        ))}
      </div>
    </div>
  )
}
