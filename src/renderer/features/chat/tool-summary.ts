import type { ToolCall } from '#contract/entries'
import { shorten } from '../../lib/format'
import type { ToolState } from './conversation'

const leadingKeys = ['command', 'path', 'pattern', 'question', 'from', 'query', 'url', 'title', 'instruction', 'purpose', 'script'] as const
const maxChars = 160

/** What a call is about, on one line. */
export function summarizeCall(call: ToolCall): string {
  if (call.invalid !== undefined) return shorten(call.invalid.raw, maxChars)
  const { from, to } = call.arguments
  if (typeof from === 'string' && typeof to === 'string') return shorten(`${from} → ${to}`, maxChars)
  for (const key of leadingKeys) {
    const value = call.arguments[key]
    if (typeof value === 'string' && value !== '') return shorten(value, maxChars)
  }
  const text = JSON.stringify(call.arguments)
  return text === '{}' ? '' : shorten(text, maxChars)
}

export const toolStateWords: Readonly<Record<ToolState, string>> = {
  success: 'success',
  error: 'error',
  denied: 'denied',
  cancelled: 'cancelled',
  unknown: 'outcome unknown',
  running: 'running',
  waiting: 'waiting for you',
  queued: 'queued',
  'not run': 'not run',
}

/** Arguments for reading: strings as they are, the rest as JSON. */
export function describeArguments(call: ToolCall): readonly { readonly name: string; readonly text: string }[] {
  if (call.invalid !== undefined) return [{ name: 'not valid', text: call.invalid.raw }, { name: 'problem', text: call.invalid.message }]
  return Object.entries(call.arguments).map(([name, value]) => ({ name, text: typeof value === 'string' ? value : JSON.stringify(value, null, 2) }))
}

// Control sequences of terminals (ECMA-48: CSI and OSC) carry colours and titles, no text.
const controlSequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g

/** Terminal output as plain text; of a line that was overwritten with carriage returns only the last state stays. */
export function plainOutput(text: string): string {
  return text
    .replace(controlSequences, '')
    .replace(/\r+\n/g, '\n')
    .replace(/^.*\r(?=[^\n])/gm, '')
}
