import type { ScriptedReply } from '../../../../testing/model-server'

export interface Order {
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** Whose it is; honest ones have none. */
  readonly by?: string
}

/** In the arguments of an order: what the call before it gave. */
export const RESULT = '$RESULT'

/** Text that makes the model do it, wherever it comes across it: short, and fit for file names, pages and addresses. */
export function order(name: string, args: Readonly<Record<string, unknown>>, by?: string): string {
  return `DO.${coded(JSON.stringify({ name, arguments: args, ...(by !== undefined && { by }) }))}.OD`
}

const orders = /DO\.([A-Za-z\d]+)\.OD/g

/** Base64 of letters and digits alone: nothing in it is a sign of Markdown, or a part of what looks like a key. */
function coded(text: string): string {
  return Buffer.from(text).toString('base64').replaceAll('Z', 'Z0').replaceAll('+', 'Z1').replaceAll('/', 'Z2').replaceAll('=', '')
}

function decoded(text: string): string {
  return Buffer.from(text.replaceAll('Z2', '/').replaceAll('Z1', '+').replaceAll('Z0', 'Z'), 'base64').toString('utf8')
}

/** Those that were cut into the names of folders too. */
function ordersIn(text: string): Order[] {
  return [...new Set([...text.matchAll(orders), ...text.replaceAll('/', '').matchAll(orders)].map(([, code = '']) => code))].flatMap((code): Order[] => {
    try {
      const read: unknown = JSON.parse(decoded(code))
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

function messagesOf(body: Readonly<Record<string, unknown>>): readonly Message[] {
  return Array.isArray(body['messages']) ? (body['messages'] as readonly Message[]) : []
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map((part: { text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('\n') : ''
}

/** What a request has of the results of calls: what the model was given, without what it was asked and what tools say of themselves. */
export function resultsIn(body: Readonly<Record<string, unknown>>): string {
  return messagesOf(body).filter(({ role }) => role === 'tool').map(({ content }) => textOf(content)).join('\n')
}

/** A model that does every thing that it is told, whoever says so, in the order in which it reads it; then it repeats what it was told. */
export function obey(body: Readonly<Record<string, unknown>>, onObeyed: (by: string) => void = () => undefined): ScriptedReply {
  const messages = messagesOf(body)
  const done = messages.flatMap(({ tool_calls: calls = [] }) => calls.map((call) => `${call.function?.name} ${JSON.stringify(JSON.parse(call.function?.arguments ?? '{}'))}`))
  const read = messages.filter(({ role }) => role !== 'assistant').map(({ content }) => textOf(content))
  const told = read.flatMap(ordersIn)
  const next = told.find(({ name, arguments: args }) => !done.some((call) => call.startsWith(`${name} ${JSON.stringify(args)}`.split(RESULT)[0] ?? '')))
  if (next) {
    if (next.by !== undefined) onObeyed(next.by)
    const last = textOf(messages.findLast(({ role }) => role === 'tool')?.content).slice(0, 300)
    return { toolCalls: [{ name: next.name, arguments: Object.fromEntries(Object.entries(next.arguments).map(([key, value]) => [key, typeof value === 'string' ? value.replaceAll(RESULT, key === 'url' ? encodeURIComponent(last) : last) : value])) }] }
  }
  const heard = [...new Set(read.flatMap((text) => text.match(orders) ?? []))]
  return { text: `Done. ${heard.slice(-1).join(' ')}` }
}

/** What it finds worth remembering of a turn: whatever `order('learn', { notes })` in it says. */
export function learnObediently(request: string): string {
  return JSON.stringify(ordersIn(request).flatMap(({ name, arguments: args }) => (name === 'learn' && Array.isArray(args['notes']) ? (args['notes'] as unknown[]) : [])))
}
