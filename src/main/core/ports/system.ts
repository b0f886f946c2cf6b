/** Time, ids, chance and logs come from outside, so that tests decide them. */

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Monotonic milliseconds, for durations. */
  elapsed(): number
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Resolves in a later turn of the event loop: what is ready to be done or sent comes first. */
  turn(): Promise<void>
  /** Calls back once after `ms`; the result cancels. */
  after(ms: number, callback: () => void): () => void
}

/** A new time-ordered unique id (UUID version 7). */
export type NewId = () => string

/** A number in [0, 1). */
export type Random = () => number

/** Of a text in UTF-8, in hex. */
export type Sha256 = (text: string) => string

export interface Logger {
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void
  info(event: string, fields?: Readonly<Record<string, unknown>>): void
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void
  /** `fields.error` may be any thrown value. */
  error(event: string, fields?: Readonly<Record<string, unknown>>): void
}
