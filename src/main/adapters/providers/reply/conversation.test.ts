import { expect, it } from 'vitest'
import type { ModelMessage } from '#core/ports/model-provider'
import { normaliseConversation } from './conversation'

const user = (text: string): ModelMessage => ({ role: 'user', text })
const said = (text: string, ...callIds: string[]): ModelMessage => ({
  role: 'assistant', text, thinking: [], toolCalls: callIds.map((id) => ({ id, name: 'glob', arguments: {} })),
})
const result = (callId: string, content = `of ${callId}`): ModelMessage => ({ role: 'tool', callId, toolName: 'glob', content, isError: false })
const missing = (callId: string) => ({ role: 'tool', callId, toolName: 'glob', content: expect.stringContaining('no result'), isError: true })

it('leaves a well-formed conversation as it is', () => {
  const messages = [user('1'), said('2', 'a', 'b'), result('a'), result('b'), said('3'), user('4')]
  expect(normaliseConversation(messages)).toEqual(messages)
})

it('makes one message of neighbours of the same role, and drops empty ones', () => {
  expect(normaliseConversation([user('1'), said(' '), user('2'), said('3'), user(''), said('4')])).toEqual([user('1\n\n2'), said('3\n\n4')])
})

it('puts results in the order of their calls', () => {
  expect(normaliseConversation([user('1'), said('', 'a', 'b'), result('b'), result('a')])).toEqual([user('1'), said('', 'a', 'b'), result('a'), result('b')])
})

it('says of a call without a result that it was interrupted', () => {
  expect(normaliseConversation([user('1'), said('', 'a', 'b'), result('b'), user('2')])).toEqual([user('1'), said('', 'a', 'b'), missing('a'), result('b'), user('2')])
  expect(normaliseConversation([said('', 'a')])).toEqual([said('', 'a'), missing('a')])
})

it('tells results without a call as text', () => {
  expect(normaliseConversation([result('x'), said('', 'a'), result('a'), result('a', 'twice')])).toEqual([
    user('Result of glob:\nof x'), said('', 'a'), result('a'), user('Result of glob:\ntwice'),
  ])
})
