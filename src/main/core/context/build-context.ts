import type { Attachment } from '#contract/attachments'
import type { Entry, PayloadOf } from '#contract/entries'
import type { ContextPart } from '#contract/sessions'
import type { ModelMessage, ToolSpec } from '../ports/model-provider'
import { estimateTokens } from '../models/usage'
import { splitModelId } from '../models/provider-configs'
import { type EntryMessage, entryMessage } from './entry-messages'

const EXCERPT_CHARS = 2000
const LABEL_CHARS = 80

/** What a model call is sent, and what it is made of. Tokens are estimates. */
export interface ModelContext {
  readonly system: string
  readonly messages: readonly ModelMessage[]
  readonly tools: readonly ToolSpec[]
  readonly items: readonly ContextItem[]
  readonly tokens: number
}

export interface ContextItem {
  readonly kind: ContextPart['kind']
  readonly entry: Entry | null
  readonly tokens: number
  readonly message: ModelMessage | null
  /** Of what is part of the instructions. */
  readonly text?: string
}

export interface ContextInput {
  /** Root to head. */
  readonly path: readonly Entry[]
  readonly system: string
  /** The rules that shape the agent: the last part of the instructions. */
  readonly behavior?: string
  /** What is remembered and fits, fenced: it stands before what the person said last. */
  readonly memory?: string
  readonly tools: readonly ToolSpec[]
  readonly modelId: string | null
}

/**
 * The newest summary on the path stands for what it covers; outputs that were discarded stay out; every tool call
 * has its results right behind it, in the order of the calls, and one that has none gets a word that says so.
 */
export function buildContext({ path, system, behavior = '', memory = '', tools, modelId }: ContextInput): ModelContext {
  const { summary, visible, discarded } = visibleEntries(path)
  const items: ContextItem[] = [
    { kind: 'system', entry: null, tokens: estimateTokens(system), message: null, text: system },
    ...(behavior === '' ? [] : [{ kind: 'behavior' as const, entry: null, tokens: estimateTokens(behavior), message: null, text: behavior }]),
    ...(tools.length > 0 ? [{ kind: 'tools' as const, entry: null, tokens: toolTokens(tools), message: null }] : []),
  ]
  if (summary) items.push(summaryItem(summary.entry, summary.payload))
  for (const item of orderResults(visible)) items.push(contextItem(item, discarded, modelId))
  if (memory !== '') placeMemory(items, memory)
  const messages: ModelMessage[] = []
  let tokens = 0
  for (const item of items) {
    if (item.message) messages.push(item.message)
    tokens += item.tokens
  }
  return { system: behavior === '' ? system : `${system}\n\n${behavior}`, tools, items, messages, tokens }
}

export function describeContext(context: ModelContext): ContextPart[] {
  return context.items.flatMap(({ kind, entry, tokens, message, text }) => {
    const attachments = message?.role === 'user' ? (message.attachments ?? []) : []
    const parts = attachments.map((attachment) => attachmentPart(attachment, entry?.id ?? null))
    const own: ContextPart = {
      kind, entryId: entry?.id ?? null,
      tokens: parts.reduce((left, part) => left - part.tokens, tokens),
      label: labelOf(kind, context, message),
      excerpt: (text ?? excerptOf(kind, context, message)).slice(0, EXCERPT_CHARS),
    }
    return [own, ...parts]
  })
}

function attachmentPart({ name, path, lines, tokens, excerpt, kind }: Attachment, entryId: string | null): ContextPart {
  const place = `${path ?? name}${lines ? `:${lines.from}–${lines.to}` : ''}`
  return { kind: 'attachment', entryId, tokens, label: place, excerpt: kind === 'image' ? 'An image.' : excerpt }
}

export function visibleEntries(path: readonly Entry[]): {
  readonly summary: { readonly entry: Entry; readonly payload: PayloadOf<'summary'> } | null
  readonly visible: readonly EntryMessage[]
  readonly discarded: ReadonlySet<string>
} {
  const discarded = new Set<string>()
  let summary: { entry: Entry; payload: PayloadOf<'summary'> } | null = null
  for (const entry of path) {
    if (entry.payload.kind === 'summary') summary = { entry, payload: entry.payload }
    if (entry.payload.kind === 'context_discard') for (const id of entry.payload.entryIds) discarded.add(id)
  }
  const kept = new Set(summary?.payload.keptEntryIds)
  const until = summary ? path.findIndex(({ id }) => id === summary.payload.untilEntryId) : -1
  const visible: EntryMessage[] = []
  for (const [index, entry] of path.entries()) {
    const message = index > until || kept.has(entry.id) ? entryMessage(entry) : null
    if (message) visible.push(message)
  }
  return { summary, visible, discarded }
}

