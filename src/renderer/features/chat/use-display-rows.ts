import { useMemo, useState, useSyncExternalStore } from 'react'
import { useServices } from '../../lib/services'
import type { Row } from './conversation'
import { type DisplayRow, displayRows } from './display-rows'
import { createLiveParts } from './live-parts'

/** The rows, and the reply that grows at their end. Only a new part of it makes a new list; its newest words do not. */
export function useDisplayRows(rows: readonly Row[]): readonly DisplayRow[] {
  const { deltas } = useServices()
  const last = rows.at(-1)
  const liveStepId = last?.kind === 'live' ? last.step.id : null
  const live = useMemo(() => (liveStepId === null ? null : createLiveParts(deltas, liveStepId)), [deltas, liveStepId])
  const count = useSyncExternalStore(live?.subscribe ?? nothingComes, () => live?.parts().length ?? 0)
  return useMemo(() => displayRows(rows, live, count), [rows, live, count])
}

function nothingComes(): () => void {
  return () => {}
}

/** How many rows came since the end was left. */
export function useUnseen(keys: readonly string[], isFollowing: boolean): number {
  const [lastSeen, setLastSeen] = useState<string | null>(null)
  const last = keys.at(-1) ?? null
  if (isFollowing && last !== lastSeen) setLastSeen(last)
  const at = lastSeen === null ? -1 : keys.lastIndexOf(lastSeen)
  return isFollowing || at === -1 ? 0 : keys.length - 1 - at
}
