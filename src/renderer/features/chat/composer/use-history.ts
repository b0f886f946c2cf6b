import { useState } from 'react'

/** Earlier messages by the arrows, from an empty field on. What is changed stays and is no history any more. */
export function useHistory(history: readonly string[], text: string, setText: (text: string) => void) {
  const [at, setAt] = useState<{ readonly index: number; readonly text: string } | null>(null)
  const isBrowsing = at !== null && at.text === text
  const show = (index: number): void => {
    const next = history[index] ?? ''
    setAt(index < 0 ? null : { index, text: next })
    setText(next)
  }
  return {
    /** Whether the key was used. */
    back: (): boolean => {
      const index = isBrowsing ? at.index + 1 : 0
      if ((!isBrowsing && text !== '') || index >= history.length) return false
      show(index)
      return true
    },
    forth: (): boolean => {
      if (!isBrowsing) return false
      show(at.index - 1)
      return true
    },
  }
}
