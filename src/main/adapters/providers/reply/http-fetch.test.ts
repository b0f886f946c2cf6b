import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { httpFetch } from './http-fetch'

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { server, url: `http://127.0.0.1:${port}/v1` }
}

it('sends what it is given and gives an ordinary response', async () => {
  const seen: unknown[] = []
  const { url } = await serve((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => { body += chunk.toString() }).on('end', () => {
      seen.push([request.method, request.headers['x-a'], request.headers['content-length'], body])
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '3' }).end('{"a":"ü"}')
    })
  })
  const response = await httpFetch(url, { method: 'POST', headers: { 'x-a': '1' }, body: 'grün' })
  expect([seen, response.ok, response.status, response.headers.get('retry-after'), await response.json()]).toEqual([[['POST', '1', '5', 'grün']], false, 429, '3', { a: 'ü' }])
})

it('follows no redirect', async () => {
  const { url } = await serve((_request, response) => response.writeHead(302, { location: 'https://elsewhere.example' }).end())
  await expect(httpFetch(url)).rejects.toThrow(expect.objectContaining({ cause: expect.objectContaining({ message: 'unexpected redirect' }) }))
})

it('asks again on a new connection when the kept one turns out to be closed, and only then', async () => {
  let asked = 0
  const { server, url } = await serve((request, response) => {
    asked += 1
    // The second request arrives on a connection that is reset instead of being answered.
    if (asked === 2) request.socket.resetAndDestroy()
    else response.end('fine')
  })
  let connections = 0
  server.on('connection', () => { connections += 1 })
  expect(await (await httpFetch(url)).text()).toBe('fine')
  expect(await (await httpFetch(url, { method: 'POST', body: '{}' })).text()).toBe('fine')
  expect([asked, connections]).toEqual([3, 2])

  const { url: silent } = await serve((request) => request.socket.resetAndDestroy())
  await expect(httpFetch(silent)).rejects.toThrow('fetch failed')
})

it('fails when the server wants to speak something else', async () => {
  const { url } = await serve((request) => void request.socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n'))
  await expect(httpFetch(url)).rejects.toThrow('fetch failed')
})

it('ends with the signal: before the call, before the answer, and in the middle of it', async () => {
  const { server, url } = await serve((request, response) => {
    if (request.url?.endsWith('/silent') !== true) response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
  })
  await expect(httpFetch(url, { signal: AbortSignal.abort() })).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))

  const early = new AbortController()
  const silent = httpFetch(`${url}/silent`, { signal: early.signal })
  void once(server, 'request').then(() => early.abort())
  await expect(silent).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))

  const late = new AbortController()
  const { body } = await httpFetch(url, { signal: late.signal })
  const reader = body?.getReader()
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n')
  late.abort()
  await expect(reader?.read()).rejects.toThrow()
})

it('keeps little in memory when nobody reads', async () => {
  const piece = Buffer.alloc(1_000_000)
  let written = 0
  const { url } = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const write = (): void => {
      for (;;) {
        written += 1
        if (written >= 200) return void response.end()
        if (!response.write(piece)) return void response.once('drain', write)
      }
    }
    write()
  })
  const { body } = await httpFetch(url)
  const reader = body?.getReader()
  await reader?.read()
  for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate)
  expect(written).toBeLessThan(100)
  let bytes = 0
  for (;;) {
    const piece = await reader?.read()
    if (piece === undefined || piece.done) break
    bytes += piece.value.byteLength
  }
  expect(bytes).toBeGreaterThan(190_000_000)
})
