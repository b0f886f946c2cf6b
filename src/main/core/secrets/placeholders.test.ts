import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ModelEvent, ModelMessage, ModelRequest } from '../ports/model-provider'
import { withoutPersonal, withPlaceholders } from './placeholders'

const request = (messages: readonly ModelMessage[]): ModelRequest => ({ model: 'm', system: 'Written by ada@lovelace.org', messages, tools: [], maxOutputTokens: 1, thinking: false })
const user = (text: string): ModelMessage => ({ role: 'user', text })

test('the same value has the same name in the whole conversation, and assistants and calls have it too', () => {
  const { request: sent } = withPlaceholders(request([
    user('Write to bob@navy.mil and ada@lovelace.org'), { role: 'assistant', text: 'To bob@navy.mil', toolCalls: [{ id: 'c', name: 'mail', arguments: { to: ['bob@navy.mil'], lines: { a: '+1 (202) 555-0143' } } }], thinking: [] },
    { role: 'tool', callId: 'c', toolName: 'mail', content: 'Sent to bob@navy.mil', isError: false },
  ]))
  expect(sent.system).toBe('Written by [EMAIL_1]')
  expect(sent.messages).toMatchObject([
    { text: 'Write to [EMAIL_2] and [EMAIL_1]' }, { text: 'To [EMAIL_2]', toolCalls: [{ arguments: { to: ['[EMAIL_2]'], lines: { a: '[PHONE_1]' } } }] }, { content: 'Sent to [EMAIL_2]' },
  ])
  expect(withoutPersonal('To bob@navy.mil')).toBe('To [EMAIL]')
})

const collect = async (events: AsyncGenerator<ModelEvent, void, void>) => {
  const found: ModelEvent[] = []
  for await (const event of events) found.push(event)
  return found
}
const streamed = async function* (events: readonly ModelEvent[]): AsyncGenerator<ModelEvent, void, void> {
  yield* events
}

test('a reply has the real ones again, wherever its stream is cut', async () => {
  const { restored } = withPlaceholders(request([user('Mail bob@navy.mil')]))
  const reply = 'To [EMAIL_2], not [EMAIL_9], [x] or [EMAIL_'
  const real = 'To bob@navy.mil, not [EMAIL_9], [x] or [EMAIL_'
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(reply.length), { maxLength: 12 }), async (cuts) => {
    const places = [0, ...[...cuts].sort((one, other) => one - other), reply.length]
    const deltas = places.slice(1).map((end, index): ModelEvent => ({ type: 'text', delta: reply.slice(places[index], end) }))
    const done: ModelEvent = { type: 'done', text: reply, thinking: [], toolCalls: [{ id: 'c', name: 'mail', arguments: { to: '[EMAIL_2]' } }], finishReason: 'tool_calls', usage: null }
    const events = await collect(restored(streamed([...deltas, done])))
    expect(events.flatMap((event) => (event.type === 'text' ? [event.delta] : [])).join('')).toBe(real)
    expect(events.at(-1)).toMatchObject({ text: real, toolCalls: [{ arguments: { to: 'bob@navy.mil' } }] })
  }), { numRuns: 100 })
})

test('what was held back when a stream is cut is not lost', async () => {
  const { restored } = withPlaceholders(request([user('Mail bob@navy.mil')]))
  expect(await collect(restored(streamed([{ type: 'text', delta: 'So [EMA' }, { type: 'aborted' }])))).toEqual([{ type: 'text', delta: 'So ' }, { type: 'text', delta: '[EMA' }, { type: 'aborted' }])
})
