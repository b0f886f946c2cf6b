import { type RefObject, useEffect, useEffectEvent, useMemo } from 'react'
import type { DisplayRow } from '../display-rows'
import { useOpened } from '../opened'
import { startHighlights } from './highlights'
import { placeOfMatch } from './match-place'
import type { Find } from './use-find'

/** Marks what is found, and brings the current match into sight once its row is there. */
export function useFindMarks({ scroller, rows, find, show }: {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly rows: readonly DisplayRow[]
  readonly find: Pick<Find, 'query' | 'current'> | null
  readonly show: (index: number) => void
}): void {
  const { query = '', current = null } = find ?? {}
  const place = useMemo(() => (current === null || query === '' ? null : placeOfMatch(rows, current.entryId, query, current.nth)), [rows, current, query])
  const [, setOpen] = useOpened(place?.key ?? '', false)
  const { key = null, nth = 0 } = place ?? {}
  const bring = useEffectEvent(() => {
    const index = rows.findIndex((row) => row.key === key)
    if (index === -1) return
    if (rows[index]?.row.kind === 'tool') setOpen(true)
    show(index)
  })
  useEffect(() => {
    if (key !== null) bring()
  }, [key, nth])
  useEffect(() => {
    if (scroller.current === null || query === '') return
    return startHighlights(scroller.current, query, key === null ? null : { key, nth })
  }, [scroller, query, key, nth])
}
