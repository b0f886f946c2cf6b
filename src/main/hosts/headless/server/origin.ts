import type { IncomingHttpHeaders } from 'node:http'
import { networkInterfaces } from 'node:os'
import { AppError } from '#core/errors'

const loopbackNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])
const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

export function isLoopbackHost(host: string): boolean {
  return loopbackNames.has(nameOf(host))
}

/** How a bound address is written in a URL. */
export function nameOf(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host.toLowerCase()
}

/**
 * Judges by which name the server was reached, so that a foreign name that resolves to this machine (DNS rebinding)
 * is refused. Ports are not compared: a tunnel may use another one.
 */
export function checkHost(headers: IncomingHttpHeaders, boundHost: string): AppError | null {
  const name = hostNameOf(headers.host)
  if (name !== null && allowedNames(boundHost).has(name)) return null
  return new AppError('PERMISSION_DENIED', 'This server answers only under its own address.')
}

/** A browser tells which page asks. Only our own page may; scripts send no origin. */
export function checkOrigin(headers: IncomingHttpHeaders, { navigation }: { readonly navigation: boolean }): AppError | null {
  const { origin } = headers
  const foreign = origin === undefined ? isForeignSite(headers['sec-fetch-site']) && !navigation : origin !== `http://${headers.host}`
  return foreign ? new AppError('PERMISSION_DENIED', 'Pages of other origins may not use this server.') : null
}

function isForeignSite(site: string | string[] | undefined): boolean {
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

function hostNameOf(header: string | undefined): string | null {
  return /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(header ?? '')?.[1]?.toLowerCase() ?? null
}

function allowedNames(boundHost: string): ReadonlySet<string> {
  if (!wildcards.has(boundHost)) return new Set([...loopbackNames, nameOf(boundHost)])
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => nameOf(address)))
  return new Set([...loopbackNames, ...addresses])
}
