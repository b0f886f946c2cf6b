import { type RefObject, useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { distanceFromEnd, followsAfter, type View } from './following'

export interface FollowEnd {
  /** Goes on the element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly isFollowing: boolean
  /** Goes to the end and stays there until the person scrolls up. */
  readonly follow: () => void
  /** Stays where the view is, whatever grows below. */
  readonly leave: () => void
  readonly onScroll: () => void
  /** The list itself has moved the view, for the size of a row: that is nobody's wish. */
  readonly onCorrected: () => void
}

/** So long what a person opened may take to grow. */
const openingMs = 300

/** Keeps the end of a list in sight while it grows; from the start, where `atFirst` says so. */
export function useFollowEnd(atFirst = true): FollowEnd {
  const scroller = useRef<HTMLDivElement>(null)
  const [isFollowing, setFollowing] = useState(atFirst)
  // Sizes change between renders; what was decided has to count at once.
  const decided = useRef(atFirst)
  const seen = useRef<View>({ top: 0, height: 0, viewport: 0 })
  const [leftAt, setLeftAt] = useState(0)

  const decide = useCallback((next: boolean) => {
    decided.current = next
    setFollowing(next)
  }, [])
  const pin = useCallback(() => {
    const element = scroller.current
    if (element === null || !decided.current) return
    if (distanceFromEnd(viewOf(element)) > 0) element.scrollTop = element.scrollHeight
    seen.current = viewOf(element)
  }, [])

  // A row that grows renders the list anew, so the end is in place before it is painted.
  useLayoutEffect(pin)
  const onResize = useEffectEvent(pin)
  useEffect(() => {
    if (scroller.current === null) return
    const observer = new ResizeObserver(() => onResize())
    observer.observe(scroller.current)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (leftAt === 0) return
    const timer = setTimeout(() => {
      if (scroller.current !== null && distanceFromEnd(viewOf(scroller.current)) <= 1) decide(true)
    }, openingMs)
    return () => clearTimeout(timer)
  }, [leftAt, decide])

  return {
    scroller,
    isFollowing,
    follow: useCallback(() => {
      decide(true)
      pin()
    }, [decide, pin]),
    leave: useCallback(() => {
      decide(false)
      setLeftAt(Date.now())
    }, [decide]),
    // Where the end is followed, a correction to anywhere else would stay until the next render.
    onCorrected: useCallback(() => {
      if (decided.current) pin()
      else if (scroller.current !== null) seen.current = viewOf(scroller.current)
    }, [pin]),
    // Only here, where every correction of the list is done, a move up is known to be the person's.
    onScroll: useCallback(() => {
      if (scroller.current === null) return
      const now = viewOf(scroller.current)
      decide(followsAfter(decided.current, seen.current, now))
      seen.current = now
    }, [decide]),
  }
}

function viewOf(element: HTMLElement): View {
  return { top: element.scrollTop, height: element.scrollHeight, viewport: element.clientHeight }
}