/** Right before the newest message of the person: what came before stays as it was for the caches of providers. */
function placeMemory(items: ContextItem[], text: string): void {
  const newest = items.findLastIndex(({ kind }) => kind === 'user')
  const item: ContextItem = { kind: 'memory', entry: null, tokens: estimateTokens(text), message: { role: 'user', text } }
  items.splice(newest === -1 ? items.length : newest, 0, item)
}

function summaryItem(entry: Entry, payload: PayloadOf<'summary'>): ContextItem {
  const message: ModelMessage = { role: 'user', text: `[Summary of the earlier conversation, made by Trestle]\n${payload.text}` }
  return { kind: 'summary', entry, tokens: estimateTokens(message.text), message }
}

function contextItem({ entry, message, tokens }: EntryMessage, discarded: ReadonlySet<string>, modelId: string | null): ContextItem {
  if (message.role === 'user') return { kind: 'user', entry, tokens, message }
  if (message.role === 'assistant') return { kind: 'assistant', entry, tokens, message: ownThinking(entry, message, modelId) }
  if (!discarded.has(entry.id)) return { kind: 'tool_result', entry, tokens, message }
  const note = `[The output of this ${message.toolName} call was left out to save room. Call the tool again if it is needed.]`
  return { kind: 'discarded', entry, tokens: estimateTokens(note), message: { ...message, content: note } }
}

/** Reasoning goes back only to the provider that wrote it. */
function ownThinking(entry: Entry, message: Extract<ModelMessage, { role: 'assistant' }>, modelId: string | null): ModelMessage {
  if (message.thinking.length === 0 || entry.payload.kind !== 'assistant_message') return message
  const same = modelId !== null && splitModelId(entry.payload.model).provider === splitModelId(modelId).provider
  return same ? message : { ...message, thinking: [] }
}

function orderResults(visible: readonly EntryMessage[]): EntryMessage[] {
  const results = new Map<string, EntryMessage>()
  for (const item of visible) if (item.message.role === 'tool') results.set(item.message.callId, item)
  const ordered: EntryMessage[] = []
  for (const item of visible) {
    if (item.message.role === 'tool') continue
    ordered.push(item)
    if (item.message.role === 'user') continue
    for (const call of item.message.toolCalls) ordered.push(results.get(call.id) ?? missingResult(item.entry, call.id, call.name))
  }
  return ordered
}

function missingResult(entry: Entry, callId: string, toolName: string): EntryMessage {
  const content = '[This call was not carried out.]'
  return { entry, tokens: estimateTokens(content), message: { role: 'tool', callId, toolName, content, isError: true } }
}

const toolSizes = new WeakMap<readonly ToolSpec[], number>()
function toolTokens(tools: readonly ToolSpec[]): number {
  const known = toolSizes.get(tools) ?? estimateTokens(JSON.stringify(tools))
  toolSizes.set(tools, known)
  return known
}

function labelOf(kind: ContextPart['kind'], { tools }: ModelContext, message: ModelMessage | null): string {
  if (kind === 'system') return 'Instructions'
  if (kind === 'behavior') return 'Rules'
  if (kind === 'tools') return tools.length === 1 ? '1 tool' : `${tools.length} tools`
  if (kind === 'summary') return 'Summary'
  if (kind === 'memory') return 'Memory'
  if (message?.role === 'tool') return message.toolName
  const calls = message?.role === 'assistant' ? `calls ${message.toolCalls.map(({ name }) => name).join(', ')}` : ''
  return (message?.text || calls).slice(0, LABEL_CHARS).replace(/\s+/g, ' ').trim()
}

function excerptOf(kind: ContextPart['kind'], context: ModelContext, message: ModelMessage | null): string {
  if (kind === 'tools') return context.tools.map(({ name, description }) => `${name}: ${description}`).join('\n')
  if (message?.role === 'tool') return message.content
  if (message?.role === 'assistant') return [message.text, ...message.toolCalls.map((call) => `${call.name} ${JSON.stringify(call.arguments)}`)].filter(Boolean).join('\n')
  return message?.text ?? ''
}
