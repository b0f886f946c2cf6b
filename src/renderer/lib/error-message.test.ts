import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { NotConnectedError } from './connection'
import { errorBodyOf, errorMessage } from './error-message'

test('the sentence of the server is shown', () => {
  const body = { code: 'KEY_REFUSED', message: 'OpenAI refused the key.', retryable: false } as const
  const error = new ORPCError('KEY_REFUSED', { status: 422, message: 'other', data: body })
  expect(errorBodyOf(error)).toEqual(body)
  expect(errorMessage(error)).toBe('OpenAI refused the key.')
  expect(errorMessage(new ORPCError('CONFLICT', { status: 409, message: 'It runs already.' }))).toBe('It runs already.')
})

test('a bug shows no inner text', () => {
  const secret = new TypeError("Cannot read properties of undefined (reading 'x') at /home/me/a.ts:1")
  expect(errorMessage(secret)).toMatch(/^Something went wrong inside Trestle/)
  expect(errorMessage(new ORPCError('WHATEVER', { status: 500, message: 'stack' }))).toMatch(/^Something went wrong/)
})

test('a lost connection says what happens next', () => {
  expect(errorMessage(new NotConnectedError())).toBe('Trestle cannot be reached right now. It connects again by itself; then try once more.')
})
