import { isWholeObject, type WrittenToolCall } from '../reply/tool-call'
import type { WireToolCall } from './wire'

interface Slot {
  readonly index: number | null
  readonly id: string | null
  name: string
  json: string
}

export interface ToolCallCollector {
  /** Returns the name of a call that begins here, else null. */
  add(delta: WireToolCall): string | null
  collected(): readonly WrittenToolCall[]
}

/**
 * Puts tool calls together from their deltas. By rule a delta has the index of its call, and the first one its id and
 * name; servers leave out either, give every call index 0, repeat the name in each delta, or send arguments as an object.
 */
export function createToolCallCollector(): ToolCallCollector {
  const slots: Slot[] = []

  function find(delta: WireToolCall, name: string): Slot | undefined {
    const { index, id } = delta
    const hasIndex = typeof index === 'number'
    const slot = hasIndex
      ? slots.findLast((candidate) => candidate.index === index)
      : id ? slots.find((candidate) => candidate.id === id) : slots.at(-1)
    if (slot === undefined) return undefined
    if (id && slot.id !== null && slot.id !== id) return undefined
    if (name === '' || slot.name === '') return slot
    if (id && slot.id === id) return slot
    const beginsAnother = name !== slot.name || isWholeObject(slot.json)
    return beginsAnother ? undefined : slot
  }

  return {
    add(delta) {
      const name = delta.function?.name ?? ''
      const json = delta.function?.arguments ?? ''
      const written = typeof json === 'string' ? json : JSON.stringify(json)
      const slot = find(delta, name)
      if (slot === undefined) {
        slots.push({ index: delta.index ?? null, id: delta.id || null, name, json: written })
        return name === '' ? null : name
      }
      slot.json += written
      if (slot.name !== '' || name === '') return null
      slot.name = name
      return name
    },
    collected: () => slots,
  }
}
