import { useState } from 'react'
import { useServices } from '../../../lib/services'

export interface TimelineSelection {
  /** The row that shows its details. */
  readonly openId: string | null
  /** The row in the tab order. */
  readonly activeId: string | null
  /** Held until another one is chosen to compare it with. */
  readonly markedId: string | null
}

const key = 'timeline selection'
const none: TimelineSelection = { openId: null, activeId: null, markedId: null }

/** Of the session that was looked at last: it outlives the pane, which folds where the window is narrow. */
export function useTimelineSelection(sessionId: string): readonly [TimelineSelection, (change: Partial<TimelineSelection>) => void] {
  const { memory } = useServices()
  const [selection, setSelection] = useState(() => parse(memory.read(key), sessionId))
  const change = (part: Partial<TimelineSelection>): void => {
    const next = { ...selection, ...part }
    setSelection(next)
    memory.write(key, [sessionId, next.openId, next.activeId, next.markedId].map((id) => id ?? '').join(' '))
  }
  return [selection, change]
}

function parse(kept: string | null, sessionId: string): TimelineSelection {
  const [of, openId, activeId, markedId] = (kept ?? '').split(' ')
  return of === sessionId ? { openId: openId || null, activeId: activeId || null, markedId: markedId || null } : none
}
