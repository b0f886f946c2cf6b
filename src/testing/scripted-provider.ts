import type { Usage } from '#contract/common'
import type { Thinking, ToolCall } from '#contract/entries'
import { AppError } from '#core/errors'
import type { FinishReason, ModelEvent, ModelProvider, ModelRequest } from '#core/ports/model-provider'

/** One reply of the fake model. */
export interface FakeReply {
  readonly text?: string
  readonly thinking?: string
  readonly toolCalls?: readonly (Pick<ToolCall, 'name'> & Partial<ToolCall>)[]
  readonly finishReason?: FinishReason
  readonly usage?: Usage | null
  /** Ends with this error, after `text`. */
  readonly error?: AppError
  /** Streams `text`, then waits until it is stopped. */
  readonly hang?: boolean
  /** Breaks the provider's promise not to throw. */
  readonly throws?: Error
  /** Awaited before anything is streamed. */
  readonly until?: Promise<unknown>
}

export interface ScriptedProvider extends ModelProvider {
  readonly requests: readonly ModelRequest[]
}

/** A model that says what the script says, reply by reply; a function sees the request. */
export function createScriptedProvider(script: readonly FakeReply[] | ((request: ModelRequest, index: number) => FakeReply)): ScriptedProvider {
  const requests: ModelRequest[] = []
  return {
    requests,
    listModels: () => Promise.resolve([]),
    stream: async function* (request, signal): AsyncGenerator<ModelEvent, void, void> {
      const index = requests.push(request) - 1
      const reply = typeof script === 'function' ? script(request, index) : script[index]
      if (!reply) throw new Error(`the script has no reply for request ${index + 1}`)
      await reply.until
      if (reply.throws) throw reply.throws
      for (const part of chunks(reply.thinking)) yield { type: 'thinking', delta: part }
      for (const part of chunks(reply.text)) yield { type: 'text', delta: part }
      if (reply.hang) await untilAborted(signal)
      if (signal.aborted) yield { type: 'aborted' }
      else if (reply.error) yield { type: 'error', error: reply.error }
      else yield done(reply, index)
    },
  }
}

function done(reply: FakeReply, index: number): ModelEvent {
  const toolCalls = (reply.toolCalls ?? []).map((call, place) => ({ id: `call-${index + 1}-${place + 1}`, arguments: {}, ...call }))
  const thinking: Thinking[] = reply.thinking === undefined ? [] : [{ text: reply.thinking }]
  const usage = reply.usage === undefined ? { inputTokens: 10, outputTokens: 5, cachedTokens: 0, totalTokens: 15, estimated: false } : reply.usage
  return { type: 'done', text: reply.text ?? '', thinking, toolCalls, usage, finishReason: reply.finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop') }
}

function chunks(text = ''): string[] {
  return text.match(/\S+\s*|\s+/g) ?? []
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => { resolve() }, { once: true })
  })
}
