/**
 * Hosts that a command may reach: `example.com`, `*.example.com` (names below it, not itself), or one address, each with `:port`
 * where it is not 80 or 443. Names are compared in ASCII, whole labels only.
 */
export interface HostPattern {
  readonly host: string
  /** Names below `host`, not `host` itself. */
  readonly below: boolean
  /** Null: 80 and 443. */
  readonly port: number | null
}

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?'
const NAME = new RegExp(`^(?:${label}\\.)*${label}$`)
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/
const IPV6 = /^\[[0-9a-f:]{2,39}\]$/
const usualPorts: readonly number[] = [80, 443]

/** Null for anything that is not plainly a host: with user, path, blanks, odd characters, or a number that only some read as an address. */
export function parseHostPattern(text: string): HostPattern | null {
  const [, star, host = '', port] = /^(\*\.)?(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text.toLowerCase()) ?? []
  const plain = plainHost(host)
  if (plain === null || (star !== undefined && (isAddress(plain) || !plain.includes('.')))) return null
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return null
  return { host: plain, below: star !== undefined, port: port === undefined ? null : Number(port) }
}

/** As it is compared: lower case, without the dot that ends a full name. Null: no host that everybody reads the same way. */
export function plainHost(host: string): string | null {
  const lower = host.toLowerCase()
  if (lower.length > 253) return null
  if (IPV4.test(lower) || IPV6.test(lower)) return lower
  // Programs read 127.1, 0x7f.1 and 2130706433 as addresses: a name has a letter in its last part.
  if (!NAME.test(lower) || /^(?:\d+|0x[0-9a-f]*)$/.test(lower.slice(lower.lastIndexOf('.') + 1))) return null
  return lower
}

export function isAddress(host: string): boolean {
  return IPV4.test(host) || IPV6.test(host)
}

/** The pattern that lets this host through; null: none. */
export function findHostPattern(patterns: readonly string[], host: string, port: number): HostPattern | null {
  const plain = plainHost(host)
  if (plain === null) return null
  for (const text of patterns) {
    const pattern = parseHostPattern(text)
    if (!pattern) continue
    const fits = pattern.below ? plain.endsWith(`.${pattern.host}`) && !isAddress(plain) : plain === pattern.host
    if (fits && (pattern.port === null ? usualPorts.includes(port) : pattern.port === port)) return pattern
  }
  return null
}

/** Whether everything that `wanted` lets through is let through by one of `granted`. */
export function coversHost(granted: readonly string[], wanted: string): boolean {
  const want = parseHostPattern(wanted)
  if (!want) return false
  return granted.some((text) => {
    const have = parseHostPattern(text)
    if (!have || have.port !== want.port) return false
    if (have.below) return want.host.endsWith(`.${have.host}`) || (want.below && want.host === have.host)
    return !want.below && want.host === have.host
  })
}

/**
 * Whether the person who granted the pattern meant this machine or its network: only an address or `localhost` says so. A name on the
 * internet that leads to such an address does not.
 */
export function meansOwnNetwork(pattern: HostPattern): boolean {
  return !pattern.below && (isAddress(pattern.host) || pattern.host === 'localhost')
}
