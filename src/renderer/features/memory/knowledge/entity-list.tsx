import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { classNames } from '../../../lib/class-names'
import { shorten } from '../../../lib/format'
import type { KnowledgeTwin } from './knowledge-graph'

const rowHeight = 46
const steps: Readonly<Record<string, number | undefined>> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }

/** Things with what is known of each, in a line. Arrow keys go from row to row, Enter opens. */
export function EntityList({ entities, relations, chosenId, onChoose }: KnowledgeTwin) {
  const scroller = useRef<HTMLDivElement>(null)
  const [current, setCurrent] = useState(0)
  const list = useVirtualizer({ count: entities.length, getScrollElement: () => scroller.current, getItemKey: (index) => entities[index]?.id ?? index, estimateSize: () => rowHeight, overscan: 10 })
  const said = useMemo(() => {
    const names = new Map(entities.map(({ id, name }) => [id, name]))
    return new Map(entities.map(({ id, facts }) => [id, [
      ...facts.slice(0, 4).map(({ attribute, value }) => `${attribute}: ${shorten(value, 60)}`),
      ...relations.filter(({ from }) => from === id).slice(0, 4).map(({ type, to }) => `${type} ${names.get(to) ?? ''}`),
    ].join(' · ')]))
  }, [entities, relations])
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const wanted = Math.max(0, Math.min(entities.length - 1, current + step))
    setCurrent(wanted)
    list.scrollToIndex(wanted, { align: 'auto' })
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted}"]`)?.focus())
  }
  const reachable = Math.min(current, entities.length - 1)
  return (
    <div ref={scroller} tabIndex={-1} className="min-h-0 flex-1 overflow-auto px-3 pb-2" onKeyDown={onKeyDown}>
      <ul aria-label="What is known" className="relative" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((row) => {
          const entity = entities[row.index]
          if (!entity) return null
          const { id, name, type, aliases, trust } = entity
          return (
            <li key={row.key} aria-setsize={entities.length} aria-posinset={row.index + 1} className="absolute inset-x-0" style={{ height: rowHeight, transform: `translateY(${row.start}px)` }}>
              <button
                type="button" data-row={row.index} tabIndex={row.index === reachable ? 0 : -1} aria-current={id === chosenId ? 'true' : undefined} onFocus={() => setCurrent(row.index)} onClick={() => onChoose(id)}
                className={classNames('block size-full rounded-md px-2 text-start -outline-offset-2', id === chosenId ? 'bg-accent-soft' : 'hover:bg-hover')}
              >
                <span className="block truncate text-sm"><span className="font-medium">{name}</span>{type !== '' && <span className="text-muted"> {type}</span>}{aliases.length > 0 && <span className="text-muted"> · also {aliases.join(', ')}</span>}{trust === 'untrusted' && <span className="text-warning"> · untrusted</span>}</span>
                <span className="block truncate text-xs text-muted">{said.get(id) || `${entity.items} ${entity.items === 1 ? 'item speaks' : 'items speak'} of it`}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
