/** Of one script. */
export interface ScriptLimits {
  readonly sourceChars: number
  /** Of calculating; waiting for calls does not count. */
  readonly calculatingMs: number
  readonly memoryBytes: number
  readonly stackBytes: number
  readonly calls: number
  /** Of what its calls do, without waiting for people. */
  readonly callingMs: number
  /** What it says with `console.log`. */
  readonly outputChars: number
  /** The arguments of a call, as JSON. */
  readonly argumentChars: number
  /** What it returns, as JSON. */
  readonly resultChars: number
}

export const scriptLimits: ScriptLimits = {
  sourceChars: 50_000, calculatingMs: 5_000, memoryBytes: 64 * 1024 * 1024, stackBytes: 256 * 1024, calls: 100, callingMs: 120_000, outputChars: 50_000,
  argumentChars: 2_000_000, resultChars: 50_000,
}
