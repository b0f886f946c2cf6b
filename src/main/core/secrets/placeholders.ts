import type { ModelEvent, ModelMessage, ModelRequest } from '../ports/model-provider'
import { findPersonal } from './find-personal'
import type { FoundSecret } from './find-secrets'

/** What stands for what in one request. The same value has the same name, in the order of the conversation, so that each call of a turn says the same. */
export interface Placeholders {
  readonly request: ModelRequest
  /** Puts back what the names stand for. */
  restore(text: string): string
  /** As the events come: a name may be cut in the middle. */
  restored(events: AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent, void, void>
}

const placeholder = /\[(?:EMAIL|PHONE|IP|DETAIL)_\d{1,5}\]/g
/** The beginning of a name at the end of a text. */
const begun = /\[[A-Z]{0,6}(?:_\d{0,5})?$/

const kinds: Readonly<Record<string, string>> = { 'an e-mail address': 'EMAIL', 'a phone number': 'PHONE', 'an IP address': 'IP' }
const kindOf = (what: string) => kinds[what] ?? 'DETAIL'

/** Messages never change, and each call of a turn sends all of them again. */
const known = new WeakMap<object, readonly FoundSecret[]>()

export function withPlaceholders(request: ModelRequest): Placeholders {
  const names = new Map<string, string>()
  const values = new Map<string, string>()
  const counts = new Map<string, number>()
  const nameOf = ({ what, value }: FoundSecret): string => {
    const kind = kindOf(what)
    const before = names.get(value)
    if (before !== undefined) return before
    const count = (counts.get(kind) ?? 0) + 1
    const given = `[${kind}_${count}]`
    counts.set(kind, count)
    names.set(value, given)
    values.set(given, value)
    return given
  }
  const hide = (text: string, found = findPersonal(text)) => replaced(text, found, nameOf)
  const hideIn = (value: unknown) => mapTexts(value, (text) => hide(text))
  const restore = (text: string) => (values.size === 0 ? text : text.replace(placeholder, (given) => values.get(given) ?? given))
  const system = hide(request.system)
  const messages = request.messages.map((message): ModelMessage => {
    if (message.role === 'assistant') return { ...message, text: hide(message.text, foundIn(message, message.text)), toolCalls: message.toolCalls.map((call) => ({ ...call, arguments: recordOf(hideIn(call.arguments)) })) }
    return message.role === 'user' ? { ...message, text: hide(message.text, foundIn(message, message.text)) } : { ...message, content: hide(message.content, foundIn(message, message.content)) }
  })
  return {
    request: { ...request, system, messages }, restore,
    restored: async function* (events) {
      let held = ''
      for await (const event of events) {
        if (event.type === 'text') {
          const text = restore(held + event.delta)
          held = begun.exec(text)?.[0] ?? ''
          const shown = text.slice(0, text.length - held.length)
          if (shown !== '') yield { ...event, delta: shown }
          continue
        }
        if (held !== '' && (event.type === 'done' || event.type === 'error' || event.type === 'aborted')) yield { type: 'text', delta: held }
        if (event.type !== 'done') yield event
        else yield { ...event, text: restore(event.text), toolCalls: event.toolCalls.map((call) => ({ ...call, arguments: recordOf(mapTexts(call.arguments, restore)) })) }
      }
    },
  }
}

/** For a text of which nothing comes back. */
export function withoutPersonal(text: string): string {
  return replaced(text, findPersonal(text), ({ what }) => `[${kindOf(what)}]`)
}

function foundIn(message: object, text: string): readonly FoundSecret[] {
  const before = known.get(message)
  if (before) return before
  const found = findPersonal(text)
  known.set(message, found)
  return found
}

function replaced(text: string, found: readonly FoundSecret[], nameOf: (person: FoundSecret) => string): string {
  let result = ''
  let from = 0
  for (const person of found) {
    result += text.slice(from, person.start) + nameOf(person)
    from = person.end
  }
  return from === 0 ? text : result + text.slice(from)
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, map)]))
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
