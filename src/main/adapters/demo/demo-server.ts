import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { DemoServer } from '#core/ports/model-provider'
import { DemoRequestSchema, readTurn } from './conversation'
import { demoModel } from './model-name'
import { decideReply } from './scripted-agent'
import { sendReply } from './send-reply'

export interface DemoServerOptions {
  /** Between words, in ms. */
  readonly delayMs?: number
}

const maxBodyBytes = 30_000_000

/** A scripted model on a free loopback port. `start` gives the base URL for an OpenAI-compatible client, the same as long as it runs. */
export function createDemoServer({ delayMs = 15 }: DemoServerOptions = {}): DemoServer {
  let running: Promise<{ server: Server; url: string }> | null = null

  return {
    async start() {
      running ??= listen(delayMs)
      try {
        return (await running).url
      } catch (error) {
        running = null
        throw error
      }
    },
    async stop() {
      const stopping = running
      running = null
      const started = await stopping?.catch(() => null)
      if (!started) return
      const closed = once(started.server, 'close')
      started.server.close()
      started.server.closeAllConnections()
      await closed
    },
  }
}

async function listen(delayMs: number): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    handle(request, response, delayMs).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the demo server has no port')
  return { server, url: `http://127.0.0.1:${address.port}/v1` }
}

async function handle(request: IncomingMessage, response: ServerResponse, delayMs: number): Promise<void> {
  // Web pages have no business here.
  if (request.headers.origin !== undefined) return refuse(response, 403, 'not for web pages')
  if (request.method === 'GET' && request.url === '/v1/models') {
    const pricing = { prompt: '0', completion: '0' }
    const model = { id: demoModel, object: 'model', created: 0, owned_by: 'trestle', name: 'Scripted demo', context_length: 128_000, pricing }
    return sendJson(response, 200, { object: 'list', data: [model] })
  }
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return refuse(response, 404, 'no such path')
  const body = await readBody(request)
  if (body === null) return refuse(response, 413, 'the request is too large')
  const parsed = DemoRequestSchema.safeParse(parseJson(body))
  if (!parsed.success) return refuse(response, 400, 'this is not a chat completions request')
  if (parsed.data.model !== demoModel) return refuse(response, 404, `the model ${parsed.data.model.slice(0, 100)} does not exist, there is only ${demoModel}`)
  await sendReply(response, decideReply(readTurn(parsed.data)), {
    stream: parsed.data.stream,
    withUsage: parsed.data.stream_options?.include_usage === true,
    promptTokens: Math.ceil(body.length / 4),
    delayMs,
  })
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function refuse(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'invalid_request_error', code: null } })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > maxBodyBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
