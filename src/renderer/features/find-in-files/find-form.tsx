import { CaseSensitive, EyeOff, Regex, Replace, WholeWord } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { IconButton } from '../../components/button'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'
import type { FindState, FindStore } from './find-store'

/** What is looked for, and where. Typing searches at once; Enter searches again. */
export function FindForm({ state, store, onRun }: { readonly state: FindState; readonly store: FindStore; readonly onRun: () => void }) {
  const { query } = state
  const id = useId()
  const [hasFilters, setHasFilters] = useState(query.include !== '' || query.exclude !== '')
  const isFiltered = hasFilters || query.include !== '' || query.exclude !== ''
  const change = (part: Partial<typeof query>): void => {
    store.change(part)
    onRun()
  }
  return (
    <form
      role="search"
      aria-label="In the folder"
      className="flex shrink-0 flex-col gap-1.5 p-2"
      onSubmit={(event) => {
        event.preventDefault()
        onRun()
      }}
    >
      <div className="flex items-center gap-0.5">
        <input data-find-field data-pane-start type="search" aria-label="Search for" placeholder="Search" className={classNames(inputStyle, 'h-7')} value={query.pattern} spellCheck={false} onChange={(event) => change({ pattern: event.target.value })} />
        <Toggle label="Match case" icon={<CaseSensitive />} on={query.matchCase} onToggle={(matchCase) => change({ matchCase })} />
        <Toggle label="Whole words" icon={<WholeWord />} on={query.wholeWord} onToggle={(wholeWord) => change({ wholeWord })} />
        <Toggle label="Regular expression" icon={<Regex />} on={query.isRegex} onToggle={(isRegex) => change({ isRegex })} />
      </div>
      <div className="flex items-center gap-0.5">
        {state.isReplacing
          ? <input aria-label="Replace with" placeholder={query.isRegex ? 'Replace with; $1 is a group' : 'Replace with'} className={classNames(inputStyle, 'h-7')} value={state.replacement} spellCheck={false} onChange={(event) => store.setReplacement(event.target.value)} />
          : <span className="flex-1" />}
        <Toggle label="Replace" icon={<Replace />} on={state.isReplacing} onToggle={store.setReplacing} />
        <Toggle label="Ignored files too" icon={<EyeOff />} on={query.withIgnored} onToggle={(withIgnored) => change({ withIgnored })} />
        <button type="button" aria-expanded={isFiltered} onClick={() => setHasFilters(!isFiltered)} className="h-7 shrink-0 rounded-md px-1.5 text-xs text-muted hover:bg-hover hover:text-ink">Filters</button>
      </div>
      {isFiltered && (
        <>
          <label htmlFor={`${id}-in`} className="sr-only">Only in</label>
          <input id={`${id}-in`} placeholder="Only in: src, *.ts" className={classNames(inputStyle, 'h-7')} value={query.include} spellCheck={false} onChange={(event) => change({ include: event.target.value })} />
          <label htmlFor={`${id}-out`} className="sr-only">Not in</label>
          <input id={`${id}-out`} placeholder="Not in: dist, *.min.js" className={classNames(inputStyle, 'h-7')} value={query.exclude} spellCheck={false} onChange={(event) => change({ exclude: event.target.value })} />
        </>
      )}
    </form>
  )
}

function Toggle({ label, icon, on, onToggle }: { readonly label: string; readonly icon: ReactNode; readonly on: boolean; readonly onToggle: (on: boolean) => void }) {
  return <IconButton label={label} icon={icon} pressed={on} className={on ? 'bg-accent-soft text-ink' : ''} onClick={() => onToggle(!on)} />
}
