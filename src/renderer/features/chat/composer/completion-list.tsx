import { useEffect, useRef } from 'react'
import { classNames } from '../../../lib/class-names'
import type { Completion } from './completion'

export const optionId = (listId: string, index: number): string => `${listId}-${index}`

/** The choices above the field. The field keeps the focus and names the current one; the list can take it only to be scrolled. */
export function CompletionList({ id, label, items, index, onPick }: {
  readonly id: string
  readonly label: string
  readonly items: readonly Completion[]
  readonly index: number
  readonly onPick: (item: Completion) => void
}) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' })
  }, [index])
  return (
    <ul ref={list} id={id} role="listbox" tabIndex={0} aria-label={label} className="absolute inset-x-0 bottom-full z-30 mb-1 max-h-64 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-float">
      {items.map((item, at) => (
        <li
          key={item.key}
          id={optionId(id, at)}
          role="option"
          aria-selected={at === index}
          onPointerDown={(event) => {
            event.preventDefault()
            onPick(item)
          }}
          className={classNames('flex items-baseline gap-3 rounded-md px-2 py-1', at === index ? 'bg-accent-soft' : 'hover:bg-hover')}
        >
          <span className={classNames('min-w-0 truncate', item.note === '' || item.note === 'folder' ? 'flex-1 font-mono text-xs' : 'shrink-0 font-mono text-xs')} dir="auto">{item.label}</span>
          <span className="min-w-0 truncate text-xs text-muted">{item.note}</span>
        </li>
      ))}
    </ul>
  )
}
