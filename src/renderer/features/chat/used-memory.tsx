import { Brain, ChevronRight } from 'lucide-react'
import type { PayloadOf } from '#contract/entries'
import { RememberedItems } from '../../components/memory/remembered-items'
import { classNames } from '../../lib/class-names'
import { formatTokens } from '../../lib/format'
import { useOpened } from './opened'

/** What of the memory an answer rests on, and why each of it was chosen. */
export function UsedMemory({ entryId, used: { items, tokens } }: { readonly entryId: string; readonly used: PayloadOf<'memory_used'> }) {
  const [open, setOpen] = useOpened(`memory ${entryId}`, false)
  return (
    <div className="mt-1 text-xs text-muted">
      <button type="button" aria-expanded={open} className="flex items-center gap-1 rounded-md py-0.5 hover:text-ink" onClick={() => setOpen(!open)}>
        <ChevronRight aria-hidden className={classNames('size-3.5', open && 'rotate-90')} />
        <Brain aria-hidden className="size-3.5" />
        Used in this answer: {items.length} from memory ({formatTokens(tokens)} tokens)
      </button>
      {open && <div className="mt-1 text-ink"><RememberedItems label="Used in this answer" items={items} /></div>}
    </div>
  )
}
