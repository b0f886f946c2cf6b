import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { demoModel } from './model-name'
import type { DemoReply } from './scripted-agent'

export interface SendOptions {
  readonly stream: boolean
  readonly withUsage: boolean
  readonly promptTokens: number
  readonly delayMs: number
}

/** Sends the reply as chat completions do: word by word, or whole when no stream was asked for. */
export async function sendReply(response: ServerResponse, reply: DemoReply, options: SendOptions): Promise<void> {
  const id = `chatcmpl-${randomUUID()}`
  const toolCalls = reply.toolCall === undefined
    ? []
    : [{ index: 0, id: `call_${randomUUID()}`, type: 'function', function: { name: reply.toolCall.name, arguments: JSON.stringify(reply.toolCall.arguments) } }]
  const thinking = wordsOf(reply.thinking ?? '')
  const words = wordsOf(reply.text)
  const completionTokens = thinking.length + words.length + toolCalls.length * 20
  const usage = { prompt_tokens: options.promptTokens, completion_tokens: completionTokens, total_tokens: options.promptTokens + completionTokens }
  const finishReason = toolCalls.length > 0 ? 'tool_calls' : 'stop'
  const head = { id, created: Math.floor(Date.now() / 1000), model: demoModel }

  if (!options.stream) {
    const message = { role: 'assistant', content: reply.text, ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }) }
    const choices = [{ index: 0, message, finish_reason: finishReason }]
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ...head, object: 'chat.completion', choices, usage }))
    return
  }

  const closed = new AbortController()
  response.on('close', () => closed.abort())
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  const send = (fields: object) => response.write(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...fields })}\n\n`)
  const sendDelta = (delta: object, finish: string | null = null) => send({ choices: [{ index: 0, delta, finish_reason: finish }] })

  sendDelta({ role: 'assistant', content: '' })
  const deltas = [...thinking.map((word) => ({ reasoning_content: word })), ...words.map((word) => ({ content: word }))]
  for (const delta of deltas) {
    if (options.delayMs > 0) await sleep(options.delayMs, undefined, { signal: closed.signal })
    if (closed.signal.aborted) return
    sendDelta(delta)
  }
  if (toolCalls.length > 0) sendDelta({ tool_calls: toolCalls })
  sendDelta({}, finishReason)
  if (options.withUsage) send({ choices: [], usage })
  response.end('data: [DONE]\n\n')
}

function wordsOf(text: string): string[] {
  return text.match(/\s*\S+\s*/g) ?? []
}
