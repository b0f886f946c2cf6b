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
  readonly label: string
  readonly entry: Entry | null
  readonly tokens: number
  readonly message: ModelMessage | null
}

export interface ContextInput {
  /** Root to head. */
  readonly path: readonly Entry[]
  readonly system: string
  readonly tools: readonly ToolSpec[]
  readonly modelId: string | null
}

/**
 * The newest summary on the path stands for what it covers; outputs that were discarded stay out; every tool call
 * has its results right behind it, in the order of the calls, and one that has none gets a word that says so.
 */
export function buildContext({ path, system, tools, modelId }: ContextInput): ModelContext {
  const { summary, visible, discarded } = visibleEntries(path)
  const items: ContextItem[] = [
    { kind: 'system', label: 'Instructions', entry: null, tokens: estimateTokens(system), message: null },
    ...(tools.length > 0 ? [{ kind: 'tools' as const, label: `${tools.length} tools`, entry: null, tokens: toolTokens(tools), message: null }] : []),
  ]
  if (summary) items.push(summaryItem(summary.entry, summary.payload))
  for (const item of orderResults(visible)) items.push(contextItem(item, discarded, modelId))
  return {
    system, tools, items,
    messages: items.flatMap(({ message }) => message ?? []),
    tokens: items.reduce((sum, item) => sum + item.tokens, 0),
  }
}

export function describeContext(context: ModelContext): ContextPart[] {
  return context.items.map(({ kind, label, entry, tokens, message }) => ({
    kind, label, tokens, entryId: entry?.id ?? null,
    excerpt: excerptOf(kind, context, message).slice(0, EXCERPT_CHARS),
  }))
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
  const visible = path.flatMap((entry, index) => (index > until || kept.has(entry.id) ? (entryMessage(entry) ?? []) : []))
  return { summary, visible, discarded }
}

function summaryItem(entry: Entry, payload: PayloadOf<'summary'>): ContextItem {
  const message: ModelMessage = { role: 'user', text: `[Summary of the earlier conversation, made by Trestle]\n${payload.text}` }
  return { kind: 'summary', label: 'Summary', entry, tokens: estimateTokens(message.text), message }
}

function contextItem({ entry, message, tokens }: EntryMessage, discarded: ReadonlySet<string>, modelId: string | null): ContextItem {
  if (message.role === 'user') return { kind: 'user', label: labelOf(message.text), entry, tokens, message }
  if (message.role === 'assistant') {
    const label = labelOf(message.text || `calls ${message.toolCalls.map(({ name }) => name).join(', ')}`)
    return { kind: 'assistant', label, entry, tokens, message: ownThinking(entry, message, modelId) }
  }
  if (!discarded.has(entry.id)) return { kind: 'tool_result', label: message.toolName, entry, tokens, message }
  const note = `[The output of this ${message.toolName} call was left out to save room. Call the tool again if it is needed.]`
  return { kind: 'discarded', label: message.toolName, entry, tokens: estimateTokens(note), message: { ...message, content: note } }
}

function labelOf(text: string): string {
  return text.slice(0, LABEL_CHARS).replace(/\s+/g, ' ').trim()
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
  return visible.flatMap((item) => {
    if (item.message.role === 'tool') return []
    if (item.message.role === 'user') return [item]
    return [item, ...item.message.toolCalls.map((call) => results.get(call.id) ?? missingResult(item.entry, call.id, call.name))]
  })
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

function excerptOf(kind: ContextPart['kind'], context: ModelContext, message: ModelMessage | null): string {
  if (kind === 'system') return context.system
  if (kind === 'tools') return context.tools.map(({ name, description }) => `${name}: ${description}`).join('\n')
  if (message?.role === 'tool') return message.content
  if (message?.role === 'assistant') return [message.text, ...message.toolCalls.map((call) => `${call.name} ${JSON.stringify(call.arguments)}`)].filter(Boolean).join('\n')
  return message?.text ?? ''
}
