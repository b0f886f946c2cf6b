import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createHash } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import type { McpListener, McpTarget } from '#core/ports/mcp-client'
import { createGuardedFetch } from '../web'
import { realMcpClients } from '../../../testing/real-mcp-clients'

const never = new AbortController().signal
const bench = { servers: [] as Server[] }
afterEach(async () => {
  for (const server of bench.servers.splice(0)) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
})

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

async function listen(answer: (url: string) => Answer): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => handle(request, response, Buffer.concat(chunks).toString()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const handle = answer(url)
  bench.servers.push(server)
  return url
}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))

/** As far as a client needs it. */
function speak(request: IncomingMessage, response: ServerResponse, body: string, call: (response: ServerResponse, id: number) => void = (to, id) => json(to, 200, { jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'pong' }] } })): void {
  if (request.method !== 'POST') return void response.writeHead(405).end()
  const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: { protocolVersion: string } }
  if (method === 'initialize') return json(response, 200, { jsonrpc: '2.0', id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'far', version: '2' } } })
  if (method === 'tools/call') return call(response, id)
  if (id === undefined) return void response.writeHead(202).end()
  return json(response, 200, { jsonrpc: '2.0', id, result: { tools: [] } })
}

const listener: McpListener = { onEnd: () => undefined, onToolsChanged: () => undefined, onLine: () => undefined, onDropped: () => undefined }
function targetOf(url: string, secrets: Record<string, string> = {}) {
  const kept: { text: string | null } = { text: null }
  const target: McpTarget = {
    id: 'server', name: 'far', secrets, transport: { kind: 'http', url, headers: Object.keys(secrets) },
    credentials: { read: () => Promise.resolve(kept.text), write: (text) => { kept.text = text; return Promise.resolve() } },
  }
  return { target, kept }
}
const call = async (url: string, secrets?: Record<string, string>) => {
  const connection = await realMcpClients('/nowhere').connect(targetOf(url, secrets).target, listener, never)
  try {
    return (await connection.callTool('ping', {}, { signal: never, onProgress: () => undefined })).text
  } finally {
    await connection.close()
  }
}

it('is asked with the headers that the person gave', async () => {
  const seen: (string | undefined)[] = []
  const url = await listen(() => (request, response, body) => {
    seen.push(request.headers['x-key'] as string | undefined)
    speak(request, response, body)
  })
  expect(await call(`${url}/mcp`, { 'X-Key': 'k-1' })).toBe('pong')
  expect(new Set(seen)).toEqual(new Set(['k-1']))
})

it('is not followed to another place, and sends no header there', async () => {
  const reached: string[] = []
  const other = await listen(() => (request, response) => {
    reached.push(String(request.url))
    response.end()
  })
  const url = await listen(() => (_request, response) => void response.writeHead(307, { location: `${other}/mcp` }).end())
  await expect(call(url, { 'X-Key': 'k-1' })).rejects.toMatchObject({ code: expect.any(String) })
  expect(reached).toEqual([])
})

