export interface Sought {
  readonly title: string
  readonly group: string
  readonly note?: string
  readonly words?: string
}

/** The entries that the query means, the best first; equal ones keep their order. Every word of it must be found somewhere. */
export function rank<Entry extends Sought>(entries: readonly Entry[], query: string): readonly Entry[] {
  const words = normal(query).split(' ').filter((word) => word !== '')
  if (words.length === 0) return entries
  return entries
    .map((entry, index) => ({ entry, index, score: scoreOf(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score || left.index - right.index)
    .map(({ entry }) => entry)
}

function scoreOf(entry: Sought, words: readonly string[]): number {
  const title = normal(entry.title)
  const rest = normal(`${entry.group} ${entry.words ?? ''} ${entry.note ?? ''}`)
  const scores = words.map((word) => scoreIn(title, word) * 3 || scoreIn(rest, word))
  if (scores.includes(0)) return 0
  const bonus = title.startsWith(words.join(' ')) ? 10 : 0
  return scores.reduce((sum, score) => sum + score, bonus)
}

/** 4: begins the text; 3: begins a word of it; 2: is in it; 1: its letters are in it, in order; 0: not there. */
function scoreIn(text: string, word: string): number {
  if (text.startsWith(word)) return 4
  if (text.includes(` ${word}`)) return 3
  if (text.includes(word)) return 2
  return word.length >= 3 && hasLetters(text, word) ? 1 / 3 : 0
}

function hasLetters(text: string, word: string): boolean {
  let from = 0
  for (const letter of word) {
    const at = text.indexOf(letter, from)
    if (at === -1) return false
    from = at + 1
  }
  return true
}

/** Without case, accents and signs. */
function normal(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}
