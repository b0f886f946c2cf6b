import { expect, it, describe } from 'vitest'
import { collectEvents, modelRequest, openModelServer } from '../../../testing/model-calls'
import type { ScriptedReply } from '../../../testing/model-replies'
import type { ModelMessage, ModelRequest } from '#core/ports/model-provider'
import { createProviderWithin } from './create-provider'

const usage = { inputTokens: 100, outputTokens: 7, cachedTokens: 40, totalTokens: 107, estimated: false }
const wireUsage = { input: 100, output: 7, cached: 40 }

/** Events of one call, and what the server was sent. */
async function call(reply: ScriptedReply | readonly ScriptedReply[], changes: Partial<ModelRequest> = {}, kind: 'openai' | 'compatible' = 'compatible') {
  const server = await openModelServer(Array.isArray(reply) ? reply : [reply as ScriptedReply])
  const provider = createProviderWithin({ id: 'local', kind, baseUrl: server.url, apiKey: 'key-123456' }, {})
  const events = await collectEvents(provider.stream(modelRequest(changes), new AbortController().signal))
  return { events, bodies: server.requests.map((request) => request.body), headers: server.requests[0]?.headers, server, provider }
}

const chunk = (fields: object) => `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', ...fields })}\n\n`
const delta = (fields: object, finish: string | null = null) => chunk({ choices: [{ index: 0, delta: fields, finish_reason: finish }] })
const readFile = { type: 'function', function: { name: 'read_file' } }

describe('a reply', () => {
  it('streams its text and ends with the whole of it', async () => {
    const { events } = await call({ text: 'Hello there, you.', usage: wireUsage })
    expect(events).toEqual([
      { type: 'text', delta: 'Hello there, you.' },
      { type: 'done', text: 'Hello there, you.', thinking: [], toolCalls: [], finishReason: 'stop', usage },
    ])
  })

  it('keeps thinking apart, in either field that servers use', async () => {
    const { events } = await call({ thinking: 'Let me see.', text: 'Yes.', usage: null })
    const done = { type: 'done', text: 'Yes.', thinking: [{ text: 'Let me see.' }], toolCalls: [], finishReason: 'stop', usage: null }
    const expected = [{ type: 'thinking', delta: 'Let me see.' }, { type: 'text', delta: 'Yes.' }, done]
    expect(events).toEqual(expected)
    const other = await call({ raw: delta({ reasoning: 'Let me see.' }) + delta({ content: 'Yes.' }) + delta({}, 'stop') })
    expect(other.events).toEqual(expected)
  })

  it('gives its tool calls whole, at the end', async () => {
    const { events } = await call({ text: 'Reading.', toolCalls: [{ id: 'a', name: 'read_file', arguments: { path: 'a.md' } }, { id: 'b', name: 'glob', arguments: {} }], usage: wireUsage })
    expect(events).toEqual([
      { type: 'text', delta: 'Reading.' },
      { type: 'tool_call', name: 'read_file' },
      { type: 'tool_call', name: 'glob' },
      {
        type: 'done', text: 'Reading.', thinking: [], finishReason: 'tool_calls', usage,
        toolCalls: [{ id: 'a', name: 'read_file', arguments: { path: 'a.md' } }, { id: 'b', name: 'glob', arguments: {} }],
      },
    ])
  })

  it('may end for length or because it was filtered', async () => {
    for (const finishReason of ['length', 'content_filter'] as const) {
      const { events } = await call({ text: 'Half a', finishReason })
      expect(events.at(-1)).toMatchObject({ type: 'done', text: 'Half a', finishReason })
    }
  })

  it('may come whole, from a server that does not stream', async () => {
    const body = JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'All at once.' }, finish_reason: 'stop' }], usage: { prompt_tokens: 100, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 40 } } })
    const { events } = await call({ raw: body, headers: { 'content-type': 'application/json' } })
    expect(events).toEqual([
      { type: 'text', delta: 'All at once.' },
      { type: 'done', text: 'All at once.', thinking: [], toolCalls: [], finishReason: 'stop', usage },
    ])
  })

  it('takes the last usage of a server that sends it with every chunk', async () => {
    const raw = [1, 5, 7].map((tokens) => chunk({ choices: [{ index: 0, delta: { content: 'x' } }], usage: { prompt_tokens: 100, completion_tokens: tokens } })).join('')
    const { events } = await call({ raw: raw + delta({}, 'stop') })
    expect(events.at(-1)).toMatchObject({ usage: { inputTokens: 100, outputTokens: 7, cachedTokens: 0 } })
  })
})