it('that answers without end is given up, and says why', async () => {
  const ends: (string | null)[] = []
  const url = await listen(() => (request, response, body) => speak(request, response, body, (to) => {
    to.writeHead(200, { 'content-type': 'application/json' })
    to.write(`{"x":"${'y'.repeat(9 * 1024 * 1024)}`)
  }))
  const connection = await realMcpClients('/nowhere').connect(targetOf(url).target, { ...listener, onEnd: (why) => ends.push(why) }, never)
  await expect(connection.callTool('ping', {}, { signal: never, onProgress: () => undefined })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect(ends[0]).toMatch(/more than 8 MB/)
})

it.each([[401, 'AUTHENTICATION_ERROR'], [403, 'AUTHENTICATION_ERROR'], [500, 'SERVICE_UNAVAILABLE'], [404, 'SERVICE_UNAVAILABLE']])('that answers with %i is named as such', async (status, code) => {
  const url = await listen(() => (_request, response) => void response.writeHead(status).end('no'))
  await expect(call(url)).rejects.toMatchObject({ code })
})

it('on this machine or in its network is reached only where the person named it', async () => {
  const url = await listen(() => (request, response, body) => speak(request, response, body))
  const { host } = new URL(url)
  const only = (allowed: string[]) => createGuardedFetch({ userAgent: 'x', allowed, lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) })
  expect((await only([host])(url)).status).toBe(405)
  for (const other of [`http://localhost:1/`, 'http://169.254.169.254/', 'http://rebound.example/', url.replace('127.0.0.1', '[::1]')]) await expect(only([host])(other)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
})

function startOAuth() {
  const seen = { challenge: '', tokens: 0, refused: 0 }
  const started = listen((url) => (request, response, body) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    if (pathname === '/.well-known/oauth-protected-resource/mcp' || pathname === '/.well-known/oauth-protected-resource') return json(response, 200, { resource: `${url}/mcp`, authorization_servers: [url] })
    if (pathname === '/.well-known/oauth-authorization-server') {
      return json(response, 200, {
        issuer: url, authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token`, registration_endpoint: `${url}/register`,
        response_types_supported: ['code'], code_challenge_methods_supported: ['S256'], token_endpoint_auth_methods_supported: ['none'],
      })
    }
    if (pathname === '/register') return json(response, 201, { ...(JSON.parse(body) as object), client_id: 'client-1' })
    if (pathname === '/authorize') {
      seen.challenge = searchParams.get('code_challenge') ?? ''
      return void response.writeHead(302, { location: `${searchParams.get('redirect_uri') ?? ''}?code=code-1&state=${searchParams.get('state') ?? ''}` }).end()
    }
    if (pathname === '/token') {
      const given = new URLSearchParams(body)
      const fits = createHash('sha256').update(given.get('code_verifier') ?? '').digest('base64url') === seen.challenge && given.get('code') === 'code-1'
      seen.tokens += 1
      return fits ? json(response, 200, { access_token: 'token-1', token_type: 'Bearer', refresh_token: 'refresh-1' }) : json(response, 400, { error: 'invalid_grant' })
    }
    if (request.headers.authorization !== 'Bearer token-1') {
      seen.refused += 1
      return json(response, 401, {}, { 'www-authenticate': `Bearer resource_metadata="${url}/.well-known/oauth-protected-resource"` })
    }
    return speak(request, response, body)
  })
  return { started, seen }
}

it('lets a person sign in with their browser: only the answer to this very sign-in counts, and the tokens are kept', async () => {
  const { started, seen } = startOAuth()
  const url = `${await started}/mcp`
  const { target, kept } = targetOf(url)
  const clients = realMcpClients('/nowhere')
  await expect(clients.connect(target, listener, never)).rejects.toMatchObject({ code: 'AUTHENTICATION_ERROR' })
  const { url: page, done } = await clients.signIn(target, never)
  const { searchParams } = new URL(page)
  expect(searchParams.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/)
  const redirect = searchParams.get('redirect_uri') ?? ''
  expect((await fetch(`${redirect}?code=stolen&state=guess`)).status).toBe(404)
  expect(seen.tokens).toBe(0)
  const back = (await fetch(page, { redirect: 'manual' })).headers.get('location') ?? ''
  expect((await fetch(back)).status).toBe(200)
  await done
  expect(kept.text).toContain('token-1')
  const connection = await clients.connect(target, listener, never)
  expect((await connection.callTool('ping', {}, { signal: never, onProgress: () => undefined })).text).toBe('pong')
  await connection.close()
  await expect(fetch(`${redirect}?code=again&state=x`)).rejects.toThrow()
})

it('that wants the sign-in at no web address opens nothing', async () => {
  const url = await listen((own) => (request, response) => {
    const { pathname } = new URL(request.url ?? '/', own)
    if (pathname === '/.well-known/oauth-authorization-server') {
      return json(response, 200, { issuer: own, authorization_endpoint: 'http://evil.example/authorize', token_endpoint: `${own}/token`, registration_endpoint: `${own}/register`, response_types_supported: ['code'], code_challenge_methods_supported: ['S256'] })
    }
    if (pathname === '/register') return json(response, 201, { client_id: 'c', redirect_uris: ['http://127.0.0.1/callback'] })
    return pathname === '/mcp' ? json(response, 401, {}) : json(response, 404, {})
  })
  await expect(realMcpClients('/nowhere').signIn(targetOf(`${url}/mcp`).target, never)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
})
