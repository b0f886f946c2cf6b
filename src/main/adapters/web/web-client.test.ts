import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { WebRequest } from '#core/ports/web'
import { createReadability } from './readable'
import { createWebClient } from './web-client'

const never = new AbortController().signal
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

interface TestSite {
  readonly url: string
  readonly host: string
  readonly asked: IncomingMessage[]
}

async function serve(answer: RequestListener): Promise<TestSite> {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    answer(request, response)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, asked }
}

const client = (options: Partial<Parameters<typeof createWebClient>[0]> = {}) =>
  createWebClient({ userAgent: 'Trestle/test', readable: createReadability(), allowedPrivateHosts: () => [], ...options })
const request = (url: string, more: Partial<WebRequest> = {}): WebRequest => ({ url, maxBytes: 100_000, raw: false, ...more })

describe('a page of the web', () => {
  it('is read as Markdown, with absolute links, without its scripts and pictures', async () => {
    const site = await serve((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(`<html><head><title> The  page </title><script>alert(1)</script></head><body><nav>Menu</nav><article><h1>Heading</h1>
        <p>${'Words of an article, and of some length. '.repeat(10)}<a href="/next">Next</a> <a href="javascript:alert(2)">Trick</a></p>
        <img src="https://away.example/1.png" alt="A cat"><pre><code>let a = 1</code></pre></article></body></html>`)
    })
    const page = await client({ allowedPrivateHosts: () => [site.host] }).get(request(`${site.url}/page`), never)
    expect(page).toMatchObject({ kind: 'page', url: `${site.url}/page`, status: 200, truncated: false })
    const text = page.kind === 'page' ? page.text : ''
    expect(text).toContain(`[Next](${site.url}/next)`)
    expect(text).toContain('[picture: A cat]')
    expect(text).toContain('let a = 1')
    expect(text).not.toMatch(/alert|away\.example|<\w/)
    expect(site.asked[0]?.headers).toMatchObject({ 'user-agent': 'Trestle/test', host: site.host })
    expect(site.asked[0]?.headers.cookie).toBeUndefined()
  })

  it('ends at the limit of bytes, counted after unpacking', async () => {
    const site = await serve((_request, response) => {
      response.setHeader('content-type', 'text/plain')
      response.setHeader('content-encoding', 'gzip')
      response.end(gzipSync(Buffer.alloc(50_000_000, 'a')))
    })
    const page = await client({ allowedPrivateHosts: () => [site.host] }).get(request(site.url, { maxBytes: 1000 }), never)
    expect(page).toMatchObject({ truncated: true, bytes: 1000, text: 'a'.repeat(1000) })
  })

  it('is read in the character set that it names', async () => {
    const site = await serve((_request, response) => {
      response.setHeader('content-type', 'text/plain; charset=iso-8859-1')
      response.end(Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65]))
    })
    expect(await client({ allowedPrivateHosts: () => [site.host] }).get(request(site.url), never)).toMatchObject({ text: 'Grüße' })
  })

  it('that is no text is refused', async () => {
    const site = await serve((_request, response) => {
      response.setHeader('content-type', 'image/png')
      response.end('x')
    })
    await expect(client({ allowedPrivateHosts: () => [site.host] }).get(request(site.url), never)).rejects.toMatchObject({ code: 'FILE_BINARY' })
  })

  it('whose reading takes too long is given up', async () => {
    await expect(createReadability(1).read(`<div>${'<b>'.repeat(100_000)}`, 'https://a.example/', never)).rejects.toMatchObject({ code: 'NETWORK_ERROR' })
  })

  it('can be given up at any time', async () => {
    const site = await serve(() => undefined)
    const stop = new AbortController()
    const reading = client({ allowedPrivateHosts: () => [site.host] }).get(request(site.url), stop.signal)
    stop.abort(new Error('stopped'))
    await expect(reading).rejects.toThrow()
  })
})

describe('what lies inside', () => {
  const inside = [
    'http://127.0.0.1/', 'http://127.1/', 'http://0x7f.1/', 'http://2130706433/', 'http://017700000001/', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/', 'http://169.254.169.254/latest/meta-data/', 'http://10.0.0.1/', 'http://192.168.0.1/', 'http://0.0.0.0/', 'http://0/',
    'http://１２７.０.０.１/', 'http://127。0。0。1/', 'http://[fe80::1]/', 'http://[64:ff9b::7f00:1]/', 'http://[fd00:ec2::254]/',
  ]

  it.each(inside)('is not reached by %s', async (url) => {
    await expect(client().get(request(url), never)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it.each(['localhost', 'inside.example', 'a.nip.example'])('is not reached through the name %s, also when only one of its addresses is inside', async (name) => {
    const lookup = () => Promise.resolve([{ address: '93.184.216.34', family: 4 }, { address: '127.0.0.1', family: 4 }])
    await expect(client({ lookup }).get(request(`http://${name}/`), never)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it('is not reached by a name that changes its mind: what was judged is what is connected to', async () => {
    const site = await serve((_request, response) => void response.end('inside'))
    let looked = 0
    const lookup = () => Promise.resolve([{ address: (looked += 1) === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }])
    const { port } = new URL(site.url)
    await expect(client({ lookup }).get(request(`http://rebind.example:${port}/`), never)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    expect([looked, site.asked.length]).toEqual([1, 0])
  })

  it('is not reached by being sent there', async () => {
    const target = await serve((_request, response) => void response.end('inside'))
    for (const status of [301, 302, 303, 307, 308]) {
      const site = await serve((_request, response) => {
        response.writeHead(status, { location: target.url }).end()
      })
      expect(await client({ allowedPrivateHosts: () => [site.host] }).get(request(site.url), never)).toEqual({ kind: 'redirect', status, location: `${target.url}/` })
    }
    expect(target.asked).toEqual([])
  })

  it('is reached where a person listed exactly that host', async () => {
    const site = await serve((_request, response) => {
      response.setHeader('content-type', 'text/plain')
      response.end('inside')
    })
    expect(await client({ allowedPrivateHosts: () => [site.host] }).get(request(site.url), never)).toMatchObject({ text: 'inside' })
    await expect(client({ allowedPrivateHosts: () => ['127.0.0.1:1'] }).get(request(site.url), never)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })
})

describe('an address', () => {
  it.each([
    ['file:///etc/passwd', 'INVALID_PARAMETERS'], ['ftp://a.example/', 'INVALID_PARAMETERS'], ['javascript:1', 'INVALID_PARAMETERS'], ['a.example', 'INVALID_PARAMETERS'],
    ['https://user:secret@a.example/', 'INVALID_PARAMETERS'], ['https://a.example./', 'INVALID_PARAMETERS'], ['http://a.example:22/', 'PERMISSION_DENIED'],
    ['http://a.example:6379/', 'PERMISSION_DENIED'], ['http://a.example:6667/', 'PERMISSION_DENIED'], ['http://\0a.example/', 'INVALID_PARAMETERS'],
  ])('%s is refused', async (url, code) => {
    const lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }])
    await expect(client({ lookup }).get(request(url), never)).rejects.toMatchObject({ code })
  })

  it('that leads in circles is given up', async () => {
    const site = await serve((_request, response) => void response.writeHead(302, { location: '/again' }).end())
    await expect(client({ allowedPrivateHosts: () => [site.host] }).get(request(site.url), never)).rejects.toMatchObject({ code: 'NETWORK_ERROR' })
    expect(site.asked).toHaveLength(6)
  })
})
