import { BlockList, isIP } from 'node:net'

/**
 * What the registries of special-purpose addresses (IANA, RFC 6890 and after) keep from the public internet, and the prefixes that
 * carry an IPv4 address inside: whoever translates them reaches what the inner address says.
 */
const special: readonly (readonly [address: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'], ['10.0.0.0', 8, 'ipv4'], ['100.64.0.0', 10, 'ipv4'], ['127.0.0.0', 8, 'ipv4'], ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'], ['192.0.0.0', 24, 'ipv4'], ['192.0.2.0', 24, 'ipv4'], ['192.31.196.0', 24, 'ipv4'], ['192.52.193.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'], ['192.168.0.0', 16, 'ipv4'], ['192.175.48.0', 24, 'ipv4'], ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'], ['203.0.113.0', 24, 'ipv4'], ['224.0.0.0', 3, 'ipv4'],
]
/** Of IPv6 only this is global unicast, and of it not these. */
const globalUnicast = ['2000::', 3] as const
const specialWithinGlobal: readonly (readonly [address: string, prefix: number])[] = [
  ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['2620:4f:8000::', 48], ['3fff::', 20], ['5f00::', 16],
]

const refused = new BlockList()
for (const [address, prefix, family] of special) refused.addSubnet(address, prefix, family)
for (const [address, prefix] of specialWithinGlobal) refused.addSubnet(address, prefix, 'ipv6')
const global6 = new BlockList()
global6.addSubnet(...globalUnicast, 'ipv6')

/** Whether a connection to this address leaves the machine and its networks. False for what is no address at all. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4')
    case 6:
      // A zone is only for links.
      return !address.includes('%') && global6.check(address, 'ipv6') && !refused.check(address, 'ipv6')
    default:
      return false
  }
}
