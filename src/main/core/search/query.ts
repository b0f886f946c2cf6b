/** Words that must stand behind each other. */
export interface SearchTerm {
  readonly words: readonly string[]
  /** The last word may go on. */
  readonly prefix: boolean
}

const MOST_TERMS = 20
/** Shorter beginnings are in so many words that looking at all of them would hold up everything else. */
const SHORTEST_BEGINNING = 3
/** What a word is made of; the same as in the index: letters, digits and private characters. */
export const WORD = /[\p{L}\p{N}\p{Co}\p{M}]+/gu

/**
 * Reads what a person typed. Everything has a meaning and nothing is an error: quotation marks hold words together, an
 * asterisk leaves the end of a word open, and the last word is open as long as it is being typed. A beginning has at least three letters.
 */
export function parseQuery(text: string): SearchTerm[] {
  const terms: SearchTerm[] = []
  for (const match of text.matchAll(/"([^"]*)("?)(\*?)|([^\s"]+)/g)) {
    const [whole, phrase, closed, phraseStar, word] = match
    const isLast = match.index + whole.length === text.length
    const term = phrase === undefined
      ? termOf(word ?? '', (word ?? '').endsWith('*') || isLast)
      : termOf(phrase, phraseStar === '*' || (closed === '' && isLast))
    if (term && terms.length < MOST_TERMS) terms.push(term)
  }
  return terms
}

/** `src/main.ts` is three words that must stand behind each other. */
function termOf(text: string, prefix: boolean): SearchTerm | null {
  const words = text.match(WORD)
  if (!words) return null
  // After a full stop or the like, what comes next is open and not what came before.
  return { words: [...words], prefix: prefix && (words.at(-1)?.length ?? 0) >= SHORTEST_BEGINNING && /[\p{L}\p{N}\p{Co}\p{M}]\*?$/u.test(text) }
}
