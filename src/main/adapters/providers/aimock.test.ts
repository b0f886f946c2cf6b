import { LLMock } from '@copilotkit/aimock'
import { expect, it, onTestFinished } from 'vitest'
import { collectEvents, modelRequest } from '../../../testing/model-calls'
import { createProviderWithin } from './create-provider'

it.each(['openai', 'anthropic'] as const)('%s: an independent mock of the API is understood', async (kind) => {
  const mock = new LLMock({ port: 0 })
  mock.on({ userMessage: 'greet' }, { content: 'Hi there, how are you?' })
  mock.on({ userMessage: 'list' }, { toolCalls: [{ name: 'list_files', arguments: '{"path":"src"}' }] })
  await mock.start()
  onTestFinished(() => mock.stop())
  const provider = createProviderWithin({ id: kind, kind, baseUrl: `${mock.url}/v1`, apiKey: 'mock' }, {})
  const ask = (text: string) => collectEvents(provider.stream(modelRequest({
    messages: [{ role: 'user', text }],
    tools: [{ name: 'list_files', description: 'Lists', parameters: { type: 'object', properties: { path: { type: 'string' } } } }],
  }), new AbortController().signal))

  expect((await ask('greet')).at(-1)).toMatchObject({ type: 'done', text: 'Hi there, how are you?', toolCalls: [], finishReason: 'stop' })
  expect((await ask('list')).at(-1)).toMatchObject({ type: 'done', toolCalls: [{ name: 'list_files', arguments: { path: 'src' } }], finishReason: 'tool_calls' })
  expect((await ask('something else')).at(-1)).toMatchObject({ type: 'error', error: { retryable: false } })
})
