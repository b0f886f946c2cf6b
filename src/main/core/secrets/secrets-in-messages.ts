import type { ModelMessage } from '../ports/model-provider'
import { findPersonal } from './find-personal'
import { type FoundSecret, findSecrets } from './find-secrets'

export interface PlacedSecret {
  /** No key: a detail of a person. */
  readonly isPersonal: boolean
  readonly value: string
  readonly what: string
  /** In plain words: `Your message`. */
  readonly where: string
}

/** Messages never change, and each call of a turn sends all of them again. */
const knownSecrets = new WeakMap<ModelMessage, readonly PlacedSecret[]>()
const knownDetails = new WeakMap<ModelMessage, readonly PlacedSecret[]>()

/** What is looked for. */
export interface Sought {
  readonly keys: boolean
  readonly personal: boolean
}

/** Each once, at its first place. What models wrote themselves does not count. */
export function secretsInMessages(messages: readonly ModelMessage[], { keys, personal }: Sought): readonly PlacedSecret[] {
  const found = new Map<string, PlacedSecret>()
  for (const message of messages) {
    for (const secret of [...(keys ? secretsIn(message) : []), ...(personal ? detailsIn(message) : [])]) if (!found.has(secret.value)) found.set(secret.value, secret)
  }
  return [...found.values()]
}

/** In the order of the text. */
export function findSought(text: string, { keys, personal }: Sought): readonly FoundSecret[] {
  const secrets = keys ? findSecrets(text) : []
  if (!personal) return secrets
  const details = findPersonal(text).filter((detail) => !secrets.some(({ start, end }) => detail.start < end && start < detail.end))
  return [...secrets, ...details].sort((one, other) => one.start - other.start)
}

function secretsIn(message: ModelMessage): readonly PlacedSecret[] {
  return once(knownSecrets, message, (text) => findSecrets(text).map(({ value, what }) => ({ value, what, where: placeOf(message), isPersonal: false })))
}

function detailsIn(message: ModelMessage): readonly PlacedSecret[] {
  return once(knownDetails, message, (text) => findPersonal(text).map(({ value, what }) => ({ value, what, where: placeOf(message), isPersonal: true })))
}

function once(known: WeakMap<ModelMessage, readonly PlacedSecret[]>, message: ModelMessage, find: (text: string) => readonly PlacedSecret[]): readonly PlacedSecret[] {
  const before = known.get(message)
  if (before) return before
  const found = message.role === 'assistant' ? [] : find(message.role === 'user' ? message.text : message.content)
  known.set(message, found)
  return found
}

function placeOf(message: ModelMessage): string {
  if (message.role !== 'user') return 'The result of a tool'
  if (message.text.startsWith('[Memory')) return 'The memory'
  if (message.text.startsWith('[Summary')) return 'The summary of the conversation'
  return /^The user attached /m.test(message.text) ? 'Your message, or what is attached to it,' : 'Your message'
}
