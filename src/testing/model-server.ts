import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { LEARN_PROMPT_START } from '../main/core/memory/agent/learn-by-model'
import { errorBodyOf, framesOf, type Dialect, type ScriptedReply } from './model-replies'

export type { ScriptedReply, ScriptedToolCall } from './model-replies'

export interface ModelServerRequest {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** The parsed JSON body. */
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Replies in order, or a function of the request and its number (from 0). An async function holds the answer back
 * until it resolves. A list that is used up answers 400, which nobody retries.
 */
export type ModelScript =
  | readonly ScriptedReply[]
  | ((request: ModelServerRequest, index: number) => ScriptedReply | Promise<ScriptedReply>)

export interface ModelServer {
  /** Base URL for both SDKs: paths are matched by how they end. */
  readonly url: string
  /** What was asked so far, model lists not counted. */
  readonly requests: readonly ModelServerRequest[]
  /** Resolves when `count` requests have arrived. */
  received(count: number): Promise<void>
  /** Resolves when `count` answers were given up by the client before they ended. */
  abandoned(count: number): Promise<void>
  /** Cuts open connections. */
  close(): Promise<void>
}

/**
 * A scripted model on loopback that speaks OpenAI's chat completions (`…/chat/completions`), Anthropic's messages
 * (`…/messages`), both streamed, and lists `models` (`…/models`).
 *
 * @example
 * const server = await startModelServer([
 *   { toolCalls: [{ name: 'read_file', arguments: { path: 'README.md' } }] },
 *   { text: 'It says hello.' },
 * ])
 */
export async function startModelServer(script: ModelScript, options: { readonly models?: readonly string[]; readonly learnt?: (request: string) => string } = {}): Promise<ModelServer> {
  const requests: ModelServerRequest[] = []
  const received = counter()
  const abandoned = counter()
  const stopped = new AbortController()

  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableFinished && !stopped.signal.aborted) abandoned.add()
    })
    handle(request, response).catch(() => response.destroy())
  })

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (request.method === 'GET' && path.endsWith('/models')) {
      const data = (options.models ?? ['test-model']).map((id) => ({ id, object: 'model', type: 'model', display_name: id, created: 1, owned_by: 'tests' }))
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ object: 'list', data, has_more: false }))
      return
    }
    const dialect: Dialect | null = path.endsWith('/chat/completions') ? 'openai' : path.endsWith('/messages') ? 'anthropic' : null
    if (request.method !== 'POST' || dialect === null) {
      response.writeHead(404).end('{"error":{"message":"no such path"}}')
      return
    }
    const body = await readJson(request)
    // What is asked behind a turn, to learn from it, is no part of a test's script.
    if (JSON.stringify(body).includes(LEARN_PROMPT_START)) {
      return answer(response, { text: options.learnt?.(JSON.stringify(body)) ?? '[]' }, dialect, { model: String(body['model']), index: 0 }, stopped.signal)
    }
    const asked = { path, headers: request.headers, body }
    const index = requests.push(asked) - 1
    received.add()
    const reply = typeof script === 'function' ? await script(asked, index) : script[index]
    await answer(response, reply ?? { status: 400, error: `the script has no reply for request ${index + 1}` }, dialect, { model: String(body['model']), index }, stopped.signal)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the model server has no port')
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests,
    received: received.reached,
    abandoned: abandoned.reached,
    async close() {
      stopped.abort()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(response: ServerResponse, reply: ScriptedReply, dialect: Dialect, asked: { readonly model: string; readonly index: number }, stopped: AbortSignal) {
  if (reply.hang === 'before') return
  if (reply.status !== undefined && reply.status !== 200) {
    if (reply.delayMs !== undefined) await sleep(reply.delayMs, undefined, { signal: stopped })
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers }).end(errorBodyOf(reply, dialect))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...reply.headers })
  response.flushHeaders()
  if (reply.hang === 'headers') return

  const { frames, endFrames } = framesOf(reply, dialect, asked.model, asked.index)
  if (reply.hang === 'after' && endFrames > 0) frames.splice(-endFrames)
  if (reply.cutAfterBytes !== undefined) return cut(response, frames, reply.cutAfterBytes, reply.cutBy ?? 'reset')

  for (const batch of reply.delayMs === undefined ? batchesOf(frames) : frames) {
    if (reply.delayMs !== undefined) await sleep(reply.delayMs, undefined, { signal: stopped })
    if (response.destroyed) return
    if (!response.write(batch)) await drained(response)
  }
  if (reply.hang !== 'after') response.end()
}

/** Or closed. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle).off('close', settle)
      resolve()
    }
    response.on('drain', settle).on('close', settle)
  })
}

/** A client that is slow to read must still see every byte before a reset, so the reset waits for the flush. */
async function cut(response: ServerResponse, frames: readonly string[], bytes: number, how: 'reset' | 'end') {
  const body = Buffer.from(frames.join('')).subarray(0, bytes)
  if (how === 'end') return void response.end(body)
  await new Promise<void>((resolve) => response.write(body, () => resolve()))
  response.destroy()
}

function* batchesOf(frames: readonly string[]): Generator<string> {
  for (let start = 0; start < frames.length; start += 200) yield frames.slice(start, start + 200).join('')
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  if (typeof body !== 'object' || body === null) throw new Error('the request body is not an object')
  return { ...body }
}

function counter() {
  const waiters = new Set<{ readonly count: number; readonly resolve: () => void }>()
  let seen = 0
  return {
    add() {
      seen += 1
      for (const waiter of waiters) {
        if (waiter.count > seen) continue
        waiters.delete(waiter)
        waiter.resolve()
      }
    },
    reached: (count: number) =>
      new Promise<void>((resolve) => {
        if (seen >= count) resolve()
        else waiters.add({ count, resolve })
      }),
  }
}
