import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  ThinkingConfigParam,
  ToolResultBlockParam,
  ToolUnion,
} from '@anthropic-ai/sdk/resources/messages'
import type { ModelMessage, ModelRequest } from '#core/ports/model-provider'
import { normaliseConversation } from '../reply/conversation'

/** How a model is asked to think: `adaptive` decides by itself, `budget` wants a number of tokens. */
export type ThinkingStyle = 'adaptive' | 'budget'

const cached = { cache_control: { type: 'ephemeral' as const } }
const minBudget = 1024
const maxBudget = 16_000

/**
 * The request with its cache marks, at most four as the API allows: after the tools, after the system prompt, and
 * after the two newest messages of the user, so that the next call finds what this one wrote.
 */
export function toWire(request: ModelRequest, style: ThinkingStyle): MessageCreateParamsStreaming {
  const conversation = normaliseConversation(request.messages)
  const thinking = toThinking(request, style, conversation)
  const system: TextBlockParam[] = request.system === '' ? [] : [{ type: 'text', text: request.system, ...cached }]
  const tools = request.tools.map((tool, index): ToolUnion => ({
    name: tool.name,
    description: tool.description,
    input_schema: { ...tool.parameters, type: 'object' },
    ...(index === request.tools.length - 1 ? cached : {}),
  }))
  return {
    model: request.model,
    stream: true,
    max_tokens: request.maxOutputTokens,
    messages: markNewest(toMessages(conversation, thinking !== null)),
    ...(system.length === 0 ? {} : { system }),
    ...(tools.length === 0 ? {} : { tools }),
    ...(thinking === null ? {} : { thinking }),
  }
}

function toThinking(request: ModelRequest, style: ThinkingStyle, conversation: readonly ModelMessage[]): ThinkingConfigParam | null {
  if (!request.thinking) return null
  if (style === 'adaptive') return { type: 'adaptive', display: 'summarized' }
  const budget = Math.min(maxBudget, Math.floor(request.maxOutputTokens / 2))
  // With a budget, a running tool turn must begin with the thinking that led to it.
  const turn = conversation.slice(conversation.findLastIndex((message) => message.role === 'user') + 1)
  const unthinking = turn.some((message) => message.role === 'assistant' && message.thinking.length === 0)
  return budget < minBudget || unthinking ? null : { type: 'enabled', budget_tokens: budget }
}

interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: ContentBlockParam[]
}

/** Roles alternate and begin with the user; all results of one assistant message are in one message. */
function toMessages(conversation: readonly ModelMessage[], thinks: boolean): Message[] {
  const messages: Message[] = []
  for (const message of conversation) {
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    const blocks = toBlocks(message, thinks)
    if (blocks.length === 0) continue
    const last = messages.at(-1)
    if (last?.role === role) last.content.push(...blocks)
    else messages.push({ role, content: blocks })
  }
  if (messages[0]?.role !== 'user') messages.unshift({ role: 'user', content: [{ type: 'text', text: '(The conversation so far is left out.)' }] })
  if (messages.at(-1)?.role === 'assistant') messages.push({ role: 'user', content: [{ type: 'text', text: 'Go on.' }] })
  return messages
}

function toBlocks(message: ModelMessage, thinks: boolean): ContentBlockParam[] {
  if (message.role === 'user') return userBlocks(message)
  if (message.role === 'tool') {
    const result: ToolResultBlockParam = { type: 'tool_result', tool_use_id: toId(message.callId), content: message.content, is_error: message.isError }
    return [result]
  }
  const blocks: ContentBlockParam[] = []
  for (const block of thinks ? message.thinking : []) {
    if (block.redacted !== undefined) blocks.push({ type: 'redacted_thinking', data: block.redacted })
    else if (block.signature !== undefined) blocks.push({ type: 'thinking', thinking: block.text, signature: block.signature })
  }
  if (message.text.trim() !== '') blocks.push({ type: 'text', text: message.text })
  for (const call of message.toolCalls) blocks.push({ type: 'tool_use', id: toId(call.id), name: call.name, input: call.arguments })
  return blocks
}

/** Images before the words about them, as Anthropic advises. */
function userBlocks({ text, images = [] }: Extract<ModelMessage, { role: 'user' }>): ContentBlockParam[] {
  const blocks: ContentBlockParam[] = images.flatMap(({ mimeType, base64 }) =>
    isTaken(mimeType) ? [{ type: 'image' as const, source: { type: 'base64' as const, media_type: mimeType, data: base64 } }] : [])
  return text.trim() === '' && blocks.length > 0 ? blocks : [...blocks, { type: 'text', text }]
}

function isTaken(mimeType: string): mimeType is 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' {
  return /^image\/(png|jpeg|gif|webp)$/.test(mimeType)
}

/** Calls of other providers may have ids that this one refuses. */
function toId(callId: string): string {
  return /^[\w-]{1,64}$/.test(callId) ? callId : callId.replaceAll(/[^\w-]/g, '_').slice(0, 64)
}

function markNewest(messages: readonly Message[]): MessageParam[] {
  const newest = messages.flatMap((message, index) => (message.role === 'user' ? [index] : [])).slice(-2)
  return messages.map((message, index) => {
    if (!newest.includes(index)) return message
    const content = message.content.map((block, position): ContentBlockParam => {
      const isLast = position === message.content.length - 1
      return isLast && (block.type === 'text' || block.type === 'tool_result') ? { ...block, ...cached } : block
    })
    return { role: message.role, content }
  })
}
