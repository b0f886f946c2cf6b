/** What the model server of the tests answers to one request. */
export interface ScriptedReply {
  /** Streamed word by word, one frame each. */
  readonly text?: string
  /** Streamed before the text: `reasoning_content` in OpenAI's form, a signed thinking block in Anthropic's. */
  readonly thinking?: string
  /** `arguments` given as a string are sent as they are, valid JSON or not. */
  readonly toolCalls?: readonly ScriptedToolCall[]
  /** By default `tool_calls` when there are calls, else `stop`. Null: the stream ends without one. */
  readonly finishReason?: 'stop' | 'tool_calls' | 'length' | 'content_filter' | null
  /** Null: none is sent. By default input 100 and one output token per frame of content. */
  readonly usage?: { readonly input: number; readonly output: number; readonly cached?: number } | null
  /** An error answer instead of a stream: any status but 200. */
  readonly status?: number
  /** The error's message, or the whole body when it is an object. */
  readonly error?: string | Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  /** Before the first frame and between frames. */
  readonly delayMs?: number
  /** After this many bytes of the body the connection ends, as `cutBy` says. */
  readonly cutAfterBytes?: number
  /** `reset` (default) destroys the socket; `end` finishes the response as if all was well. */
  readonly cutBy?: 'reset' | 'end'
  /** `before` never answers; `headers` sends only those; `after` sends the content and then nothing more, no end either. */
  readonly hang?: 'before' | 'headers' | 'after'
  /** The whole body, written by hand. */
  readonly raw?: string
}

export interface ScriptedToolCall {
  /** By default `call_<request>_<call>`, both from 1. */
  readonly id?: string
  readonly name: string
  readonly arguments: Readonly<Record<string, unknown>> | string
}

export type Dialect = 'openai' | 'anthropic'

const argumentChunk = 8

/** The frames of a reply as server-sent events. The last `endFrames` of them tell that the reply is over. */
export function framesOf(reply: ScriptedReply, dialect: Dialect, model: string, requestIndex: number): { frames: string[]; endFrames: number } {
  if (reply.raw !== undefined) return { frames: [reply.raw], endFrames: 0 }
  return dialect === 'openai' ? openAiFrames(reply, model, requestIndex) : anthropicFrames(reply, model, requestIndex)
}

/** The body of an error answer. */
export function errorBodyOf(reply: ScriptedReply, dialect: Dialect): string {
  if (typeof reply.error === 'object') return JSON.stringify(reply.error)
  const message = reply.error ?? `scripted error ${reply.status}`
  return JSON.stringify(
    dialect === 'openai' ? { error: { message, type: 'error', code: null } } : { type: 'error', error: { type: 'api_error', message } },
  )
}

function openAiFrames(reply: ScriptedReply, model: string, requestIndex: number) {
  const frames: string[] = []
  const chunk = (fields: object) => `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, ...fields })}\n\n`
  const delta = (fields: object, finishReason: string | null = null) =>
    frames.push(chunk({ choices: [{ index: 0, delta: fields, finish_reason: finishReason }] }))

  delta({ role: 'assistant', content: '' })
  for (const piece of piecesOf(reply.thinking)) delta({ reasoning_content: piece })
  for (const piece of piecesOf(reply.text)) delta({ content: piece })
  for (const [index, call] of (reply.toolCalls ?? []).entries()) {
    delta({ tool_calls: [{ index, id: idOf(call, requestIndex, index), type: 'function', function: { name: call.name, arguments: '' } }] })
    for (const piece of argumentPieces(call)) delta({ tool_calls: [{ index, function: { arguments: piece } }] })
  }

  const contentFrames = frames.length
  const finish = finishOf(reply)
  if (finish !== null) delta({}, finish)
  const usage = usageOf(reply, contentFrames)
  if (usage !== null) {
    frames.push(chunk({
      choices: [],
      usage: {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
        prompt_tokens_details: { cached_tokens: usage.cached },
      },
    }))
  }
  if (finish !== null) frames.push('data: [DONE]\n\n')
  return { frames, endFrames: frames.length - contentFrames }
}

function anthropicFrames(reply: ScriptedReply, model: string, requestIndex: number) {
  const frames: string[] = []
  const event = (type: string, fields: object) => frames.push(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`)
  const usage = usageOf(reply, 1)
  const inputUsage = { input_tokens: (usage?.input ?? 0) - (usage?.cached ?? 0), cache_read_input_tokens: usage?.cached ?? 0, cache_creation_input_tokens: 0 }
  let index = 0
  const block = (start: object, deltas: readonly object[]) => {
    event('content_block_start', { index, content_block: start })
    for (const delta of deltas) event('content_block_delta', { index, delta })
    event('content_block_stop', { index })
    index += 1
  }

  event('message_start', {
    message: { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null, usage: { ...inputUsage, output_tokens: 1 } },
  })
  if (reply.thinking !== undefined) {
    const deltas = piecesOf(reply.thinking).map((thinking) => ({ type: 'thinking_delta', thinking }))
    block({ type: 'thinking', thinking: '', signature: '' }, [...deltas, { type: 'signature_delta', signature: 'signature-1' }])
  }
  if (reply.text !== undefined) block({ type: 'text', text: '' }, piecesOf(reply.text).map((text) => ({ type: 'text_delta', text })))
  for (const [position, call] of (reply.toolCalls ?? []).entries()) {
    const deltas = argumentPieces(call).map((piece) => ({ type: 'input_json_delta', partial_json: piece }))
    block({ type: 'tool_use', id: idOf(call, requestIndex, position), name: call.name, input: {} }, deltas)
  }

  const contentFrames = frames.length
  const finish = finishOf(reply)
  if (finish !== null) {
    const stopReason = { stop: 'end_turn', tool_calls: 'tool_use', length: 'max_tokens', content_filter: 'refusal' }[finish]
    event('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage: { ...inputUsage, output_tokens: usage?.output ?? contentFrames } })
    event('message_stop', {})
  }
  return { frames, endFrames: frames.length - contentFrames }
}

function finishOf(reply: ScriptedReply) {
  if (reply.finishReason !== undefined) return reply.finishReason
  return (reply.toolCalls?.length ?? 0) > 0 ? 'tool_calls' : 'stop'
}

function usageOf(reply: ScriptedReply, contentFrames: number) {
  if (reply.usage === null) return null
  return { input: reply.usage?.input ?? 100, output: reply.usage?.output ?? contentFrames, cached: reply.usage?.cached ?? 0 }
}

function idOf(call: ScriptedToolCall, requestIndex: number, index: number): string {
  return call.id ?? `call_${requestIndex + 1}_${index + 1}`
}

/** Words with the white space that follows them. */
function piecesOf(text: string | undefined): string[] {
  return text?.match(/\s*\S+\s*|\s+/gu) ?? []
}

function argumentPieces(call: ScriptedToolCall): string[] {
  const json = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments)
  const pieces: string[] = []
  for (let start = 0; start < json.length; start += argumentChunk) pieces.push(json.slice(start, start + argumentChunk))
  return pieces
}
