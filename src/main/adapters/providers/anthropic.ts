import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages'
import type { ModelProvider } from '#core/ports/model-provider'
import { readReply } from './anthropic/read-reply'
import { toWire } from './anthropic/to-wire'
import { thinkingStyleOf } from './catalogue'
import type { ProviderOptions } from './provider-options'
import { toModels } from './model-list'
import { httpFetch } from './reply/http-fetch'
import { loadOnce } from './reply/load-once'
import { toProviderError } from './reply/provider-error'
import { streamReply } from './reply/reply-stream'
import { watchResponse } from './reply/watch-response'

const maxListed = 2000

export function createAnthropicProvider(options: ProviderOptions): ModelProvider {
  const { config, face, limits } = options
  const load = loadOnce(face, () => loadSdk(options))

  return {
    stream: (request, signal) =>
      streamReply({
        signal,
        limits,
        providerName: face.name,
        read: async (writer) => {
          const { client, Stream } = await load()
          const params = toWire(request, thinkingStyleOf(request.model))
          const response = await client.messages.create(params, { signal: writer.controller.signal }).asResponse()
          const watched = watchResponse(response, writer)
          return readReply(Stream.fromSSEResponse<RawMessageStreamEvent>(watched, writer.controller, client), writer, face.name)
        },
        toError: (error, answered) => toProviderError(error, { provider: face, model: request.model, answered, now: Date.now() }),
      }),

    async listModels(signal) {
      const { client } = await load()
      try {
        const listed: unknown[] = []
        for await (const model of client.models.list({ limit: 1000 }, { signal, timeout: 15_000 })) {
          if (listed.push(model) >= maxListed) break
        }
        return toModels(config, listed)
      } catch (error) {
        throw toProviderError(error, { provider: face, model: null, answered: false, now: Date.now() })
      }
    },
  }
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
