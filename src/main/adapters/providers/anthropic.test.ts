import { describe, expect, it } from 'vitest'
import { collectEvents, modelRequest, openModelServer } from '../../../testing/model-calls'
import type { ScriptedReply } from '../../../testing/model-replies'
import type { ModelMessage, ModelRequest } from '#core/ports/model-provider'
import { createProviderWithin } from './create-provider'

async function call(reply: ScriptedReply, changes: Partial<ModelRequest> = {}) {
  const server = await openModelServer([reply])
  const provider = createProviderWithin({ id: 'anthropic', kind: 'anthropic', baseUrl: server.url, apiKey: 'key-123456' }, {})
  const events = await collectEvents(provider.stream(modelRequest(changes), new AbortController().signal))
  const [request] = server.requests
  return { events, body: request?.body ?? {}, headers: request?.headers, path: request?.path }
}

const sse = (...events: readonly ({ type: string } & Record<string, unknown>)[]) => events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
const start = (usage: object) => ({ type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', content: [], usage } })
const begin = (index: number, block: object) => ({ type: 'content_block_start', index, content_block: block })
const piece = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta })
const stop = (reason: string, usage: object = { output_tokens: 7 }) => ({ type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage })
const end = { type: 'message_stop' }

describe('a reply', () => {
  it('counts what was read from and written to the cache as input', async () => {
    const raw = sse(
      start({ input_tokens: 10, cache_creation_input_tokens: 200, cache_read_input_tokens: 3000, output_tokens: 1 }),
      begin(0, { type: 'text', text: '' }), piece(0, { type: 'text_delta', text: 'Hi.' }), { type: 'ping' }, stop('end_turn'), end,
    )
    const { events } = await call({ raw })
    expect(events).toEqual([
      { type: 'text', delta: 'Hi.' },
      {
        type: 'done', text: 'Hi.', thinking: [], toolCalls: [], finishReason: 'stop',
        usage: { inputTokens: 3210, outputTokens: 7, cachedTokens: 3000, totalTokens: 3217, estimated: false },
      },
    ])
  })

  it('keeps interleaved thinking, signatures and redacted blocks apart from text and calls', async () => {
    const raw = sse(
      start({ input_tokens: 0, output_tokens: 0 }),
      begin(0, { type: 'thinking', thinking: '', signature: '' }), piece(0, { type: 'thinking_delta', thinking: 'First.' }), piece(0, { type: 'signature_delta', signature: 's1' }),
      begin(1, { type: 'redacted_thinking', data: 'hidden' }),
      begin(2, { type: 'text', text: '' }), piece(2, { type: 'text_delta', text: 'One.' }),
      begin(3, { type: 'tool_use', id: 'toolu_1', name: 'glob', input: {} }), piece(3, { type: 'input_json_delta', partial_json: '{"pat' }), piece(3, { type: 'input_json_delta', partial_json: 'tern":"*"}' }),
      begin(4, { type: 'thinking', thinking: '', signature: '' }), piece(4, { type: 'signature_delta', signature: 's2' }),
      begin(5, { type: 'text', text: '' }), piece(5, { type: 'text_delta', text: 'Two.' }),
      begin(6, { type: 'tool_use', id: 'toolu_2', name: 'list_files', input: {} }),
      begin(7, { type: 'something_new', data: 1 }), piece(7, { type: 'new_delta', more: 1 }), { type: 'new_event' },
      stop('tool_use', { output_tokens: 0 }), end,
    )
    const { events } = await call({ raw })
    expect(events).toEqual([
      { type: 'thinking', delta: 'First.' },
      { type: 'text', delta: 'One.' },
      { type: 'tool_call', name: 'glob' },
      { type: 'text', delta: '\n\nTwo.' },
      { type: 'tool_call', name: 'list_files' },
      {
        type: 'done', text: 'One.\n\nTwo.', finishReason: 'tool_calls', usage: null,
        thinking: [{ text: 'First.', signature: 's1' }, { text: '', redacted: 'hidden' }, { text: '', signature: 's2' }],
        toolCalls: [{ id: 'toolu_1', name: 'glob', arguments: { pattern: '*' } }, { id: 'toolu_2', name: 'list_files', arguments: {} }],
      },
    ])
  })

  it('names why it ended', async () => {
    for (const [reason, finishReason] of [['max_tokens', 'length'], ['model_context_window_exceeded', 'length'], ['refusal', 'content_filter'], ['stop_sequence', 'stop'], ['pause_turn', 'stop']] as const) {
      const { events } = await call({ raw: sse(start({}), begin(0, { type: 'text', text: 'x' }), stop(reason), end) })
      expect(events.at(-1)).toMatchObject({ type: 'done', text: 'x', finishReason })
    }
  })

  it('marks a call invalid whose arguments are broken or unfinished', async () => {
    const { events } = await call({ toolCalls: [{ id: 'a', name: 'glob', arguments: '{"x":' }] })
    expect(events.at(-1)).toMatchObject({ toolCalls: [{ id: 'a', arguments: {}, invalid: { raw: '{"x":' } }] })
    const cut = await call({ toolCalls: [{ id: 'a', name: 'glob', arguments: '' }], finishReason: 'length' })
    expect(cut.events.at(-1)).toMatchObject({ finishReason: 'length', toolCalls: [{ id: 'a', arguments: {}, invalid: { raw: '' } }] })
  })
})

