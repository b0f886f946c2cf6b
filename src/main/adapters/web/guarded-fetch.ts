import type { LookupAddress } from 'node:dns'
import { lookup as systemLookup } from 'node:dns/promises'
import { type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream as WebStream } from 'node:stream/web'
import { AppError } from '#core/errors'
import { judgeAddresses, parseTarget, type Target } from './judge-url'

export type GuardedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/**
 * `fetch` over Node's HTTP client, to exactly the address that was judged: nothing on this machine or in its networks, but for `allowed`
 * (`host` or `host:port`). Redirects are never followed, bodies are not unpacked, and there are no cookies. Throws AppError: PERMISSION_DENIED, NETWORK_ERROR.
 */
export function createGuardedFetch({ userAgent, allowed, lookup = (host) => systemLookup(host, { all: true }) }: {
  readonly userAgent: string
  readonly allowed: readonly string[]
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>
}): GuardedFetch {
  return async (url, init = {}) => {
    const target = parseTarget(String(url))
    const family = isIP(target.host)
    const addresses = family === 0 ? await lookup(target.host).catch(() => []) : [{ address: target.host, family }]
    const [pinned] = addresses
    if (!pinned) throw new AppError('NETWORK_ERROR', `There is no server called ${target.host}, or it cannot be found now.`)
    judgeAddresses(target, addresses.map(({ address }) => address), allowed)
    init.signal?.throwIfAborted()
    const body = init.body === undefined || init.body === null ? null : Buffer.from(await new Response(init.body).arrayBuffer())
    const message = await send(target, pinned, headersOf(init, body, target, userAgent), init.method ?? 'GET', body, init.signal ?? null)
    return toResponse(message)
  }
}

function headersOf(init: RequestInit, body: Buffer | null, { url }: Target, userAgent: string): Record<string, string> {
  const given = Object.fromEntries(new Headers(init.headers).entries())
  // A form names its kind itself.
  const kind = init.body instanceof URLSearchParams && given['content-type'] === undefined ? { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' } : {}
  return { 'user-agent': userAgent, accept: '*/*', ...kind, ...given, host: url.host, 'accept-encoding': 'identity', ...(body && { 'content-length': String(body.length) }) }
}

function send({ url, host, port }: Target, pinned: LookupAddress, headers: Record<string, string>, method: string, body: Buffer | null, signal: AbortSignal | null): Promise<IncomingMessage> {
  const options: RequestOptions = {
    host, port, method, headers, path: `${url.pathname}${url.search}`, agent: false, ...(signal && { signal }),
    // The name is not looked up again: what was judged is what is connected to.
    lookup: (_name, wanted, done) => (wanted.all === true ? done(null, [pinned]) : done(null, pinned.address, pinned.family)),
  }
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps({ ...options, ...(isIP(host) === 0 && { servername: host }) }) : requestHttp(options)
    request.once('response', resolve)
    request.on('error', (cause) => reject(signal?.aborted === true ? cause : new AppError('NETWORK_ERROR', `${url.host} cannot be reached${'code' in cause ? ` (${String(cause.code)})` : ''}.`, { cause })))
    request.end(body ?? undefined)
  })
}

function toResponse(message: IncomingMessage): Response {
  const status = message.statusCode ?? 502
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) for (const each of Array.isArray(value) ? value : [value ?? '']) headers.append(name, each)
  // Answers without a body may not have an empty one.
  if ([204, 205, 304].includes(status)) {
    message.resume()
    return new Response(null, { status, headers })
  }
  return new Response(Readable.toWeb(message) as WebStream<Uint8Array> as unknown as ReadableStream<Uint8Array>, { status: status < 200 ? 502 : status, headers })
}
