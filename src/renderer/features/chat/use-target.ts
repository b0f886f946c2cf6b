import { useEffect, useEffectEvent } from 'react'
import { type DisplayRow, rowOfEntry } from './display-rows'

/** An entry to bring into sight. */
export interface Target {
  readonly entryId: string
  /** So many pixels of it are above the view; left out, it is shown from its start, and marked for a moment. */
  readonly offset?: number
  /** It only has to be loaded. */
  readonly quiet?: boolean
  /** Once that is done, or cannot be. */
  readonly onShown: () => void
}

export interface Older {
  readonly has: boolean
  readonly loading: boolean
  readonly error: unknown
  readonly load: () => void
}

/** Loads older messages until the wanted one is there, and shows it. `miss`: it is nowhere in this conversation. */
export function useTarget({ rows, older, target, show, miss }: {
  readonly rows: readonly DisplayRow[]
  readonly older: Older
  readonly target: Target | null
  readonly show: (index: number, target: Target) => void
  readonly miss: () => void
}): void {
  const search = useEffectEvent(() => {
    if (target === null) return
    const index = rowOfEntry(rows, target.entryId)
    if (index === -1 && older.has && older.error === null) {
      if (!older.loading) older.load()
      return
    }
    if (target.quiet !== true) {
      if (index === -1) miss()
      else show(index, target)
    }
    target.onShown()
  })
  const entryId = target?.entryId ?? null
  useEffect(() => search(), [entryId, rows, older.loading, older.error])
}