const cached = { cache_control: { type: 'ephemeral' } }
const calls: ModelMessage = { role: 'assistant', text: 'Looking.', thinking: [{ text: 'hm', signature: 's' }, { text: '', redacted: 'r' }, { text: 'unsigned' }], toolCalls: [{ id: 'a.b:c', name: 'glob', arguments: { x: 1 } }] }
const result: ModelMessage = { role: 'tool', callId: 'a.b:c', toolName: 'glob', content: 'none', isError: true }

describe('the request', () => {
  it('replays thinking, alternates roles, and marks what to cache', async () => {
    const tool = (name: string) => ({ name, description: 'd', parameters: { type: 'object', properties: {} } })
    const { body, headers, path } = await call({ text: 'ok' }, {
      model: 'claude-sonnet-5-5', thinking: true, tools: [tool('glob'), tool('list_files')],
      messages: [{ role: 'user', text: 'One' }, calls, result, { role: 'user', text: 'Two' }],
    })
    expect(path).toBe('/v1/messages')
    expect(headers?.authorization).toBe('Bearer key-123456')
    expect(body).toEqual({
      model: 'claude-sonnet-5-5',
      stream: true,
      max_tokens: 4096,
      thinking: { type: 'adaptive', display: 'summarized' },
      system: [{ type: 'text', text: 'Be helpful.', ...cached }],
      tools: [
        { name: 'glob', description: 'd', input_schema: { type: 'object', properties: {} } },
        { name: 'list_files', description: 'd', input_schema: { type: 'object', properties: {} }, ...cached },
      ],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'One', ...cached }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 's' },
            { type: 'redacted_thinking', data: 'r' },
            { type: 'text', text: 'Looking.' },
            { type: 'tool_use', id: 'a_b_c', name: 'glob', input: { x: 1 } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a_b_c', content: 'none', is_error: true }, { type: 'text', text: 'Two', ...cached }] },
      ],
    })
  })

  it('begins and ends with the user', async () => {
    const { body } = await call({ text: 'ok' }, { messages: [{ role: 'assistant', text: 'Half', thinking: [], toolCalls: [] }] })
    expect((body['messages'] as { role: string }[]).map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
  })

  it('gives older models a budget to think with, but not in a turn that began without thinking', async () => {
    const thinkingOf = async (messages: readonly ModelMessage[], maxOutputTokens = 8000) =>
      (await call({ text: 'ok' }, { model: 'claude-haiku-4-5-20251001', thinking: true, messages, maxOutputTokens })).body['thinking']
    const one: ModelMessage = { role: 'user', text: 'One' }
    expect(await thinkingOf([one])).toEqual({ type: 'enabled', budget_tokens: 4000 })
    expect(await thinkingOf([one, calls, result])).toEqual({ type: 'enabled', budget_tokens: 4000 })
    expect(await thinkingOf([one, { ...calls, thinking: [] }, result])).toBeUndefined()
    expect(await thinkingOf([one], 1500)).toBeUndefined()
  })
})

describe('an image', () => {
  it('goes before the words about it, also where two messages become one', async () => {
    const messages: ModelMessage[] = [{ role: 'user', text: '', images: [{ mimeType: 'image/png', base64: 'AAAA', name: 'a.png' }] }, { role: 'user', text: 'What is this?' }]
    const { body } = await call({ text: 'ok' }, { messages })
    expect(body['messages']).toMatchObject([{ role: 'user', content: [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }, { type: 'text', text: 'What is this?' },
    ] }])
  })
})
