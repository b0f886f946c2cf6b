import type { LookupAddress } from 'node:dns'
import { lookup as systemLookup } from 'node:dns/promises'
import { type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { AppError, isAppError } from '#core/errors'
import type { WebClient, WebPage, WebRedirect, WebRequest } from '#core/ports/web'
import { isSameHost, judgeAddresses, parseTarget, type Target } from './judge-url'
import type { Readability } from './readable'

const MOST_REDIRECTS = 5
const textual = /^(text\/|application\/(json|xml|xhtml\+xml|javascript|ecmascript|rss\+xml|atom\+xml|ld\+json|yaml|x-yaml|toml|[\w.+-]+\+(json|xml))|image\/svg\+xml)/

export interface WebClientOptions {
  readonly userAgent: string
  readonly readable: Readability
  /** `host` or `host:port` that may be on this machine or in its networks. */
  readonly allowedPrivateHosts: () => readonly string[]
  /** The system's when left out. */
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>
}

/** Over Node's HTTP client, one connection per request, to exactly the address that was judged. */
export function createWebClient({ userAgent, readable, allowedPrivateHosts, lookup = (host) => systemLookup(host, { all: true }) }: WebClientOptions): WebClient {
  const resolve = async (target: Target): Promise<LookupAddress> => {
    const family = isIP(target.host)
    const addresses = family === 0 ? await lookup(target.host).catch(() => []) : [{ address: target.host, family }]
    const [first] = addresses
    if (!first) throw new AppError('NETWORK_ERROR', `There is no server called ${target.host}, or it cannot be found now.`, { retryable: true })
    judgeAddresses(target, addresses.map(({ address }) => address), allowedPrivateHosts())
    return first
  }
  const open = async (target: Target, signal: AbortSignal): Promise<IncomingMessage> => {
    const pinned = await resolve(target)
    signal.throwIfAborted()
    return send(target, pinned, userAgent, signal)
  }
  const toPage = async (request: WebRequest, { url }: Target, message: IncomingMessage, signal: AbortSignal): Promise<WebPage> => {
    const contentType = message.headers['content-type'] ?? 'text/plain'
    if (!textual.test(contentType.toLowerCase())) {
      message.destroy()
      throw new AppError('FILE_BINARY', `${url.href} is ${contentType.slice(0, 80)}, not text.`)
    }
    const { body, truncated } = await readBody(message, request.maxBytes, signal)
    const html = decode(body, contentType)
    const isPage = /^(text\/html|application\/xhtml)/i.test(contentType)
    const read = isPage && !request.raw ? await readable.read(html, url.href, signal) : { title: null, text: html }
    return { kind: 'page', url: url.href, status: message.statusCode ?? 0, contentType, ...read, bytes: body.length, truncated }
  }
  return {
    get: async (request, signal): Promise<WebPage | WebRedirect> => {
      let target = parseTarget(request.url)
      for (let hops = 0; ; hops += 1) {
        const message = await open(target, signal)
        const status = message.statusCode ?? 0
        const next = redirectOf(message, target.url)
        if (next === null) return toPage(request, target, message, signal)
        message.destroy()
        const isSafe = isSameHost(next, target.url) && !(target.url.protocol === 'https:' && next.protocol === 'http:')
        if (!isSafe) return { kind: 'redirect', status, location: next.href }
        if (hops === MOST_REDIRECTS) throw new AppError('NETWORK_ERROR', `${target.url.host} leads in circles.`)
        target = parseTarget(next.href)
      }
    },
  }
}

function redirectOf(message: IncomingMessage, base: URL): URL | null {
  const { statusCode = 0, headers } = message
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return null
  return URL.canParse(headers.location, base.href) ? new URL(headers.location, base) : null
}

function send({ url, host, port }: Target, pinned: LookupAddress, userAgent: string, signal: AbortSignal): Promise<IncomingMessage> {
  const options: RequestOptions = {
    host, port, path: `${url.pathname}${url.search}`, agent: false, signal,
    headers: {
      host: url.host, 'user-agent': userAgent, accept: 'text/html,application/xhtml+xml,text/*;q=0.9,application/json;q=0.9,*/*;q=0.1',
      'accept-encoding': 'gzip, deflate, br',
    },
    // The name is not looked up again: what was judged is what is connected to.
    lookup: (_name, wanted, done) => (wanted.all === true ? done(null, [pinned]) : done(null, pinned.address, pinned.family)),
  }
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps({ ...options, ...(isIP(host) === 0 && { servername: host }) }) : requestHttp(options)
    request.once('response', resolve)
    request.on('error', (error) => reject(signal.aborted ? error : unreachable(url, error)))
    request.end()
  })
}

async function readBody(message: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<{ readonly body: Buffer; readonly truncated: boolean }> {
  const stream = unpacked(message)
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const part of stream) {
      const chunk: Buffer = Buffer.isBuffer(part) ? part : Buffer.from(String(part))
      parts.push(chunk.subarray(0, Math.max(0, maxBytes - bytes)))
      bytes += chunk.length
      if (bytes > maxBytes) return { body: Buffer.concat(parts), truncated: true }
    }
    return { body: Buffer.concat(parts), truncated: false }
  } catch (error) {
    signal.throwIfAborted()
    throw isAppError(error) ? error : new AppError('NETWORK_ERROR', 'The answer broke off.', { cause: error, retryable: true })
  } finally {
    stream.destroy()
    message.destroy()
  }
}

/** Sizes are counted after unpacking, so a small answer that unpacks to a huge one ends at the limit. */
function unpacked(message: IncomingMessage): Readable {
  const encoding = message.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const through = encoding === 'gzip' || encoding === 'x-gzip' ? createGunzip() : encoding === 'deflate' ? createInflate() : encoding === 'br' ? createBrotliDecompress() : null
  if (through === null) return message
  message.on('error', (error) => through.destroy(error))
  return message.pipe(through)
}

function decode(body: Buffer, contentType: string): string {
  const named = /charset=["']?([\w.:-]+)/i.exec(contentType)?.[1] ?? /<meta[^>]+charset=["']?([\w.:-]+)/i.exec(body.subarray(0, 2048).toString('latin1'))?.[1]
  try {
    return new TextDecoder(named ?? 'utf-8').decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

function unreachable(url: URL, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const why = code.startsWith('CERT_') || code.includes('SSL') || code.includes('SELF_SIGNED') || code.includes('CERT') ? 'its certificate is not good' : 'it does not answer'
  return new AppError('NETWORK_ERROR', `${url.host} cannot be reached: ${why}${code === '' ? '' : ` (${code})`}.`, { cause, retryable: true })
}
