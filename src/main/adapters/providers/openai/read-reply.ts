import type { Usage } from '#contract/common'
import { AppError } from '#core/errors'
import type { FinishReason } from '#core/ports/model-provider'
import type { FinishedReply, ReplyWriter } from '../reply/reply-stream'
import { toToolCalls } from '../reply/tool-call'
import { createToolCallCollector } from './tool-call-collector'
import type { Chunk, Delta, WireUsage } from './wire'

/** The name of the field a server sends its reasoning in. */
export type ReasoningField = 'reasoning_content' | 'reasoning'

/**
 * Reads chunks to their end. Throws STREAM_CUT when they end without a finish reason; a connection that breaks after
 * it lost nothing but perhaps the usage.
 */
export async function readReply(
  chunks: AsyncIterable<Chunk>,
  writer: ReplyWriter,
  providerName: string,
  onReasoningField: (field: ReasoningField) => void,
): Promise<FinishedReply> {
  const calls = createToolCallCollector()
  let finish: string | null = null
  let usage: WireUsage | null = null
  let thinking = ''

  function readRest(delta: Delta) {
    const reasoning = delta.reasoning_content || delta.reasoning
    if (typeof reasoning === 'string' && reasoning !== '') {
      if (thinking === '') onReasoningField(delta.reasoning_content ? 'reasoning_content' : 'reasoning')
      thinking += reasoning
      writer.thinking(reasoning)
    }
    if (delta.refusal) writer.text(delta.refusal)
    if (!Array.isArray(delta.tool_calls)) return
    for (const call of delta.tool_calls) {
      const begun = calls.add(call)
      const written = call.function?.arguments
      if (typeof written === 'string') writer.grow(written.length)
      if (begun !== null) writer.toolCall(begun)
    }
  }

  try {
    for await (const chunk of chunks) {
      writer.parsed()
      const choice = chunk?.choices?.[0]
      if (chunk?.usage) usage = chunk.usage
      if (choice === undefined) continue
      const delta = choice.delta ?? choice.message
      if (delta) {
        const content = delta.content
        // The common chunk is text and nothing else; the rest may come beside it.
        if (typeof content === 'string' && content !== '') writer.text(content)
        readRest(delta)
      }
      if (choice.finish_reason) finish = choice.finish_reason
      const room = writer.room()
      if (room !== null) await room
    }
  } catch (error) {
    if (finish === null || error instanceof AppError) throw error
  }

  if (finish === null || finish === 'error') throw cut(providerName)
  const written = calls.collected()
  const finishReason = toFinishReason(finish, written.length > 0)
  return {
    thinking: thinking === '' ? [] : [{ text: thinking }],
    toolCalls: toToolCalls(written, finishReason),
    finishReason,
    usage: toUsage(usage),
  }
}

function toFinishReason(wire: string, hasCalls: boolean): FinishReason {
  if (wire === 'length' || wire === 'max_tokens') return 'length'
  if (wire === 'content_filter') return 'content_filter'
  return hasCalls ? 'tool_calls' : 'stop'
}

function toUsage(wire: WireUsage | null): Usage | null {
  const inputTokens = toCount(wire?.prompt_tokens)
  const outputTokens = toCount(wire?.completion_tokens)
  if (inputTokens + outputTokens === 0) return null
  const cached = toCount(wire?.prompt_tokens_details?.cached_tokens ?? wire?.prompt_cache_hit_tokens)
  return { inputTokens, outputTokens, cachedTokens: Math.min(cached, inputTokens), totalTokens: inputTokens + outputTokens, estimated: false }
}

function toCount(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.round(value) : 0
}

function cut(providerName: string): AppError {
  return new AppError('STREAM_CUT', `The reply of ${providerName} ended before it was finished; what arrived is kept, try again.`)
}
