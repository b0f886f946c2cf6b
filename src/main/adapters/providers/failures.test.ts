import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { collectEvents, modelRequest, openModelServer } from '../../../testing/model-calls'
import type { ScriptedReply } from '../../../testing/model-replies'
import type { ModelEvent, ModelProvider } from '#core/ports/model-provider'
import { createProviderWithin } from './create-provider'
import type { ReplyLimits } from './reply/reply-stream'

const kinds = ['compatible', 'anthropic'] as const
type Kind = (typeof kinds)[number]
const apiKey = 'sk-secret-abcdef123456'
const never = () => new AbortController().signal

async function providerOf(kind: Kind, reply: ScriptedReply, limits: Partial<ReplyLimits> = {}) {
  const server = await openModelServer(() => reply)
  return { server, provider: createProviderWithin({ id: 'p', kind, baseUrl: server.url, apiKey }, limits) }
}

const eventsOf = (provider: ModelProvider, signal = never()) => collectEvents(provider.stream(modelRequest(), signal))

async function errorOf(kind: Kind, reply: ScriptedReply) {
  const events = await eventsOf((await providerOf(kind, reply)).provider)
  expect(events).toHaveLength(1)
  return errorIn(events)
}

function errorIn(events: readonly ModelEvent[]) {
  const last = events.at(-1)
  if (last?.type !== 'error') throw new Error(`ended with ${last?.type}`)
  const { code, retryable, retryAfterMs, message } = last.error
  expect(`${message} ${JSON.stringify(last.error.data)} ${String(last.error.cause)}`).not.toContain(apiKey)
  return { code, retryable, retryAfterMs, message }
}

describe.each(kinds)('%s: an answer that is an error', (kind) => {
  it.each<[number, string | Record<string, unknown>, string, boolean]>([
    [401, `Incorrect API key provided: ${apiKey}`, 'KEY_REFUSED', false],
    [403, 'You may not', 'KEY_REFUSED', false],
    [402, 'Insufficient Balance', 'NO_CREDITS', false],
    [400, 'Your credit balance is too low to access the API', 'NO_CREDITS', false],
    [429, { error: { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota' } }, 'NO_CREDITS', false],
    [429, 'Slow down', 'RATE_LIMIT_ERROR', true],
    [404, 'The model `test-model` does not exist', 'MODEL_UNKNOWN', false],
    [404, 'page not found', 'PROVIDER_REJECTED', false],
    [400, 'Invalid model: test-model', 'MODEL_UNKNOWN', false],
    [400, 'tools.0.name: bad', 'PROVIDER_REJECTED', false],
    [500, 'oops', 'SERVICE_UNAVAILABLE', true],
    [529, 'Overloaded', 'SERVICE_UNAVAILABLE', true],
    [413, 'too big', 'CONTEXT_TOO_LONG', false],
    [400, "This model's maximum context length is 8192 tokens", 'CONTEXT_TOO_LONG', false],
    [400, 'prompt is too long: 208310 tokens > 200000 maximum', 'CONTEXT_TOO_LONG', false],
    [400, 'input length and `max_tokens` exceed context limit', 'CONTEXT_TOO_LONG', false],
    [400, 'the request exceeds the available context size', 'CONTEXT_TOO_LONG', false],
    [400, 'The input token count (1200000) exceeds the maximum number of tokens allowed', 'CONTEXT_TOO_LONG', false],
    [400, 'Please reduce the length of the messages or completion.', 'CONTEXT_TOO_LONG', false],
    [400, 'trying to keep the first 5000 tokens when context the overflows, however the model has a context length of only 4096', 'CONTEXT_TOO_LONG', false],
    [400, 'max_tokens: 200000 > 128000, which is the maximum allowed number of output tokens', 'PROVIDER_REJECTED', false],
  ])('%i %j is %s', async (status, error, code, retryable) => {
    expect(await errorOf(kind, { status, error })).toMatchObject({ code, retryable, retryAfterMs: undefined })
  })

  it('tells when to come back, in seconds, milliseconds or as a date', async () => {
    const after = async (headers: Record<string, string>) => (await errorOf(kind, { status: 429, headers })).retryAfterMs
    expect(await after({ 'retry-after': '7' })).toBe(7000)
    expect(await after({ 'retry-after-ms': '250', 'retry-after': '7' })).toBe(250)
    const fromDate = await after({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() })
    expect(fromDate).toBeGreaterThan(50_000)
    expect(fromDate).toBeLessThanOrEqual(60_000)
    expect(await after({ 'retry-after': 'soon' })).toBeUndefined()
  })

  it('never shows a key that the server repeats', async () => {
    const { message } = await errorOf(kind, { status: 400, error: `bad header Authorization: Bearer ${apiKey}, key sk-other-9876543210` })
    expect(message).toMatch(/rejected the request \(HTTP 400: bad header Authorization: \[key] key \[key]\)/)
  })

  it('may come in the middle of the stream', async () => {
    const raw = kind === 'anthropic'
      ? 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'
      : 'data: {"error":{"message":"upstream is overloaded","code":502}}\n\n'
    expect(await errorOf(kind, { raw })).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryable: true })
  })

  it('may be no JSON at all', async () => {
    expect(await errorOf(kind, { status: 502, headers: { 'content-type': 'text/html' } })).toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(await errorOf(kind, { raw: 'data: {"half\n\nevent: x\ndata: {"half\n\n' })).toMatchObject({ code: 'STREAM_CUT', retryable: true })
  })
})

describe.each(kinds)('%s: a server', (kind) => {
  it('that is not there is a network error', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const provider = createProviderWithin({ id: 'p', kind, baseUrl: `http://127.0.0.1:${port}/v1`, apiKey }, {})
    expect(errorIn(await eventsOf(provider))).toMatchObject({ code: 'NETWORK_ERROR', retryable: true })
    await expect(provider.listModels(never())).rejects.toMatchObject({ code: 'NETWORK_ERROR' })
  })

  it('that redirects does not get the key sent elsewhere', async () => {
    const elsewhere = await openModelServer([{ text: 'stolen' }])
    const { provider } = await providerOf(kind, { status: 307, headers: { location: `${elsewhere.url}/${kind === 'anthropic' ? 'messages' : 'chat/completions'}` } })
    expect(errorIn(await eventsOf(provider))).toMatchObject({ code: 'NETWORK_ERROR', retryable: false })
    expect(elsewhere.requests).toEqual([])
  })

  it.each(['before', 'headers', 'after'] as const)('that falls silent (%s) is given up, with what it said kept', async (hang) => {
    const { provider, server } = await providerOf(kind, { text: 'So far', hang }, { answerMs: 150, idleMs: 150 })
    const events = await eventsOf(provider)
    expect(errorIn(events)).toMatchObject({ code: 'TIMEOUT_ERROR', retryable: true })
    expect(events.slice(0, -1)).toEqual(hang === 'after' ? [{ type: 'text', delta: 'So far' }] : [])
    await server.abandoned(1)
  })

  it('that never ends is stopped at a size', async () => {
    const { provider, server } = await providerOf(kind, { text: 'word '.repeat(5000), hang: 'after' }, { maxCharacters: 10_000 })
    const events = await eventsOf(provider)
    expect(errorIn(events)).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', retryable: false })
    expect(events[0]).toEqual({ type: 'text', delta: 'word '.repeat(2000) })
    await server.abandoned(1)
  })

  it('lists its models', async () => {
    const server = await openModelServer([], { models: ['alpha', 'text-embedding-3-small'] })
    const provider = createProviderWithin({ id: 'p', kind, baseUrl: server.url, apiKey }, {})
    expect((await provider.listModels(never())).map((model) => model.id)).toEqual(['p/alpha'])
  })
})

