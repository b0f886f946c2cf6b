import { wasm, type WasmMemory } from './web-assembly'

/**
 * Two loops in WebAssembly, one with SIMD, put together byte by byte: V8 has no other way to count bits and to multiply bytes sixteen at a
 * time. `vector-rows.test.ts` holds them against the same in plain JavaScript.
 *
 * `scan(query, row, count, out)`: in how many bits each of `count` rows differs from the first row at `query`, and twice from the second
 * one, as 16-bit numbers.
 * `multiply(query, list, count, base, out)`: the products of the query (bytes) with the listed rows (half bytes), as 32-bit numbers.
 * Rows are as long as the module was made for; their loops are unrolled.
 */
export function createSimd(memory: WasmMemory, { scanChunks, halfByteChunks }: { readonly scanChunks: number; readonly halfByteChunks: number }): Simd {
  const bytes = moduleOf(scanBody(scanChunks), multiplyBody(halfByteChunks))
  const { exports } = new wasm.Instance(new wasm.Module(bytes), { host: { memory } })
  return exports as Simd
}

export interface Simd {
  scan(query: number, row: number, count: number, out: number): void
  multiply(query: number, list: number, count: number, base: number, out: number): void
}

type Code = readonly number[]

const I32 = 0x7f
const I64 = 0x7e
const V128 = 0x7b
const get = (local: number): Code => [0x20, ...leb(local)]
const set = (local: number): Code => [0x21, ...leb(local)]
const constant = (value: number): Code => [0x41, ...signed(value)]
const add: Code = [0x6a]
const loadLong = (offset: number): Code => [0x29, 0x00, ...leb(offset)]
const xorLongs: Code = [0x85]
const bitsOfLong: Code = [0x7b]
const addLongs: Code = [0x7c]
const storeLongAs16: Code = [0x3d, 0x01, 0x00]
const simd = (operation: number): Code => [0xfd, ...leb(operation)]
/** Sixteen bytes at the address on the stack and an offset; the address need not be a multiple of 16. */
const load = (offset: number): Code => [...simd(0x00), 0x00, ...leb(offset)]
const zero: Code = [...simd(0x0c), ...Array.from({ length: 16 }, () => 0)]
const sumOfLanes = (local: number): Code => [0, 1, 2, 3].flatMap((lane) => [...get(local), ...simd(0x1b), lane, ...(lane === 0 ? [] : add)])
const advance = (local: number, by: number): Code => [...get(local), ...constant(by), ...add, ...set(local)]

const and = simd(0x4e)
const shiftBytesRight = simd(0x6d)
const signedPairsToFours = simd(0x7e)
const addPairs = simd(0x8e)
const lowProducts = simd(0x9c)
const highProducts = simd(0x9d)
const addFours = simd(0xae)

/** Counting the bits of 64 is one instruction of most processors, counting those of sixteen bytes is many. */
function scanBody(chunks: number): Code {
  const [query, row, count, out, part, near, far] = [0, 1, 2, 3, 4, 5, 6]
  const words = chunks * 2
  const differing = (word: number, sum: number, isFirst: boolean): Code => [
    ...get(query), ...loadLong(word * 8), ...xorLongs, ...bitsOfLong, ...(isFirst ? [] : [...get(sum), ...addLongs]), ...set(sum),
  ]
  return [
    1, 3, I64,
    ...whileCounting(count, [
      ...Array.from({ length: words }, (_value, word) => [
        ...get(row), ...loadLong(word * 8), ...set(part),
        ...get(part), ...differing(word, near, word === 0),
        ...get(part), ...differing(words + word, far, word === 0),
      ]).flat(),
      ...get(out), ...get(near), ...get(far), ...addLongs, ...get(far), ...addLongs, ...storeLongAs16,
      ...advance(row, chunks * 16), ...advance(out, 2),
    ]),
    0x0b,
  ]
}

/** Of 32 numbers, the first 16 are in the low halves of the bytes of a row, the others in the high ones; the query has them in this order too. */
function multiplyBody(chunks: number): Code {
  const [query, list, count, base, out, row, sum, pair] = [0, 1, 2, 3, 4, 5, 6, 7]
  const chunkSum = (chunk: number): Code => [
    ...get(row), ...load(chunk * 16), ...set(pair),
    ...[0, 1].flatMap((half) => {
      const numbers = half === 0 ? [...get(pair), ...simd(0x0c), ...Array.from({ length: 16 }, () => 0x0f), ...and] : [...get(pair), ...constant(4), ...shiftBytesRight]
      const asked = [...get(query), ...load(chunk * 32 + half * 16)]
      return [...asked, ...numbers, ...lowProducts, ...asked, ...numbers, ...highProducts, ...addPairs, ...(half === 0 ? [] : addPairs)]
    }),
    ...signedPairsToFours,
  ]
  return [
    2, 1, I32, 2, V128,
    ...whileCounting(count, [
      ...get(list), 0x28, 0x02, 0x00, ...constant(chunks * 16), 0x6c, ...get(base), ...add, ...set(row),
      ...zero, ...Array.from({ length: chunks }, (_value, chunk) => [...chunkSum(chunk), ...addFours]).flat(), ...set(sum),
      ...get(out), ...sumOfLanes(sum), 0x36, 0x02, 0x00,
      ...advance(list, 4), ...advance(out, 4),
    ]),
    0x0b,
  ]
}

/** Does it `count` times, down to 0. */
function whileCounting(count: number, body: Code): Code {
  return [
    0x02, 0x40, 0x03, 0x40, ...get(count), 0x45, 0x0d, 0x01,
    ...body,
    ...get(count), ...constant(1), 0x6b, ...set(count), 0x0c, 0x00, 0x0b, 0x0b,
  ]
}

function moduleOf(scan: Code, multiply: Code): Uint8Array<ArrayBuffer> {
  const vector = (items: readonly Code[]): Code => [...leb(items.length), ...items.flat()]
  const sized = (code: Code): Code => [...leb(code.length), ...code]
  const section = (id: number, code: Code): Code => [id, ...sized(code)]
  const name = (text: string): Code => sized([...new TextEncoder().encode(text)])
  const type = (parameters: number): Code => [0x60, ...leb(parameters), ...Array.from({ length: parameters }, () => I32), 0]
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector([type(4), type(5)])),
    ...section(2, vector([[...name('host'), ...name('memory'), 0x02, 0x00, 0x00]])),
    ...section(3, vector([[0], [1]])),
    ...section(7, vector([[...name('scan'), 0x00, 0], [...name('multiply'), 0x00, 1]])),
    ...section(10, vector([sized(scan), sized(multiply)])),
  ])
}

function leb(value: number): Code {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}

/** A number that is not negative, where negative ones could be: the seventh bit of the last byte is the sign. */
function signed(value: number): Code {
  const bytes = leb(value)
  const last = bytes.at(-1) ?? 0
  return last < 0x40 ? bytes : [...bytes.slice(0, -1), last | 0x80, 0]
}
