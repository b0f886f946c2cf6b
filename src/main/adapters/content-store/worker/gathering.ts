/** So much is compressed together. Larger ones compress better, smaller ones are read faster. */
export const BLOCK_BYTES = 512 * 1024
/** Larger contents are blocks of their own. */
const ALONE_BYTES = 256 * 1024
/** Places that wait to be used again: making one costs more than filling it. */
const MOST_SPARE = 8

export interface Gathered {
  readonly raw: Buffer
  readonly items: readonly { readonly hash: string; readonly start: number; readonly size: number }[]
}

/** Where contents lie until they are compressed together. Files are read right into it. */
export interface Gathering {
  /** Room for so many bytes, until the next call. */
  claim(size: number): Buffer
  /** Gives where the bytes lie from now on. What lies in claimed room already is not copied. */
  add(hash: string, bytes: Buffer): Buffer
  /** What was gathered; null when nothing. */
  seal(): Gathered | null
  /** Called when nobody needs the bytes of a block any more. */
  release(raw: Buffer): void
}

export function createGathering(onFull: (block: Gathered) => void): Gathering {
  const spare: Buffer[] = []
  const own = new WeakSet<ArrayBufferLike>()
  const newPlace = () => {
    const made = Buffer.allocUnsafeSlow(BLOCK_BYTES)
    own.add(made.buffer)
    return made
  }
  let place: Buffer = Buffer.alloc(0)
  let used = 0
  let items: { hash: string; start: number; size: number }[] = []

  const seal = (): Gathered | null => {
    if (items.length === 0) return null
    const block = { raw: place.subarray(0, used), items }
    place = Buffer.alloc(0)
    used = 0
    items = []
    return block
  }
  const claim = (size: number): Buffer => {
    if (size > ALONE_BYTES) return Buffer.allocUnsafeSlow(size)
    if (size > place.length - used) {
      const full = seal()
      if (full) onFull(full)
      if (place.length === 0) place = spare.pop() ?? newPlace()
    }
    return place.subarray(used, used + size)
  }
  return {
    claim, seal,
    add: (hash, bytes) => {
      const size = bytes.length
      if (size > ALONE_BYTES) {
        onFull({ raw: bytes, items: [{ hash, start: 0, size }] })
        return bytes
      }
      const isThere = bytes.buffer === place.buffer && bytes.byteOffset === place.byteOffset + used
      const at = isThere ? bytes : claim(size)
      if (!isThere) bytes.copy(at)
      items.push({ hash, start: used, size })
      used += size
      return at
    },
    release: ({ buffer }) => {
      if (own.has(buffer) && spare.length < MOST_SPARE) spare.push(Buffer.from(buffer))
    },
  }
}
