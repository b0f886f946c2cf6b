import { expect, it } from 'vitest'
import { builtinModels, findBuiltin, thinkingStyleOf } from './catalogue'
import { toModels } from './model-list'

const config = (kind: 'openai' | 'anthropic' | 'compatible' | 'demo', id: string = kind) => ({ id, kind, baseUrl: null, apiKey: null })

it('tells what is known of a listed model, dated or not', () => {
  const known = { provider: 'openai', name: 'GPT-4.1', contextWindow: 1_047_576, maxOutputTokens: 32_768, price: { input: 2, output: 8, cachedInput: 0.5 }, tools: true, thinking: false, images: true, available: true }
  expect(toModels(config('openai'), [{ id: 'gpt-4.1' }, { id: 'gpt-4.1-2025-04-14' }])).toEqual([
    { id: 'openai/gpt-4.1', ...known },
    { id: 'openai/gpt-4.1-2025-04-14', ...known },
  ])
})

it('has null for what nobody knows', () => {
  expect(toModels(config('compatible', 'my-server'), [{ id: 'org/some-model:7b' }])).toEqual([
    { id: 'my-server/org/some-model:7b', provider: 'my-server', name: 'org/some-model:7b', contextWindow: null, maxOutputTokens: null, price: null, tools: true, thinking: false, images: false, available: true },
  ])
})

it('believes what a server tells of its models', () => {
  const [router, vllm, llama, anthropic] = [
    ...toModels(config('compatible'), [
      { id: 'a/b', name: 'A: B', context_length: 131_072, pricing: { prompt: '0.0000005', completion: '0.000002' }, supported_parameters: ['reasoning', 'max_tokens'] },
      { id: 'c', max_model_len: 8192 },
      { id: 'd', meta: { n_ctx: 4096 } },
    ]),
    ...toModels(config('anthropic'), [{ id: 'claude-new-9', display_name: 'Claude New 9', max_input_tokens: 500_000, max_tokens: 64_000, capabilities: { thinking: { supported: true } } }]),
  ]
  expect(router).toMatchObject({ name: 'A: B', contextWindow: 131_072, price: { input: 0.5, output: 2, cachedInput: null }, tools: false, thinking: true })
  expect(vllm).toMatchObject({ contextWindow: 8192 })
  expect(llama).toMatchObject({ contextWindow: 4096 })
  expect(anthropic).toMatchObject({ id: 'anthropic/claude-new-9', name: 'Claude New 9', contextWindow: 500_000, maxOutputTokens: 64_000, thinking: true, price: null })
})

it('leaves out what cannot hold a conversation, and what is no model', () => {
  const ids = ['gpt-5', 'text-embedding-3-large', 'whisper-1', 'tts-1', 'gpt-4o-transcribe', 'gpt-4o-audio-preview', 'gpt-realtime', 'gpt-image-1', 'dall-e-3', 'omni-moderation-latest', 'sora-2', 'davinci-002', 'gpt-5-pro', 'o3-deep-research', 'gpt-5-codex', 'gpt-3.5-turbo-instruct']
  expect(toModels(config('openai'), [...ids.map((id) => ({ id })), { id: '' }, { id: 7 }, null, 'x', { id: 'two words' }]).map(({ id }) => id)).toEqual(['openai/gpt-5'])
  expect(toModels(config('compatible'), [{ id: 'nomic-embed-text' }, { id: 'codestral-pro' }]).map(({ id }) => id)).toEqual(['compatible/codestral-pro'])
})

it('knows the models of the providers by heart, and none of compatible servers', () => {
  for (const kind of ['openai', 'anthropic', 'demo']) {
    const ids = builtinModels(kind).map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(0)
    expect(new Set(ids).size).toBe(ids.length)
  }
  expect(builtinModels('compatible')).toEqual([])
  expect(builtinModels('toString')).toEqual([])
  expect(findBuiltin('anthropic', 'claude-haiku-4-5-20251001')?.id).toBe('anthropic/claude-haiku-4-5')
  expect([thinkingStyleOf('claude-haiku-4-5'), thinkingStyleOf('claude-sonnet-5-5'), thinkingStyleOf('claude-unheard-of')]).toEqual(['budget', 'adaptive', 'adaptive'])
})
