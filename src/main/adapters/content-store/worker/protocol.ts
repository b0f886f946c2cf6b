import type { Snapshots } from '#core/ports/snapshots'

/** What the thread is asked: the methods of the port, without their callbacks. */
export type Method = Exclude<keyof Snapshots, 'emptyTreeId'>

export interface Request {
  readonly id: number
  readonly method: Method
  readonly args: readonly unknown[]
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly progress: readonly [number, number] }
  | { readonly id: number; readonly error: { readonly code: string | null; readonly message: string; readonly hash?: string } }

export interface ThreadData {
  /** Path of the database library. */
  readonly library: string
  readonly folder: string
  readonly compressionLevel: number
}
