import type { MemoryReader } from '../reader'

export interface ThreadData {
  /** Where better-sqlite3 is. */
  readonly library: string
  readonly path: string
}
export type Method = keyof MemoryReader
export interface Request {
  /** 0: no answer is wanted. */
  readonly id: number
  readonly method: Method
  readonly args: readonly unknown[]
}
export type Reply = { readonly id: number } & ({ readonly result: unknown } | { readonly error: { readonly code: string | null; readonly message: string } })