describe('tool calls of servers that go their own ways', () => {
  const callsOf = async (raw: string) => {
    const done = (await call({ raw })).events.at(-1)
    return done?.type === 'done' ? { finishReason: done.finishReason, calls: done.toolCalls } : done
  }

  it('are calls although the finish reason says stop', async () => {
    const raw = delta({ tool_calls: [{ index: 0, id: 'a', ...readFile, function: { name: 'read_file', arguments: '{"path":"x"}' } }] }) + delta({}, 'stop')
    expect(await callsOf(raw)).toEqual({ finishReason: 'tool_calls', calls: [{ id: 'a', name: 'read_file', arguments: { path: 'x' } }] })
  })

  it('get an id when they have none, or one that another call has', async () => {
    const raw = delta({ tool_calls: [{ index: 0, function: { name: 'glob', arguments: '{}' } }] })
      + delta({ tool_calls: [{ index: 1, id: 'same', function: { name: 'glob', arguments: '{}' } }] })
      + delta({ tool_calls: [{ index: 2, id: 'same', function: { name: 'glob', arguments: '{}' } }] }) + delta({}, 'tool_calls')
    expect(await callsOf(raw)).toEqual({
      finishReason: 'tool_calls',
      calls: [/^call_[\da-f-]{36}$/, /^same$/, /^call_[\da-f-]{36}$/].map((id) => ({ id: expect.stringMatching(id), name: 'glob', arguments: {} })),
    })
  })

  it('are invalid when their arguments are not a JSON object', async () => {
    const { events } = await call({
      toolCalls: ['{"path": "a', '[1]', 'null', '{"a":1} trailing'].map((args, index) => ({ id: `c${index}`, name: 'read_file', arguments: args })),
    })
    const done = events.at(-1)
    expect(done?.type === 'done' && done.toolCalls.map(({ id, arguments: args, invalid }) => ({ id, args, raw: invalid?.raw }))).toEqual([
      { id: 'c0', args: {}, raw: '{"path": "a' },
      { id: 'c1', args: {}, raw: '[1]' },
      { id: 'c2', args: {}, raw: 'null' },
      { id: 'c3', args: {}, raw: '{"a":1} trailing' },
    ])
  })

  it('are invalid when the reply ended within their arguments', async () => {
    for (const args of ['', '{"path":"a.md","conte']) {
      const { events } = await call({ toolCalls: [{ id: 'c', name: 'write_file', arguments: args }], finishReason: 'length' })
      expect(events.at(-1)).toMatchObject({ finishReason: 'length', toolCalls: [{ id: 'c', arguments: {}, invalid: { raw: args } }] })
    }
  })
})

