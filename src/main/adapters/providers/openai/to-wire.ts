import type { ChatCompletionContentPart, ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { ModelImage, ModelMessage, ModelRequest } from '#core/ports/model-provider'
import { normaliseConversation } from '../reply/conversation'
import type { ReasoningField } from './read-reply'

/** What a server has shown to need or refuse. */
export interface Dialect {
  readonly outputLimit: 'max_tokens' | 'max_completion_tokens'
  readonly streamOptions: boolean
  /** The model takes tools only when told not to reason. */
  readonly reasoningOff: boolean
  /** Where reasoning of the running turn is sent back, or null. Servers that want it refuse tool results without it. */
  readonly reasoningField: ReasoningField | null
}

export function toWire(request: ModelRequest, dialect: Dialect): ChatCompletionCreateParamsStreaming {
  const tools = request.tools.map((tool) => ({
    type: 'function' as const,
    function: { name: tool.name, description: tool.description, parameters: { ...tool.parameters } },
  }))
  return {
    model: request.model,
    stream: true,
    messages: toMessages(request, dialect.reasoningField),
    [dialect.outputLimit]: request.maxOutputTokens,
    ...(tools.length === 0 ? {} : { tools }),
    ...(dialect.streamOptions ? { stream_options: { include_usage: true } } : {}),
    ...(dialect.reasoningOff ? { reasoning_effort: 'none' as const } : {}),
  }
}

function toMessages(request: ModelRequest, reasoningField: ReasoningField | null): ChatCompletionMessageParam[] {
  const conversation = normaliseConversation(request.messages)
  const turnStart = conversation.findLastIndex((message) => message.role === 'user')
  const messages = conversation.map((message, index) => wireMessage(message, index > turnStart ? reasoningField : null))
  return request.system === '' ? messages : [{ role: 'system', content: request.system }, ...messages]
}

/** Messages never change, and nearly all of a request were in the one before. */
const memo = new WeakMap<ModelMessage, ChatCompletionMessageParam>()

function wireMessage(message: ModelMessage, reasoningField: ReasoningField | null): ChatCompletionMessageParam {
  if (message.role === 'assistant' && message.thinking.length > 0) return toMessage(message, reasoningField)
  const known = memo.get(message)
  if (known) return known
  const wire = toMessage(message, reasoningField)
  memo.set(message, wire)
  return wire
}

function toMessage(message: ModelMessage, reasoningField: ReasoningField | null): ChatCompletionMessageParam {
  if (message.role === 'user') return { role: 'user', content: message.images?.length ? userParts(message.text, message.images) : message.text }
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: toResult(message) }
  const reasoning = message.thinking.map((block) => block.text).join('\n')
  return {
    role: 'assistant',
    content: message.text === '' ? null : message.text,
    ...(message.toolCalls.length === 0
      ? {}
      : {
          tool_calls: message.toolCalls.map((call) => ({
            id: call.id,
            type: 'function' as const,
            function: { name: call.name, arguments: JSON.stringify(call.arguments) },
          })),
        }),
    ...(reasoningField === null || reasoning === '' ? {} : { [reasoningField]: reasoning }),
  }
}

function userParts(text: string, images: readonly ModelImage[]): ChatCompletionContentPart[] {
  const parts: ChatCompletionContentPart[] = images.map(({ mimeType, base64 }) => ({ type: 'image_url', image_url: { url: `data:${mimeType};base64,${base64}` } }))
  return text.trim() === '' ? parts : [...parts, { type: 'text', text }]
}

/** The interface has no flag for failed calls, so the text says it. */
function toResult({ content, isError }: Extract<ModelMessage, { role: 'tool' }>): string {
  return isError && !/^error\b/i.test(content) ? `Error: ${content}` : content
}
