/** So many first bits of a hash tell it from the others. */
const BITS = 24

/** What may be stored, for a store that was empty when it was opened: what was never added is not asked for. */
export function createSeenHashes(): { add(hash: string): void; mayHave(hash: string): boolean } {
  const seen = new Uint8Array(2 ** BITS / 8)
  const placeOf = (hash: string) => Number.parseInt(hash.slice(0, BITS / 4), 16)
  return {
    add: (hash) => {
      const place = placeOf(hash)
      seen[place >> 3] = (seen[place >> 3] ?? 0) | (1 << (place & 7))
    },
    mayHave: (hash) => {
      const place = placeOf(hash)
      return ((seen[place >> 3] ?? 0) & (1 << (place & 7))) !== 0
    },
  }
}
