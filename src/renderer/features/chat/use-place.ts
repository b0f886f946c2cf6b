import { type RefObject, useEffect, useEffectEvent } from 'react'
import type { DisplayRow } from './display-rows'
import type { Place } from './places'

const placeMs = 300

export type TellPlace = (place: Omit<Place, 'headId'> | null) => void

/** Tells where the reader is, once he stays there. */
export function usePlace({ scroller, isFollowing, onPlace, placeOf }: {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly isFollowing: boolean
  readonly onPlace: TellPlace
  readonly placeOf: () => Omit<Place, 'headId'> | null
}): void {
  const tell = useEffectEvent(() => onPlace(isFollowing ? null : placeOf()))
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const state = { timer: 0 }
    const later = (): void => {
      window.clearTimeout(state.timer)
      state.timer = window.setTimeout(() => tell(), placeMs)
    }
    element.addEventListener('scroll', later, { passive: true })
    return () => {
      element.removeEventListener('scroll', later)
      window.clearTimeout(state.timer)
    }
  }, [scroller])
}

/** The entry that a row shows. */
export function entryOf(row: DisplayRow | undefined): string | null {
  if (row === undefined) return null
  if (row.row.kind === 'tool') return row.row.entryId
  return 'entry' in row.row ? row.row.entry.id : null
}

/** The prompt of the turn in sight. */
export function currentPrompt(rows: readonly DisplayRow[], index: number): string | null {
  for (let at = Math.min(index + 1, rows.length - 1); at >= 0; at -= 1) {
    const row = rows[at]?.row
    if (row?.kind === 'user') return row.entry.id
  }
  return null
}
