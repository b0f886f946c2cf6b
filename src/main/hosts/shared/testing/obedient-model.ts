import type { ScriptedReply } from '../../../../testing/model-server'

export interface Order {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
}

/** Text that makes the model do it, wherever it comes across it: short, and fit for file names, pages and addresses. */
export function order(name: string, args: Readonly<Record<string, unknown>>): string {
  return `DO.${Buffer.from(JSON.stringify({ name, arguments: args })).toString('base64url')}.OD`
}

const orders = /DO\.([\w-]+)\.OD/g

/** Where an order and what is in it would be read twice otherwise: what it was told to write, say. */
function ordersIn(text: string): Order[] {
  return [...text.matchAll(orders)].flatMap(([, coded = '']): Order[] => {
    try {
      const read: unknown = JSON.parse(Buffer.from(coded, 'base64url').toString('utf8'))
      return typeof read === 'object' && read !== null && 'name' in read && 'arguments' in read ? [read as Order] : []
    } catch {
      return []
    }
  })
}

interface Message {
  readonly role?: string
  readonly content?: unknown
  readonly tool_calls?: readonly { readonly function?: { readonly name?: string; readonly arguments?: string } }[]
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map((part: { text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('\n') : ''
}

/** A model that does every thing that it is told, whoever says so, in the order in which it reads it; then it repeats what it was told. */
export function obey(body: Readonly<Record<string, unknown>>): ScriptedReply {
  const messages = (Array.isArray(body['messages']) ? body['messages'] : []) as readonly Message[]
  const done = new Set(messages.flatMap(({ tool_calls: calls = [] }) => calls.map((call) => `${call.function?.name} ${JSON.stringify(JSON.parse(call.function?.arguments ?? '{}'))}`)))
  const read = messages.filter(({ role }) => role !== 'assistant').map(({ content }) => textOf(content))
  const told = read.flatMap(ordersIn)
  const next = told.find(({ name, arguments: args }) => !done.has(`${name} ${JSON.stringify(args)}`))
  if (next) return { toolCalls: [{ name: next.name, arguments: next.arguments }] }
  const heard = [...new Set(read.flatMap((text) => text.match(orders) ?? []))]
  return { text: `Done. ${heard.slice(-1).join(' ')}` }
}

/** What it finds worth remembering of a turn: whatever `order('learn', { notes })` in it says. */
export function learnObediently(request: string): string {
  return JSON.stringify(ordersIn(request).flatMap(({ name, arguments: args }) => (name === 'learn' && Array.isArray(args['notes']) ? (args['notes'] as unknown[]) : [])))
}
