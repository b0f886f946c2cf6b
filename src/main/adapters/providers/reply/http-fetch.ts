import { type ClientRequest, type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { createMessageReader } from './message-reader'

type Fetch = typeof globalThis.fetch

/**
 * What the SDKs need of `fetch`, over Node's own HTTP client: about half of what a call costs otherwise goes into web streams
 * and copies of requests. Redirects are errors. The body of a stream of events is nothing but what its reader needs; all
 * other answers are ordinary responses. A connection that is kept and turns out to be closed is replaced once, silently.
 */
export const httpFetch: Fetch = async (input, init = {}) => {
  const { body, signal } = init
  if (typeof input !== 'string' || (body !== undefined && body !== null && typeof body !== 'string')) return globalThis.fetch(input, init)
  signal?.throwIfAborted()
  const url = new URL(input)
  const options: RequestOptions = { method: init.method ?? 'GET', headers: headersOf(init.headers, body ?? null) }
  const message = await send(url, options, body ?? null, signal ?? null)
  if (isRedirect(message.statusCode)) {
    message.destroy()
    throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') })
  }
  return toResponse(message)
}

function headersOf(given: RequestInit['headers'] | undefined, body: string | null): Record<string, string> {
  const headers = Object.fromEntries(new Headers(given))
  if (body !== null) headers['content-length'] = String(Buffer.byteLength(body))
  return headers
}

function send(url: URL, options: RequestOptions, body: string | null, signal: AbortSignal | null, isSecond = false): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request: ClientRequest = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, isSecond ? { ...options, agent: false } : options)
    const abort = (): void => void request.destroy(toError(signal?.reason))
    signal?.addEventListener('abort', abort, { once: true })
    const forget = (): void => signal?.removeEventListener('abort', abort)
    request.once('response', resolve)
    request.once('close', () => {
      forget()
      // Nothing happens when there was an answer or an error; a server that changes the protocol gives neither.
      reject(new TypeError('fetch failed', { cause: new Error('the connection was closed without an answer') }))
    })
    request.on('error', (error) => {
      forget()
      if (signal?.aborted === true) return reject(toError(signal.reason))
      // Nothing was read on it: the server had closed the connection before it got this.
      if (!isSecond && request.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) {
        return resolve(send(url, options, body, signal, true))
      }
      reject(new TypeError('fetch failed', { cause: error }))
    })
    request.end(body ?? undefined)
  })
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new DOMException('This operation was aborted', 'AbortError')
}

function isRedirect(status = 0): boolean {
  return status >= 300 && status < 400 && status !== 304
}

async function toResponse(message: IncomingMessage): Promise<Response> {
  const headers = new Headers()
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) headers.append(message.rawHeaders[index] ?? '', message.rawHeaders[index + 1] ?? '')
  const init = { status: message.statusCode ?? 200, headers }
  const reader = createMessageReader(message)
  const body = { getReader: () => reader }
  if (headers.get('content-type')?.includes('text/event-stream') === true) {
    return Object.defineProperty(new Response(null, init), 'body', { value: body, configurable: true })
  }
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: () => void message.destroy(),
  }, { highWaterMark: 0 })
  return new Response(init.status === 204 || init.status === 304 ? null : stream, init)
}