describe('the request', () => {
  it('carries the conversation, the tools and the limits', async () => {
    const { bodies, headers } = await call({ text: 'ok' }, {
      messages: [
        { role: 'user', text: 'One' },
        { role: 'user', text: 'Two' },
        { role: 'assistant', text: '', thinking: [], toolCalls: [{ id: 'a', name: 'glob', arguments: { pattern: '*' } }, { id: 'b', name: 'glob', arguments: {}, invalid: { raw: '{', message: 'bad' } }] },
        { role: 'tool', callId: 'b', toolName: 'glob', content: 'bad arguments', isError: true },
        { role: 'tool', callId: 'a', toolName: 'glob', content: 'a.md', isError: false },
        { role: 'assistant', text: '', thinking: [], toolCalls: [] },
        { role: 'user', text: 'Three' },
      ],
      tools: [{ name: 'glob', description: 'Finds', parameters: { type: 'object', properties: {} } }],
    })
    expect(headers?.authorization).toBe('Bearer key-123456')
    expect(bodies).toEqual([{
      model: 'test-model',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 4096,
      messages: [
        { role: 'system', content: 'Be helpful.' },
        { role: 'user', content: 'One\n\nTwo' },
        {
          role: 'assistant', content: null,
          tool_calls: [
            { id: 'a', type: 'function', function: { name: 'glob', arguments: '{"pattern":"*"}' } },
            { id: 'b', type: 'function', function: { name: 'glob', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'a', content: 'a.md' },
        { role: 'tool', tool_call_id: 'b', content: 'Error: bad arguments' },
        { role: 'user', content: 'Three' },
      ],
      tools: [{ type: 'function', function: { name: 'glob', description: 'Finds', parameters: { type: 'object', properties: {} } } }],
    }])
  })

  it('sends reasoning back within the running turn only, and never to OpenAI', async () => {
    const thinking = [{ text: 'hm' }]
    const messages: ModelRequest['messages'] = [
      { role: 'user', text: 'One' },
      { role: 'assistant', text: 'Old', thinking, toolCalls: [] },
      { role: 'user', text: 'Two' },
      { role: 'assistant', text: '', thinking, toolCalls: [{ id: 'a', name: 'glob', arguments: {} }] },
      { role: 'tool', callId: 'a', toolName: 'glob', content: '', isError: false },
    ]
    const reasoningOf = async (kind: 'openai' | 'compatible') => {
      const { bodies } = await call({ text: 'ok' }, { messages }, kind)
      return (bodies[0]?.['messages'] as { reasoning_content?: string }[]).map((message) => message.reasoning_content ?? null)
    }
    expect(await reasoningOf('compatible')).toEqual([null, null, null, null, 'hm', null])
    expect(await reasoningOf('openai')).toEqual([null, null, null, null, null, null])
  })

  it('has no authorization without a key, whatever the environment holds', async () => {
    const server = await openModelServer([{ text: 'ok' }])
    const provider = createProviderWithin({ id: 'local', kind: 'compatible', baseUrl: server.url, apiKey: null }, {})
    await collectEvents(provider.stream(modelRequest(), new AbortController().signal))
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  })

  it('adapts to what the server rejects, and remembers it', async () => {
    const tools = [{ name: 'glob', description: '', parameters: { type: 'object' } }]
    const { events, bodies, provider } = await call([
      { status: 400, error: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead." },
      { status: 422, error: 'stream_options: extra fields not permitted' },
      { status: 400, error: "Function tools with reasoning_effort are not supported for m. Use /v1/responses or set reasoning_effort to 'none'." },
      { text: 'ok' },
      { text: 'again' },
    ], { tools })
    await collectEvents(provider.stream(modelRequest({ tools }), new AbortController().signal))
    expect(events.at(-1)).toMatchObject({ type: 'done', text: 'ok' })
    const habits = { max_completion_tokens: 4096, reasoning_effort: 'none' }
    expect(bodies).toHaveLength(4)
    expect(bodies[3]).toMatchObject(habits)
    expect(bodies[3]).not.toHaveProperty('max_tokens')
    expect(bodies[3]).not.toHaveProperty('stream_options')
  })
})

it('sends an image as a part of the message', async () => {
  const messages: ModelMessage[] = [{ role: 'user', text: 'What is this?', images: [{ mimeType: 'image/png', base64: 'AAAA', name: 'a.png' }] }]
  const { bodies } = await call({ text: 'ok' }, { messages })
  expect(bodies[0]?.['messages']).toMatchObject([expect.anything(), { role: 'user', content: [
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }, { type: 'text', text: 'What is this?' },
  ] }])
})
