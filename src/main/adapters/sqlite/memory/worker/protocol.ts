import type { MemoryReader } from '../reader'
import type { WordReader } from '../words/word-reader'

export interface ThreadData {
  /** Where better-sqlite3 is. */
  readonly library: string
  readonly path: string
  /** The file of the index of words for the thread that has it; null: the thread that reads all else. */
  readonly wordFile: string | null
}
export type Method = keyof MemoryReader | keyof WordReader
export interface Request {
  /** 0: no answer is wanted. */
  readonly id: number
  readonly method: Method
  readonly args: readonly unknown[]
}
export type Reply =
  | ({ readonly id: number } & ({ readonly result: unknown } | { readonly error: { readonly code: string | null; readonly message: string } }))
  /** The index of words has all changes up to this number. */
  | { readonly taken: number }
