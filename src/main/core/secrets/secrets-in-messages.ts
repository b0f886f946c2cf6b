import type { ModelMessage } from '../ports/model-provider'
import { findSecrets } from './find-secrets'

export interface PlacedSecret {
  readonly value: string
  readonly what: string
  /** In plain words: `Your message`. */
  readonly where: string
}

/** Messages never change, and each call of a turn sends all of them again. */
const known = new WeakMap<ModelMessage, readonly PlacedSecret[]>()

/** Each once, at its first place. What models wrote themselves does not count. */
export function secretsInMessages(messages: readonly ModelMessage[]): readonly PlacedSecret[] {
  const found = new Map<string, PlacedSecret>()
  for (const message of messages) for (const secret of secretsIn(message)) if (!found.has(secret.value)) found.set(secret.value, secret)
  return [...found.values()]
}

function secretsIn(message: ModelMessage): readonly PlacedSecret[] {
  const before = known.get(message)
  if (before) return before
  const found = message.role === 'assistant' ? [] : findSecrets(message.role === 'user' ? message.text : message.content).map(({ value, what }) => ({ value, what, where: placeOf(message) }))
  known.set(message, found)
  return found
}

function placeOf(message: ModelMessage): string {
  if (message.role !== 'user') return 'The result of a tool'
  if (message.text.startsWith('[Memory')) return 'The memory'
  if (message.text.startsWith('[Summary')) return 'The summary of the conversation'
  return /^The user attached /m.test(message.text) ? 'Your message, or what is attached to it,' : 'Your message'
}
