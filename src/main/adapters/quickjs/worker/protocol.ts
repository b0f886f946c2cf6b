import type { ScriptEnd } from '#core/ports/script-runner'
import type { ScriptLimits } from '#core/scripts/limits'

export interface ScriptStart {
  readonly source: string
  readonly functions: readonly string[]
  readonly limits: ScriptLimits
}

/** What the thread says. `given` and values are JSON. */
export type Said =
  | { readonly say: 'call'; readonly id: number; readonly name: string; readonly given: string }
  | { readonly say: 'output'; readonly text: string }
  /** The script begins: its time counts from here. */
  | { readonly say: 'begins' }
  /** It does nothing until a call is answered. */
  | { readonly say: 'waits' }
  | { readonly say: 'end'; readonly end: ScriptEnd }

export type Answered =
  | { readonly id: number; readonly value: string }
  | { readonly id: number; readonly error: string }
