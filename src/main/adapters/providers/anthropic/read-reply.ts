import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { Usage } from '#contract/common'
import type { Thinking } from '#contract/entries'
import { AppError } from '#core/errors'
import type { FinishReason } from '#core/ports/model-provider'
import type { FinishedReply, ReplyWriter } from '../reply/reply-stream'
import { toToolCalls, type WrittenToolCall } from '../reply/tool-call'

interface Tokens {
  readonly input_tokens?: number | null
  readonly cache_creation_input_tokens?: number | null
  readonly cache_read_input_tokens?: number | null
  readonly output_tokens?: number | null
}

type Block =
  | { readonly kind: 'text' }
  | { readonly kind: 'thinking'; text: string; signature: string }
  | { readonly kind: 'redacted'; readonly data: string }
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly input: unknown; json: string }
  | { readonly kind: 'other' }

/** Reads events to the stop reason. Throws STREAM_CUT when there is none; a break after it loses nothing. */
export async function readReply(events: AsyncIterable<RawMessageStreamEvent>, writer: ReplyWriter, providerName: string): Promise<FinishedReply> {
  const blocks = new Map<number, Block>()
  let tokens: Tokens = {}
  let stopReason: string | null = null
  let hasText = false

  function readEvent(event: RawMessageStreamEvent) {
    switch (event.type) {
      case 'message_start':
        tokens = { ...event.message.usage }
        return
      case 'content_block_start': {
        const block = toBlock(event.content_block)
        blocks.set(event.index, block)
        if (block.kind === 'call') writer.toolCall(block.name)
        if (block.kind === 'thinking' && block.text !== '') writer.thinking(block.text)
        if (event.content_block.type === 'text') {
          // Texts of one message were apart, for instance by thinking between them.
          const text = (hasText ? '\n\n' : '') + event.content_block.text
          if (text !== '') writer.text(text)
          hasText = true
        }
        return
      }
      case 'content_block_delta':
        return readDelta(event)
      case 'message_delta':
        stopReason = event.delta.stop_reason ?? stopReason
        tokens = { ...tokens, ...definedOf(event.usage) }
        return
      case 'content_block_stop':
      case 'message_stop':
        return
    }
  }

  function readDelta({ delta, index }: Extract<RawMessageStreamEvent, { type: 'content_block_delta' }>) {
    const block = blocks.get(index)
    if (delta.type === 'thinking_delta' && block?.kind === 'thinking') {
      block.text += delta.thinking
      writer.thinking(delta.thinking)
    } else if (delta.type === 'signature_delta' && block?.kind === 'thinking') {
      block.signature += delta.signature
    } else if (delta.type === 'input_json_delta' && block?.kind === 'call') {
      block.json += delta.partial_json
      writer.grow(delta.partial_json.length)
    }
  }

  try {
    for await (const event of events) {
      writer.parsed()
      // The common event is a piece of text.
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') writer.text(event.delta.text)
      else readEvent(event)
      const room = writer.room()
      if (room !== null) await room
    }
  } catch (error) {
    if (stopReason === null || error instanceof AppError) throw error
  }

  if (stopReason === null) {
    throw new AppError('STREAM_CUT', `The reply of ${providerName} ended before it was finished; what arrived is kept, try again.`)
  }
  const inOrder = [...blocks.entries()].sort(([left], [right]) => left - right).map(([, block]) => block)
  const written = inOrder.flatMap((block) => (block.kind === 'call' ? [toWritten(block)] : []))
  const finishReason = toFinishReason(stopReason, written.length > 0)
  return {
    thinking: inOrder.flatMap(toThinking),
    toolCalls: toToolCalls(written, finishReason),
    finishReason,
    usage: toUsage(tokens),
  }
}

function toBlock(block: Extract<RawMessageStreamEvent, { type: 'content_block_start' }>['content_block']): Block {
  switch (block.type) {
    case 'text':
      return { kind: 'text' }
    case 'thinking':
      return { kind: 'thinking', text: block.thinking, signature: block.signature ?? '' }
    case 'redacted_thinking':
      return { kind: 'redacted', data: block.data }
    case 'tool_use':
      return { kind: 'call', id: block.id, name: block.name, input: block.input, json: '' }
    default:
      return { kind: 'other' }
  }
}

function toWritten(block: Extract<Block, { kind: 'call' }>): WrittenToolCall {
  const givenWhole = block.json === '' && typeof block.input === 'object' && block.input !== null && Object.keys(block.input).length > 0
  return { id: block.id, name: block.name, json: givenWhole ? JSON.stringify(block.input) : block.json }
}

function toThinking(block: Block): Thinking[] {
  if (block.kind === 'redacted') return [{ text: '', redacted: block.data }]
  if (block.kind !== 'thinking') return []
  return [block.signature === '' ? { text: block.text } : { text: block.text, signature: block.signature }]
}

function toFinishReason(stopReason: string, hasCalls: boolean): FinishReason {
  if (stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded') return 'length'
  if (stopReason === 'refusal') return 'content_filter'
  return hasCalls ? 'tool_calls' : 'stop'
}

/** The provider counts what it read from its cache, what it wrote there and the rest apart; together they are the input. */
function toUsage(tokens: Tokens): Usage | null {
  const cachedTokens = tokens.cache_read_input_tokens ?? 0
  const inputTokens = (tokens.input_tokens ?? 0) + (tokens.cache_creation_input_tokens ?? 0) + cachedTokens
  const outputTokens = tokens.output_tokens ?? 0
  if (inputTokens === 0 && outputTokens === 0) return null
  return { inputTokens, outputTokens, cachedTokens, totalTokens: inputTokens + outputTokens, estimated: false }
}

function definedOf(tokens: Tokens | undefined): Tokens {
  return Object.fromEntries(Object.entries(tokens ?? {}).filter(([, value]) => typeof value === 'number'))
}
