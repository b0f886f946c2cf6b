import { useCallback, useRef } from 'react'

/** A field that a command can bring the focus to. */
export function useWantedFocus() {
  const ref = useRef<HTMLInputElement>(null)
  const focus = useCallback(() => {
    ref.current?.focus()
    ref.current?.select()
  }, [])
  return { ref, focus }
}
