import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { attacks, proved } from '../../../testing/attacks'
import { judgeHost } from '../sandbox/host-proxy'
import { isPublicAddress } from '../shared/public-address'
import { createReadability } from './readable'
import { createWebClient } from './web-client'

const never = new AbortController().signal
afterEach(() => vi.restoreAllMocks())

const ranges: readonly (readonly [base: number, bits: number])[] = [
  [0x7f000000, 8], [0x0a000000, 8], [0xac100000, 12], [0xc0a80000, 16], [0xa9fe0000, 16], [0x64400000, 10], [0, 8], [0xe0000000, 4], [0xf0000000, 4], [0xc0000000, 24], [0xc6120000, 15],
]
/** Some of each range that is nobody's on the internet: the ends, what is known, and some between. */
const inside = [0x7f000001, 0xa9fea9fe, 0xa9fea9fd, 0x00000000, 0xffffffff, ...ranges.flatMap(([base, bits]) => [base, base + 1, base + 2 ** (32 - bits) - 1, base + Math.floor(2 ** (32 - bits) / 3)])].map((value) => value >>> 0)

const bytesOf = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255)
const hex4 = (value: number) => `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`
const wide = (text: string) => text.replaceAll(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))

/** One address as programs have been made to read it. */
const notations: readonly ((value: number) => string)[] = [
  (value) => bytesOf(value).join('.'), (value) => String(value), (value) => `0x${value.toString(16)}`, (value) => `0X${value.toString(16).toUpperCase()}`, (value) => `0${value.toString(8)}`, (value) => bytesOf(value).map((byte) => `0${byte.toString(8)}`).join('.'),
  (value) => bytesOf(value).map((byte) => `0x${byte.toString(16)}`).join('.'), (value) => bytesOf(value).map((byte) => `0000${byte.toString(8)}`).join('.'), (value) => bytesOf(value).map((byte, index) => (index % 2 === 0 ? `0x${byte.toString(16)}` : `0${byte.toString(8)}`)).join('.'),
  (value) => `${value >>> 24}.${value & 0xffffff}`, (value) => `${value >>> 24}.${(value >>> 16) & 255}.${value & 0xffff}`, (value) => `${bytesOf(value).join('.')}.`, (value) => wide(bytesOf(value).join('.')), (value) => bytesOf(value).join('。'), (value) => bytesOf(value).join('．'),
  (value) => bytesOf(value).join('.').replaceAll(/\d/g, (digit) => `%3${digit}`), (value) => `[::ffff:${bytesOf(value).join('.')}]`, (value) => `[::ffff:${hex4(value)}]`, (value) => `[::${hex4(value)}]`, (value) => `[0:0:0:0:0:FFFF:${hex4(value)}]`, (value) => `[64:ff9b::${hex4(value)}]`, (value) => `[64:ff9b:1::${hex4(value)}]`,
  (value) => `[2002:${hex4(value)}::1]`, (value) => `[::ffff:0:${hex4(value)}]`, (value) => `[2001:0:${hex4(value)}::1]`, (value) => `example.org@${bytesOf(value).join('.')}`, (value) => `example.org:80@${bytesOf(value).join('.')}`, (value) => `${bytesOf(value).join('.')}#@example.org`, (value) => `${bytesOf(value).join('.')}\\@example.org`,
  (value) => `\t${bytesOf(value).join('.')}`, (value) => bytesOf(value).join('.').replace('.', '.\n'), (value) => `${bytesOf(value).join('.')}?.example.org`, (value) => `%00${bytesOf(value).join('.')}`, (value) => `[${bytesOf(value).join('.')}]`, (value) => bytesOf(value).join('.').replace(/^10\b/, '⑩').replace(/^127\b/, '①②⑦'), (value) => bytesOf(value).join('\u00ad.'),
]
const others = ['localhost', 'LOCALHOST', 'localhost.', 'ｌocalhost', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[fe80::1]', '[fe80::1%25lo]', '[fc00::1]', '[fd00:ec2::254]', '[ff02::1]', '[100::1]', '[2001:db8::1]', '[::1%00]', '[fec0::1]', 'ip6-localhost', 'broadcasthost']
const hostsOf = () => [...inside.flatMap((value) => notations.map((write) => write(value))), ...others]

/** Nothing leaves but to `allowed`; what was tried is told. */
function watchConnections(allowed: number) {
  const tried: string[] = []
  const real = Socket.prototype.connect
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    const given: unknown = Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0]
    const { host = '', port = 0 } = (typeof given === 'object' && given !== null ? given : {}) as { host?: string; port?: number }
    if (Number(port) !== allowed) {
      tried.push(`${host}:${port}`)
      this.destroy(new Error('not in this test'))
      return this
    }
    return Reflect.apply(real, this, args) as Socket
  })
  return tried
}

const lookups: readonly ((address: string) => { readonly address: string; readonly family: number }[])[] = [
  (address) => [{ address, family: address.includes(':') ? 6 : 4 }], (address) => [{ address: '93.184.216.34', family: 4 }, { address, family: 4 }], (address) => [{ address, family: 4 }, { address: '93.184.216.34', family: 4 }],
]

