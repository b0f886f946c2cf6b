import { wordList } from '#core/memory/words'

const SLOTS = 1 << 19
/** Fuller, and looking takes long: it begins anew. */
const MOST = 200_000
const LONGEST = 40

/** Words that were seen before, known by 51 bits of them. */
export interface SeenWords {
  /** The words of a text that were not seen yet; from now on they are. */
  newOf(text: string): string[]
  clear(): void
}

/** Most words of a text were seen before: none of them is made into a string of its own. */
export function createSeenWords(): SeenWords {
  const marks = new Uint32Array(SLOTS)
  let count = 0

  const clear = () => {
    marks.fill(0)
    count = 0
  }
  /** Whether it is new. */
  const add = (mark: number, place: number): boolean => {
    let slot = (place >>> 0) % SLOTS
    for (let found = marks[slot] ?? 0; found !== 0; found = marks[slot] ?? 0) {
      if (found === mark) return false
      slot = (slot + 1) % SLOTS
    }
    if (count >= MOST) {
      clear()
      slot = (place >>> 0) % SLOTS
    }
    marks[slot] = mark
    count += 1
    return true
  }
  const addWord = (word: string): boolean => {
    let [mark, place] = [0x811c9dc5, 0x050c5d1f]
    for (let index = 0; index < word.length; index += 1) {
      const code = word.charCodeAt(index)
      mark = Math.imul(mark ^ code, 0x01000193)
      place = Math.imul(place ^ code, 0x5bd1e995)
    }
    return add(mark >>> 0 || 1, place ^ (place >>> 15))
  }

  return {
    clear,
    newOf(text) {
      const fresh: string[] = []
      let from = -1
      let [mark, place] = [0, 0]
      for (let index = 0; index <= text.length; index += 1) {
        const given = index === text.length ? 32 : text.charCodeAt(index)
        if (given > 127) return [...fresh, ...wordList(text).filter(addWord)]
        const code = given >= 65 && given <= 90 ? given + 32 : given
        const isLetter = (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
        if (isLetter) {
          if (from === -1) [from, mark, place] = [index, 0x811c9dc5, 0x050c5d1f]
          mark = Math.imul(mark ^ code, 0x01000193)
          place = Math.imul(place ^ code, 0x5bd1e995)
        } else if (from !== -1) {
          if (index - from <= LONGEST && add(mark >>> 0 || 1, place ^ (place >>> 15))) fresh.push(text.slice(from, index).toLowerCase())
          from = -1
        }
      }
      return fresh
    },
  }
}
