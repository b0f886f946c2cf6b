import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { ModelEvent, ModelMessage, ModelRequest } from '../ports/model-provider'
import { findPersonal } from './personal-data'
import { withoutPersonal, withPlaceholders } from './placeholders'

const request = (messages: readonly ModelMessage[]): ModelRequest => ({ model: 'm', system: 'Written by ada@lovelace.example', messages, tools: [], maxOutputTokens: 1, thinking: false })
const user = (text: string): ModelMessage => ({ role: 'user', text })

describe('personal data in a text', () => {
  it.each([
    ['EMAIL', 'ada.b+c@mail.lovelace.co.uk'], ['PHONE', '+49 (30) 1234-5678'], ['PHONE', '+14155550132'], ['CARD', '4111 1111 1111 1111'], ['CARD', '5500005555555559'], ['IBAN', 'DE89 3704 0044 0532 0130 00'], ['IBAN', 'GB82WEST12345698765432'], ['IP', '93.184.216.34'],
  ])('%s: %s is found, whatever stands around it', (kind, value) => {
    for (const text of [value, `<${value}>`, `to ${value}, then`, `{"a":"${value}"}`, `${'word '.repeat(300)}${value}`]) expect(findPersonal(text).map((found) => [found.kind, found.value])).toEqual([[kind, value]])
  })

  it.each([
    'git@github.com:a/b', '@scope/name', 'user@host', '4111 1111 1111 1112', '1732212345678', 'DE89 3704 0044 0532 0130 02', '127.0.0.1:3000', '192.168.1.7', 'version 1.2.3.4', '10.0.0.1', '1 + 2 + 3', '123e4567-e89b-12d3-a456-426614174000', '2026-11-21 19:30:00', '300.1.2.3', '0000000000000000',
  ])('%s is nothing', (text) => expect(findPersonal(text)).toEqual([]))

  it('is found in time that grows with the text', () => {
    const started = performance.now()
    for (const text of ['a.'.repeat(100_000), `${'a'.repeat(200_000)}@`, '+1'.repeat(100_000), '4 '.repeat(100_000), 'DE89 '.repeat(40_000), '1.'.repeat(100_000)]) findPersonal(text)
    expect(performance.now() - started).toBeLessThan(4000)
  })
})

test('the same value has the same name in the whole conversation, and assistants and calls have it too', () => {
  const { request: sent } = withPlaceholders(request([
    user('Write to bob@example.org and ada@lovelace.example'), { role: 'assistant', text: 'To bob@example.org', toolCalls: [{ id: 'c', name: 'mail', arguments: { to: ['bob@example.org'], lines: { a: '+14155550132' } } }], thinking: [] },
    { role: 'tool', callId: 'c', toolName: 'mail', content: 'Sent to bob@example.org', isError: false },
  ]))
  expect(sent.system).toBe('Written by [EMAIL_1]')
  expect(sent.messages).toMatchObject([
    { text: 'Write to [EMAIL_2] and [EMAIL_1]' }, { text: 'To [EMAIL_2]', toolCalls: [{ arguments: { to: ['[EMAIL_2]'], lines: { a: '[PHONE_1]' } } }] }, { content: 'Sent to [EMAIL_2]' },
  ])
  expect(withoutPersonal('To bob@example.org')).toBe('To [EMAIL]')
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
  const { restored } = withPlaceholders(request([user('Mail bob@example.org')]))
  const reply = 'To [EMAIL_2], not [EMAIL_9], [x] or [EMAIL_'
  const real = 'To bob@example.org, not [EMAIL_9], [x] or [EMAIL_'
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(reply.length), { maxLength: 12 }), async (cuts) => {
    const places = [0, ...[...cuts].sort((one, other) => one - other), reply.length]
    const deltas = places.slice(1).map((end, index): ModelEvent => ({ type: 'text', delta: reply.slice(places[index], end) }))
    const done: ModelEvent = { type: 'done', text: reply, thinking: [], toolCalls: [{ id: 'c', name: 'mail', arguments: { to: '[EMAIL_2]' } }], finishReason: 'tool_calls', usage: null }
    const events = await collect(restored(streamed([...deltas, done])))
    expect(events.flatMap((event) => (event.type === 'text' ? [event.delta] : [])).join('')).toBe(real)
    expect(events.at(-1)).toMatchObject({ text: real, toolCalls: [{ arguments: { to: 'bob@example.org' } }] })
  }), { numRuns: 100 })
})

test('what was held back when a stream is cut is not lost', async () => {
  const { restored } = withPlaceholders(request([user('Mail bob@example.org')]))
  expect(await collect(restored(streamed([{ type: 'text', delta: 'So [EMA' }, { type: 'aborted' }])))).toEqual([{ type: 'text', delta: 'So ' }, { type: 'text', delta: '[EMA' }, { type: 'aborted' }])
})
