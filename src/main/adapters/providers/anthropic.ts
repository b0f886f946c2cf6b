import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { ModelProvider } from '#core/ports/model-provider'
import { readReply } from './anthropic/read-reply'
import { toWire } from './anthropic/to-wire'
import { thinkingStyleOf } from './catalogue'
import type { ProviderOptions } from './provider-options'
import { httpFetch } from './reply/http-fetch'
import { watchResponse } from './reply/watch-response'
import { createSdkProvider } from './sdk-provider'

export function createAnthropicProvider(options: ProviderOptions): ModelProvider {
  return createSdkProvider(options, {
    load: () => loadSdk(options),
    read: async ({ client, Stream }, request, writer) => {
      const params = toWire(request, thinkingStyleOf(request.model))
      const response = await client.messages.create(params, { signal: writer.controller.signal }).asResponse()
      const watched = watchResponse(response, writer)
      return readReply(Stream.fromSSEResponse<RawMessageStreamEvent>(watched, writer.controller, client), writer, options.face.name)
    },
    list: ({ client }, call) => client.models.list({ limit: 1000 }, call),
  })
}

async function loadSdk({ config, baseUrl, limits }: ProviderOptions) {
  const [{ default: Client }, { Stream }] = await Promise.all([import('@anthropic-ai/sdk'), import('@anthropic-ai/sdk/core/streaming')])
  const client = new Client({
    apiKey: config.apiKey ?? 'none',
    // Null keeps the SDK from taking it from the environment.
    authToken: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: limits.answerMs + 10_000,
    logLevel: 'off',
    fetch: httpFetch,
    ...(config.apiKey === null ? { defaultHeaders: { Authorization: null } } : {}),
  })
  return { client, Stream }
}
