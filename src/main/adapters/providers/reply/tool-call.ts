import { randomUUID } from 'node:crypto'
import type { ToolCall } from '#contract/entries'
import type { FinishReason } from '#core/ports/model-provider'

export interface WrittenToolCall {
  /** Null when the server gave none. */
  readonly id: string | null
  readonly name: string
  /** The arguments as they were written. */
  readonly json: string
}

const maxRawCharacters = 100_000

/** Turns what a model wrote into calls. Arguments that are no complete JSON object give a call marked invalid. */
export function toToolCalls(written: readonly WrittenToolCall[], finishReason: FinishReason): ToolCall[] {
  const taken = new Set<string>()
  return written.map((call) => {
    const id = call.id === null || call.id === '' || taken.has(call.id) ? `call_${randomUUID()}` : call.id
    taken.add(id)
    return toToolCall(id, call, finishReason === 'stop' || finishReason === 'tool_calls')
  })
}

function toToolCall(id: string, call: WrittenToolCall, complete: boolean): ToolCall {
  const invalid = (message: string): ToolCall => ({
    id,
    name: call.name === '' ? 'unknown' : call.name,
    arguments: {},
    invalid: { raw: call.json.slice(0, maxRawCharacters), message },
  })
  if (call.name === '') return invalid('The call names no tool.')
  if (call.json.trim() === '') {
    return complete ? { id, name: call.name, arguments: {} } : invalid('The reply ended before the arguments were written.')
  }
  try {
    const value: unknown = JSON.parse(call.json)
    if (isObject(value)) return { id, name: call.name, arguments: value }
    return invalid('The arguments must be a JSON object.')
  } catch (error) {
    if (!complete) return invalid('The reply ended in the middle of the arguments; write less at once.')
    return invalid(`The arguments are not valid JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}.`)
  }
}

/** Whether the text is a whole JSON object. */
export function isWholeObject(json: string): boolean {
  try {
    return isObject(JSON.parse(json))
  } catch {
    return false
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
