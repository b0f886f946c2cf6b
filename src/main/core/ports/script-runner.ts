export interface Script {
  /** The body of an async function. */
  readonly source: string
  /** All that exists for it beside the language. */
  readonly functions: readonly string[]
  /**
   * Answers a call of one of them. Arguments and result are plain JSON (undefined: nothing). When it rejects, the call throws an error with the
   * same message inside the script.
   */
  readonly call: (name: string, given: readonly unknown[]) => Promise<unknown>
  readonly onOutput: (text: string) => void
}

export type ScriptEnd =
  /** `value`: JSON; null: it returned nothing. */
  | { readonly end: 'returned'; readonly value: string | null }
  | { readonly end: 'threw'; readonly message: string }
  /** It was ended since it went over a limit. `message`: which. */
  | { readonly end: 'stopped'; readonly message: string }

export interface ScriptRunner {
  /**
   * Runs it apart from everything, bounded in time, memory and all that crosses the border. Once it has ended nothing of it goes on; calls
   * that it made before may still be at work. Rejects with the signal's reason, at once.
   */
  run(script: Script, signal: AbortSignal): Promise<ScriptEnd>
}
