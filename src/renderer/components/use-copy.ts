import { useEffect, useState } from 'react'

const shownMs = 1_500

export interface Copying {
  /** What became of it, for a moment. */
  readonly state: 'copied' | 'refused' | null
  /** Label of a button that copies: `idle`, or what became of it. */
  readonly words: (idle: string) => string
  readonly copy: (text: string) => void
}

/** Copies text to the clipboard and says for a moment what became of it. */
export function useCopy(): Copying {
  const [last, setLast] = useState<{ readonly state: 'copied' | 'refused' } | null>(null)
  useEffect(() => {
    if (last === null) return
    const timer = setTimeout(() => setLast(null), shownMs)
    return () => clearTimeout(timer)
  }, [last])
  const state = last?.state ?? null
  return {
    state,
    words: (idle) => (state === null ? idle : state === 'copied' ? 'Copied' : 'The browser refused'),
    copy: (text) => {
      navigator.clipboard.writeText(text).then(() => setLast({ state: 'copied' }), () => setLast({ state: 'refused' }))
    },
  }
}
