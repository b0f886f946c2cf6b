import { isIP } from 'node:net'
import { AppError } from '#core/errors'
import { isPublicAddress } from '../shared/public-address'

/** Ports of other protocols (the Fetch standard's list, above 1023): what they answer to a request may do harm there. */
const otherProtocols = new Set([1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080])

export interface Target {
  readonly url: URL
  /** Without the brackets of an IPv6 address. */
  readonly host: string
  readonly port: number
}

/** A web address as it will be asked. AppError INVALID_PARAMETERS, or PERMISSION_DENIED for what is never asked. */
export function parseTarget(text: string): Target {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new AppError('INVALID_PARAMETERS', 'This is no web address: it has to begin with https:// or http://.')
  }
  if (url.username !== '' || url.password !== '') throw new AppError('INVALID_PARAMETERS', 'The address carries a name or a password; those are never sent.')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (host === '' || host.endsWith('.')) throw new AppError('INVALID_PARAMETERS', 'The name of the server in the address is not complete.')
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  if ((port < 1024 && port !== 80 && port !== 443) || otherProtocols.has(port)) {
    throw new AppError('PERMISSION_DENIED', `Port ${port} is not one of the web.`)
  }
  return { url, host, port }
}

/** AppError PERMISSION_DENIED when one of the addresses behind a name is not a public one. `allowed`: `host` or `host:port`. */
export function judgeAddresses({ host, port }: Target, addresses: readonly string[], allowed: readonly string[]): void {
  if (allowed.includes(`${host}:${port}`) || allowed.includes(host)) return
  const inside = addresses.find((address) => !isPublicAddress(address))
  if (inside === undefined && addresses.length > 0) return
  const what = isIP(host) === 0 ? `${host} leads to ${inside ?? 'no address'}, which` : `${host}`
  throw new AppError('PERMISSION_DENIED', `${what} is not on the public internet. Servers of this machine and its networks are reached only when a person lists them in Settings.`)
}

/** `www.` does not make it another place. */
export function isSameHost(a: URL, b: URL): boolean {
  const plain = ({ hostname }: URL) => hostname.replace(/^www\./, '')
  return plain(a) === plain(b) && (a.port === b.port || (a.port === '' && b.port === ''))
}