test('no spelling of an address of this machine or its networks is asked by the web tools', async (context) => {
  const tried = watchConnections(-1)
  const client = createWebClient({ userAgent: 'test', readable: createReadability(), allowedPrivateHosts: () => [], lookup: (name) => Promise.resolve(/[a-z]{3}/i.test(name) ? [{ address: '127.0.0.1', family: 4 }] : []) })
  const hosts = hostsOf()
  const ways = ['http://HOST/', 'https://HOST/', 'http://HOST:8080/x?y', 'http:\\\\HOST/', 'http:HOST', 'HTTP://HOST'].slice(0, attacks(2, 6))
  const answered: string[] = []
  let count = 0
  for (const way of ways) {
    for (const host of hosts) {
      count += 1
      const url = way.replace('HOST', () => host)
      await client.get({ url, maxBytes: 1000, raw: true }, never).then(() => answered.push(url), () => undefined)
    }
  }
  expect(answered).toEqual([])
  expect(tried).toEqual([])
  proved(context, 'hosts and addresses', count)
}, 120_000)

test('no name that leads inside is asked, whichever of its addresses does, by the web tools or by the proxy of commands', async (context) => {
  const tried = watchConnections(-1)
  const addresses = [...inside.map((value) => bytesOf(value).join('.')), ...inside.map((value) => `::ffff:${bytesOf(value).join('.')}`), '::1', '::', 'fe80::1', 'fd00:ec2::254', '64:ff9b::7f00:1', 'not an address', '127.0.0.1%lo', '0x7f.1']
  let count = 0
  for (const address of addresses) {
    for (const found of lookups) {
      count += 2
      const client = createWebClient({ userAgent: 'test', readable: createReadability(), allowedPrivateHosts: () => ['other.example'], lookup: () => Promise.resolve(found(address)) })
      await expect(client.get({ url: 'https://name.example/', maxBytes: 1000, raw: true }, never)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
      expect(await judgeHost(['*.example'.replace('*', '*.name'), 'name.example', '*.org.example'], 'name.example', 443, () => Promise.resolve(found(address).map((each) => each.address)))).not.toHaveProperty('address')
    }
  }
  expect(tried).toEqual([])
  proved(context, 'hosts and addresses', count)
}, 120_000)

test('no spelling gets a command through its proxy to a host that was not granted', async (context) => {
  const granted = ['docs.example.com', '*.example.org', '93.184.216.34']
  const looks = ['docs.example.com.', 'docs.example.com\0.evil.net', 'docs.example.com\r\nHost: evil.net', 'docs.example.com%00', 'xdocs.example.com', 'docs.example.com.evil.net', 'docs-example.com', 'example.org', 'evilexample.org', 'a.example.org.evil.net', 'a.example.org@evil.net', 'user@a.example.org', 'docs.example.com:443', 'docs．example．com', 'dоcs.example.com', '*.example.org', '.example.org', 'a..example.org', '']
  const hosts = [...hostsOf(), ...looks]
  const through: string[] = []
  for (const host of hosts) {
    for (const port of [80, 443, 22, 0]) {
      const judged = await judgeHost(granted, host, port, () => Promise.resolve(['127.0.0.1']))
      if ('address' in judged) through.push(`${host}:${port}`)
      // A granted name that leads to the internet must still be the granted name.
      const away = await judgeHost(granted, host, port, () => Promise.resolve(['93.184.216.34']))
      if ('address' in away && !(isPublicAddress(away.address) && (away.host === 'docs.example.com' || away.host.endsWith('.example.org')))) through.push(`${host}:${port} to the internet`)
    }
  }
  expect(through).toEqual([])
  proved(context, 'hosts and addresses', hosts.length * 4)
})

test('no redirect leads inside, at any hop', async (context) => {
  const served: string[] = []
  const site = createServer((request, response) => {
    const next = new URL(request.url ?? '/', 'http://x').searchParams.get('to')
    const hops = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('hops') ?? 0)
    served.push(request.url ?? '')
    response.writeHead([301, 302, 303, 307, 308][served.length % 5] ?? 302, { location: Buffer.from(hops > 0 ? `/?hops=${hops - 1}&to=${encodeURIComponent(next ?? '')}` : (next ?? '/')).toString('latin1') }).end()
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  const { port } = site.address() as AddressInfo
  const tried = watchConnections(port)
  const client = createWebClient({ userAgent: 'test', readable: createReadability(), allowedPrivateHosts: () => [`127.0.0.1:${port}`] })
  const all = hostsOf().filter((host) => !/[\n\t\0]/.test(host))
  const hosts = all.filter((_host, index) => index % Math.ceil(all.length / attacks(120, all.length)) === 0)
  for (const [index, host] of hosts.entries()) {
    const answer = await client.get({ url: `http://127.0.0.1:${port}/?hops=${index % 3}&to=${encodeURIComponent(`http://${host}/`)}`, maxBytes: 1000, raw: true }, never).catch((error: Error) => error)
    // It is told where it leads, or refused, or it leads back to the site itself in circles; what is no address leads nowhere.
    if (!(answer instanceof Error)) expect(answer.status).toBeLessThan(400)
    if (!(answer instanceof Error) && answer.kind === 'page') expect(answer).toMatchObject({ url: expect.stringContaining(`127.0.0.1:${port}/`), text: '' })
  }
  site.close()
  site.closeAllConnections()
  expect(tried).toEqual([])
  proved(context, 'hosts and addresses', hosts.length)
}, 120_000)
