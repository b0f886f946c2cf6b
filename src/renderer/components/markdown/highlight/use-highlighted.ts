import { createContext, useContext, useEffect, useState } from 'react'
import type { Highlighter } from './highlighter'
import { languageByName } from './language-names'
import type { ColouredLines } from './protocol'

/** Null: code is shown in one colour. */
export const HighlighterContext = createContext<Highlighter | null>(null)

/** Longer code stays in one colour. */
const maxChars = 60_000
/** While code is written, it is coloured again this often. */
const whileOpenMs = 150

/** The coloured lines of a piece of code; of one that is still written, the newest that are known, which may be fewer. */
export function useHighlighted(code: string, language: string, open: boolean): ColouredLines | null {
  const highlighter = useContext(HighlighterContext)
  const [last, setLast] = useState<{ readonly code: string; readonly lines: ColouredLines } | null>(null)
  const wanted = highlighter !== null && code.length <= maxChars && code !== '' && languageByName(language) !== null
  const known = wanted ? highlighter.get(code, language) : null
  // What is written changes with every frame; asking for each of its states would leave no time for any.
  const asked = useThrottled(code, open ? whileOpenMs : 0)
  useEffect(() => {
    if (!wanted) return
    const take = (): void => {
      const lines = highlighter.get(asked, language)
      if (lines !== null) setLast({ code: asked, lines })
    }
    take()
    return highlighter.request(asked, language, take)
  }, [highlighter, wanted, asked, language])
  if (known !== null) return known
  if (last === null || !wanted || !code.startsWith(last.code)) return null
  // Its last line may be a part of one.
  return last.lines.slice(0, -1)
}

function useThrottled(value: string, ms: number): string {
  const [shown, setShown] = useState(value)
  const [at, setAt] = useState(0)
  useEffect(() => {
    if (value === shown) return
    const wait = ms === 0 ? 0 : Math.max(0, at + ms - performance.now())
    const timer = setTimeout(() => {
      setShown(value)
      setAt(performance.now())
    }, wait)
    return () => clearTimeout(timer)
  }, [value, shown, at, ms])
  return shown
}
