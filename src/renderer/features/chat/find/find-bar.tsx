import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react'
import { IconButton } from '../../../components/button'
import { errorMessage } from '../../../lib/error-message'
import type { Find } from './use-find'

/** Enter goes to older matches, as one reads a conversation back; Shift+Enter to newer ones. */
export function FindBar({ find, onClose }: { readonly find: Find; readonly onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    input.current?.focus()
    input.current?.select()
  }, [])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose()
    else if (event.target === input.current && (event.key === 'Enter' || event.key === 'ArrowUp' || event.key === 'ArrowDown')) find.step(event.key === 'ArrowDown' || event.shiftKey ? 1 : -1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div role="search" aria-label="Find in this conversation" onKeyDown={onKeyDown} className="absolute top-2 right-6 z-20 flex items-center gap-1 rounded-lg border border-line bg-raised p-1 shadow-float">
      <input
        ref={input}
        type="text"
        aria-label="Find"
        placeholder="Find in this conversation"
        value={find.typed}
        onChange={(event) => find.setTyped(event.target.value)}
        className="h-7 w-52 min-w-0 rounded-md bg-transparent px-2 text-sm"
      />
      <span role="status" className="min-w-20 px-1 text-end text-xs text-muted tabular-nums">{wordsOf(find)}</span>
      <IconButton label="Older match" icon={<ChevronUp />} disabled={find.total === 0} onClick={() => find.step(-1)} />
      <IconButton label="Newer match" icon={<ChevronDown />} disabled={find.total === 0} onClick={() => find.step(1)} />
      <IconButton label="Close" icon={<X />} onClick={onClose} />
    </div>
  )
}

function wordsOf(find: Find): string {
  if (find.query === '') return ''
  if (find.error !== null) return errorMessage(find.error)
  if (find.total > 0) return `${find.index + 1} of ${find.total.toLocaleString('en')}${find.truncated ? '+' : ''}`
  return find.isSearching ? 'Looking…' : 'Not found'
}
