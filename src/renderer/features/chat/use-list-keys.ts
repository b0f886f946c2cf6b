import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'

export interface ListKeys {
  /** The message that has the focus; it stays in the page wherever one scrolls. */
  readonly focused: number | null
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onFocus: (index: number) => void
  readonly onBlur: () => void
}

/** j and k, or the arrows once a message has the focus, go from message to message; Home and End to the ends. */
export function useListKeys({ scroller, count, firstInSight, scrollTo, toStart, toEnd }: {
  readonly scroller: RefObject<HTMLElement | null>
  readonly count: number
  readonly firstInSight: () => number
  readonly scrollTo: (index: number) => void
  readonly toStart: () => void
  readonly toEnd: () => void
}): ListKeys {
  const [focused, setFocused] = useState<number | null>(null)
  const wanted = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (wanted.current === null) return
    const element = scroller.current?.querySelector<HTMLElement>(`article[data-index="${wanted.current}"]`)
    if (element === undefined || element === null) return
    wanted.current = null
    element.focus({ preventScroll: true })
  })
  const onKeyDown = (event: KeyboardEvent): void => {
    const isMessage = event.target instanceof HTMLElement && event.target.tagName === 'ARTICLE'
    if ((!isMessage && event.target !== scroller.current) || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Home') toStart()
    else if (event.key === 'End') toEnd()
    else {
      const by = stepOf(event.key, isMessage)
      if (by === 0) return
      const next = focused === null ? firstInSight() : Math.min(count - 1, Math.max(0, focused + by))
      wanted.current = next
      setFocused(next)
      scrollTo(next)
    }
    event.preventDefault()
  }
  return { focused, onKeyDown, onFocus: setFocused, onBlur: () => setFocused(null) }
}

function stepOf(key: string, isMessage: boolean): number {
  if (key === 'j' || (isMessage && key === 'ArrowDown')) return 1
  return key === 'k' || (isMessage && key === 'ArrowUp') ? -1 : 0
}
