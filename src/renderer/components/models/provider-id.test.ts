import { expect, test } from 'vitest'
import { ProviderIdSchema } from '#contract/settings'
import { providerIdFrom } from './provider-id'

test('a provider is called after its name, else after its host', () => {
  expect(providerIdFrom('LM Studio', 'http://127.0.0.1:1234/v1', [])).toBe('lm-studio')
  expect(providerIdFrom('模型', 'http://127.0.0.1:1234/v1', [])).toBe('127-0-0-1')
})

test('an id that is taken or reserved gets a number, and every id is valid', () => {
  expect(providerIdFrom('openai', 'http://x.example', [])).toBe('openai-2')
  expect(providerIdFrom('a', 'http://x.example', ['a', 'a-2'])).toBe('a-3')
  for (const name of ['x'.repeat(100), '--', 'Ünï', '9']) expect(ProviderIdSchema.safeParse(providerIdFrom(name, 'http://x.example', ['x'.repeat(40)])).success).toBe(true)
})
