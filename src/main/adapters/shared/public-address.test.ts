import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './public-address'

describe('addresses', () => {
  it.each([
    '1.1.1.1', '8.8.8.8', '93.184.216.34', '172.15.255.255', '172.32.0.0', '100.63.255.255', '100.128.0.0', '169.253.255.255', '223.255.255.255',
    '2606:4700:4700::1111', '2a00:1450:4001:82b::200e', '2003::1',
  ])('%s is on the public internet', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each([
    '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '127.0.0.1', '127.255.255.255', '169.254.169.254', '172.16.0.1', '172.31.255.255',
    '192.168.1.1', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255',
    '::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1',
    '2002:7f00:1::', '3fff::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'ff02::1', 'fec0::1', '2606:4700::1%eth0', '5f00::1',
    '', 'localhost', '127.1', '0x7f000001', '2130706433', '017700000001', '1.1.1.1.', ' 1.1.1.1', '[::1]', '1.1.1.1:80',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })

  it('of this machine and its networks are none of them public, however they are written in IPv6', () => {
    fc.assert(fc.property(fc.constantFrom([127], [10], [192, 168], [169, 254], [172, 20], [100, 100], [0]), fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), (start, rest) => {
      const bytes = [...start, ...rest].slice(0, 4)
      const [a = 0, b = 0, c = 0, d = 0] = bytes
      const plain = bytes.join('.')
      const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
      for (const address of [plain, `::ffff:${plain}`, `::ffff:${hex}`, `::${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`, `::ffff:0:${hex}`]) expect(isPublicAddress(address)).toBe(false)
    }))
  })
})
