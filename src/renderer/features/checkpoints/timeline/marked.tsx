import type { Checkpoint } from '#contract/checkpoints'
import { Button } from '../../../components/button'
import type { CheckpointActions } from '../actions'
import type { GraphRow } from './graph'
import { oldestFirst } from './oldest-first'
import type { TimelineSelection } from './use-timeline-selection'

/** Two rows to compare: the first one is held until the second one is chosen, which compares them, the older one on the left. */
export function useMarked(rows: readonly GraphRow[], actions: CheckpointActions, markedId: string | null, select: (change: Partial<TimelineSelection>) => void) {
  const marked = rows.find((row) => row.checkpoint.id === markedId)?.checkpoint ?? null
  const mark = (id: string): void => {
    select({ activeId: id, markedId: marked === null ? id : null })
    if (marked === null || marked.id === id) return
    const [from, to] = oldestFirst(rows, marked.id, id)
    actions.onCompare(from, to)
  }
  return { marked, mark, clear: () => select({ markedId: null }) }
}

/** While one is chosen: what to do next. */
export function MarkedNote({ marked, actions, onClear }: { readonly marked: Checkpoint | null; readonly actions: CheckpointActions; readonly onClear: () => void }) {
  return (
    <div role="status" className={marked === null ? '' : 'shrink-0 border-b border-line bg-accent-soft px-3 py-1.5 text-xs'}>
      {marked !== null && (
        <>
          <p><span className="font-medium">{marked.title}</span> is chosen. Choose another one to compare it with.</p>
          <div className="mt-1 flex gap-1.5">
            <Button
              small
              onClick={() => {
                onClear()
                actions.onCompare(marked.id, 'now')
              }}
            >
              Compare with now
            </Button>
            <Button small tone="quiet" onClick={onClear}>Let go</Button>
          </div>
        </>
      )}
    </div>
  )
}
