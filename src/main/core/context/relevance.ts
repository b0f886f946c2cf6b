const MIN_WORD_CHARS = 4

/** The longer words of a text, in lower case. */
export function keywords(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
  return new Set(words.filter((word) => word.length >= MIN_WORD_CHARS))
}

/** The part of the wanted words that a text has: 0 to 1. */
export function overlap(wanted: ReadonlySet<string>, present: ReadonlySet<string>): number {
  if (wanted.size === 0) return 0
  let shared = 0
  for (const word of wanted) if (present.has(word)) shared += 1
  return shared / wanted.size
}
