import type { Entry } from '#contract/entries'
import { BARE_COMMAND } from './carried'

/** Of a private text that is compared. */
const MOST_CHARS = 100_000
const MOST_TEXTS = 50
/** Words of a language are in private texts and in others alike; what has a digit in it, or is this long, says which text it is from. */
const LONG_WORD = 20
const pieces = /[\p{L}\p{N}_+@.~-]{8,300}/gu

/**
 * Whether a text repeats, word for word, something private that was read. `path`: of the conversation. It catches what is plainly copied, not
 * what was written in another way: for that there is what was read.
 */
export function quotesPrivate(path: readonly Entry[], text: string): boolean {
  const looked = [text, decoded(text)]
  const privateTexts = path.flatMap(({ payload }) => (payload.kind === 'tool_result' && payload.labels?.some(({ label, why }) => label === 'private' && why !== BARE_COMMAND) ? [payload.content] : []))
  return privateTexts.slice(-MOST_TEXTS).some((content) => {
    const known = new Set(content.slice(0, MOST_CHARS).match(pieces) ?? [])
    return [...known].some((piece) => isTelling(piece) && looked.some((each) => each.includes(piece)))
  })
}

function isTelling(piece: string): boolean {
  return /\p{N}/u.test(piece) || piece.length >= LONG_WORD
}

function decoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (coded) => {
    try {
      return decodeURIComponent(coded)
    } catch {
      return coded
    }
  })
}
