import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ErrorBodySchema } from '#contract/errors'
import { SettingsSchema } from '#contract/settings'
import { fakeSession } from '../testing/fake-router'
import { startTestServer, type TestServer } from '../testing/start-server'
import { rateProfiles } from './rate-limiter'
import { MAX_BODY_BYTES } from './request-body'

let server: TestServer

beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server.close())

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const traceId = '0af7651916cd43dd8448eb211c80319c'
const post = (path: string, body?: string | Buffer, headers = {}) => server.ask(path, { method: 'POST', headers: { traceparent, ...headers }, ...(body === undefined ? {} : { body }) })

describe('REST calls', () => {
  it('answer with the output of the call and the status of its route', async () => {
    expect((await server.ask('/api/v1/settings')).json).toEqual(SettingsSchema.parse({}))
    const created = await post('/api/v1/sessions', '{"title":"Mine"}')
    expect([created.status, created.json]).toEqual([201, { ...fakeSession, title: 'Mine' }])
    const sent = await post('/api/v1/sessions/s/messages', '{"text":"grüß dich"}')
    expect([sent.status, sent.json]).toEqual([202, { runId: '9' }])
  })

  it('need no body where a call takes no parameters', async () => {
    expect((await post('/api/v1/models/refresh')).json).toEqual({ items: [], errors: [] })
    expect((await server.ask('/api/v1/sessions/s', { method: 'DELETE' })).status).toBe(200)
  })

  it('carry the trace of the caller, or a new one', async () => {
    const traced = await server.ask('/api/v1/system', { headers: { traceparent } })
    expect([traced.headers['x-trace-id'], traced.json]).toEqual([traceId, expect.objectContaining({ version: traceId })])
    expect((await server.ask('/api/v1/system')).headers['x-trace-id']).toMatch(/^[\da-f]{32}$/)
  })

  it('fail with one body for every kind of failure', async () => {
    const cases = [
      [await server.ask('/api/v1/sessions/gone', { headers: { traceparent } }), 404, { code: 'RESOURCE_NOT_FOUND', message: 'Session gone not found', retryable: false }],
      [await server.ask('/api/v1/nothing', { headers: { traceparent } }), 404, { code: 'RESOURCE_NOT_FOUND', message: expect.stringContaining('openapi.json'), retryable: false }],
      [await post('/api/v1/settings'), 405, { code: 'INVALID_PARAMETERS', message: 'This path takes GET, PUT.', retryable: false }],
      [await post('/api/v1/sessions', '{"title":""'), 400, { code: 'INVALID_PARAMETERS', message: 'The body is not valid JSON.', retryable: false }],
      [
        await post('/api/v1/sessions', '{"mode":"fast"}'), 400,
        {
          code: 'INVALID_PARAMETERS', retryable: false, message: expect.stringContaining('mode: '),
          data: { problems: [{ path: 'mode', message: expect.stringContaining('auto-edit') }] },
        },
      ],
      [await server.ask('/api/v1/workspaces', { headers: { traceparent } }), 409, { code: 'CONFLICT', message: 'not part of this test', retryable: false }],
    ] as const
    for (const [answer, status, body] of cases) {
      expect([answer.status, answer.json]).toEqual([status, { ...body, traceId }])
      expect(ErrorBodySchema.safeParse(answer.json).success).toBe(true)
    }
    expect(server.bugs).toEqual([])
  })

  it('tell nothing of a bug but report it', async () => {
    const answer = await server.ask('/api/v1/runs/r', { headers: { traceparent } })
    expect([answer.status, answer.json]).toEqual([500, { code: 'INTERNAL_ERROR', message: expect.not.stringContaining('machine room'), retryable: false, traceId }])
    expect(answer.text).not.toContain('machine room')
    expect(server.bugs).toEqual([new Error('a secret of the machine room')])
  })

  it('refuse bodies that are junk, of another type, or nested without end, and go on', async () => {
    const junk = [
      ['{"title":', {}], ['\u0000\u0001', {}], [Buffer.from([0x22, 0xff, 0xfe, 0x22]), {}], ['[]', {}], ['"text"', {}], ['null', {}], ['12', {}],
      ['title=x', { 'content-type': 'application/x-www-form-urlencoded' }], ['{"title":"x"}', { 'content-type': 'text/plain' }],
      ['--b\r\n\r\n--b--', { 'content-type': 'multipart/form-data; boundary=b' }], ['{"title":"x"}', { 'content-encoding': 'gzip' }],
      [`{"title":${'['.repeat(500_000)}${']'.repeat(500_000)}}`, {}],
    ] as const
    for (const [body, headers] of junk) {
      const answer = await post('/api/v1/sessions/s/messages', body, headers)
      expect([String(body).slice(0, 30), answer.status, ErrorBodySchema.parse(answer.json).code]).toEqual([String(body).slice(0, 30), 400, 'INVALID_PARAMETERS'])
    }
    expect((await post('/api/v1/sessions', '{"__proto__":{"title":"x"},"constructor":1}')).json).toEqual(fakeSession)
    expect(({} as { title?: string }).title).toBeUndefined()
    expect((await server.ask('/api/v1/settings')).status).toBe(200)
  })

  it('take a message of 1 MB and refuse more than 8 MB in one body, also when its length is not announced', async () => {
    const text = (bytes: number) => JSON.stringify({ text: 'a'.repeat(bytes) })
    expect((await post('/api/v1/sessions/s/messages', text(1_000_000))).json).toEqual({ runId: '1000000' })
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      const answer = await post('/api/v1/sessions/s/messages', text(MAX_BODY_BYTES), headers)
      expect([answer.status, answer.json]).toEqual([413, { code: 'PAYLOAD_TOO_LARGE', message: 'The body is larger than 8 MB.', retryable: false, traceId }])
    }
  })

  it('refuse an announced giant before it is sent', async () => {
    const answer = await rawAnswer(`POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer the-right-token-of-this-test\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('stream events as server-sent events until the client leaves', async () => {
    const leave = new AbortController()
    const response = await fetch(`${server.url}/api/v1/events`, { headers: { authorization: 'Bearer the-right-token-of-this-test' }, signal: leave.signal })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('stream.open')) text += (await reader.read()).value
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    leave.abort()
    await server.events.idle()
  })
})

describe('limits', () => {
  it('count sessions that are created, and say when to come back', async () => {
    for (let count = 0; count < rateProfiles.createSession.capacity; count += 1) expect((await post('/api/v1/sessions', '{}')).status).toBe(201)
    const refused = await post('/api/v1/sessions', '{}')
    expect([refused.status, refused.headers['retry-after'], refused.json]).toEqual([
      429, '1', { code: 'RATE_LIMIT_ERROR', message: 'Too many requests; try again in 1 s.', retryable: true, traceId, data: { retryAfterMs: 500 } },
    ])
    server.clock.advance(500)
    expect((await post('/api/v1/sessions', '{}')).status).toBe(201)
    expect((await post('/api/v1/sessions', '{}')).status).toBe(429)
  })

  it('let a window poll, and stop a flood', async () => {
    for (let second = 0; second < 3; second += 1) {
      for (let count = 0; count < 150; count += 1) expect((await server.ask('/api/v1/settings')).status).toBe(200)
      server.clock.advance(1000)
    }
    const answers = await Promise.all(Array.from({ length: 410 }, () => server.ask('/api/v1/settings')))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10)
    expect(answers.find(({ status }) => status === 429)?.headers['retry-after']).toBe('1')
  })

  it('do not let a wrong token use up what the right one has', async () => {
    await Promise.all(Array.from({ length: 500 }, () => server.ask('/api/v1/settings', { token: 'the-wrong-token-of-this-test' })))
    expect((await server.ask('/api/v1/settings')).status).toBe(200)
  })
})

describe('the state of the server', () => {
  it('is told without a token', async () => {
    expect((await server.ask('/health', { token: null })).json).toEqual({ status: 'ok', version: '1.2.3' })
    server.ready = false
    const starting = await server.ask('/ready', { token: null })
    server.ready = true
    const ready = await server.ask('/ready', { token: null })
    expect([starting.status, starting.json, ready.status, ready.json]).toEqual([503, { status: 'starting' }, 200, { status: 'ready' }])
  })

  it('once it stops, is not ready, still alive, and takes no call', async () => {
    server.server.stopIntake()
    const ready = await server.ask('/ready')
    const call = await server.ask('/api/v1/settings')
    expect([ready.status, ready.json, (await server.ask('/health')).status]).toEqual([503, { status: 'stopping' }, 200])
    expect([call.status, ErrorBodySchema.parse(call.json).code]).toEqual([503, 'SHUTTING_DOWN'])
    await expect(server.connect('/ws', { protocols: ['trestle', 'token.the-right-token-of-this-test'] }).opened).rejects.toThrow('answered 503')
  })
})

describe('what is no proper request', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['an absolute address', 'GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', 400],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', 400],
    ['an empty host', 'GET /health HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n', 403],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}', 400],
  ])('%s is refused', async (_name, request, status) => {
    expect(await rawAnswer(request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect((await server.ask('/health')).status).toBe(200)
  })
})

function rawAnswer(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(request))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('end', () => resolve(text))
    socket.on('error', reject)
  })
}