describe.each(kinds)('%s: aborting', (kind) => {
  it.each(['before', 'headers', 'after'] as const)('ends a call that hangs (%s) at once', async (hang) => {
    const { provider, server } = await providerOf(kind, { text: 'So far', hang })
    const controller = new AbortController()
    const events = eventsOf(provider, controller.signal)
    await server.received(1)
    controller.abort()
    expect((await events).at(-1)).toEqual({ type: 'aborted' })
    await server.abandoned(1)
  })

  it('in the middle of the text keeps what came', async () => {
    const { provider, server } = await providerOf(kind, { text: 'One two', hang: 'after' })
    const controller = new AbortController()
    const seen: ModelEvent[] = []
    for await (const event of provider.stream(modelRequest(), controller.signal)) {
      seen.push(event)
      if (event.type === 'text') controller.abort()
    }
    expect(seen.map((event) => event.type)).toEqual(['text', 'aborted'])
    await server.abandoned(1)
  })

  it('before the start asks nobody', async () => {
    const { provider, server } = await providerOf(kind, { text: 'never' })
    expect(await eventsOf(provider, AbortSignal.abort())).toEqual([{ type: 'aborted' }])
    expect(server.requests).toEqual([])
  })

  it('is not needed when the reader just leaves', async () => {
    const { provider, server } = await providerOf(kind, { text: 'One two three', hang: 'after' })
    for await (const event of provider.stream(modelRequest(), never())) {
      if (event.type === 'text') break
    }
    await server.abandoned(1)
  })
})

it('says which key is missing, without asking anyone', async () => {
  for (const kind of ['openai', 'anthropic'] as const) {
    const provider = createProviderWithin({ id: kind, kind, baseUrl: null, apiKey: null }, {})
    expect(errorIn(await eventsOf(provider))).toMatchObject({ code: 'KEY_MISSING', retryable: false })
    await expect(provider.listModels(never())).rejects.toMatchObject({ code: 'KEY_MISSING' })
  }
})

it('refuses a base URL that is none', () => {
  expect(() => createProviderWithin({ id: 'p', kind: 'compatible', baseUrl: 'nonsense', apiKey }, {})).toThrow(/base URL/)
})

it('finds the API of a local server that is given by host and port', async () => {
  const server = await openModelServer([{ text: 'here' }])
  const provider = createProviderWithin({ id: 'p', kind: 'compatible', baseUrl: new URL(server.url).origin, apiKey: null }, {})
  expect((await eventsOf(provider)).at(-1)).toMatchObject({ type: 'done', text: 'here' })
  expect(server.requests[0]?.path).toBe('/v1/chat/completions')
})
