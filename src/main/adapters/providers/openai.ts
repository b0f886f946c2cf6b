import type OpenAI from 'openai'
import type { ModelProvider, ModelRequest, ProviderConfig } from '#core/ports/model-provider'
import { embed } from './openai/embed'
import { readReply, type ReasoningField } from './openai/read-reply'
import { toWire, type Dialect } from './openai/to-wire'
import type { Chunk } from './openai/wire'
import type { ProviderOptions } from './provider-options'
import { readApiFailure } from './reply/api-failure'
import { httpFetch } from './reply/http-fetch'
import type { ReplyWriter } from './reply/reply-stream'
import { watchResponse } from './reply/watch-response'
import { createSdkProvider } from './sdk-provider'

/** Adjusting to a server takes at most one try per habit. */
const maxAdjustments = 4

/** OpenAI itself and every server that speaks its chat completions. */
export function createOpenAiProvider(options: ProviderOptions): ModelProvider {
  const habits = createHabits(options.config.kind, new URL(options.baseUrl).hostname)
  return createSdkProvider(options, {
    load: () => loadSdk(options),
    read: async ({ client, Stream }, request, writer) => {
      const response = await ask(client, request, habits, writer)
      const chunks = isJson(response) ? whole(response) : Stream.fromSSEResponse<Chunk>(response, writer.controller, client)
      return readReply(chunks, writer, options.face.name, habits.onReasoningField)
    },
    embed: ({ client }, model, texts, signal) => embed(client, model, texts, signal),
    list: ({ client }, call) => client.models.list(call),
  })
}

async function loadSdk({ config, baseUrl, limits }: ProviderOptions) {
  const [{ default: Client }, { Stream }] = await Promise.all([import('openai'), import('openai/core/streaming')])
  const client = new Client({
    apiKey: config.apiKey ?? 'none',
    // Null keeps the SDK from taking them from the environment, which is meant for OpenAI only.
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: limits.answerMs + 10_000,
    logLevel: 'off',
    fetch: httpFetch,
    ...(config.apiKey === null ? { defaultHeaders: { Authorization: null } } : {}),
  })
  return { client, Stream }
}

interface Habits {
  readonly dialectFor: (model: string, hasTools: boolean) => Dialect
  /** Takes a rejection into account. False when it teaches nothing new. */
  readonly learn: (request: ModelRequest, rejection: unknown) => boolean
  readonly onReasoningField: (field: ReasoningField) => void
}

/** What this server needs, learnt from what it rejects. */
function createHabits(kind: ProviderConfig['kind'], host: string): Habits {
  let outputLimit: Dialect['outputLimit'] = host === 'api.openai.com' || host.endsWith('.openai.azure.com') ? 'max_completion_tokens' : 'max_tokens'
  let streamOptions = true
  let reasoningField: ReasoningField | null = kind === 'openai' ? null : 'reasoning_content'
  const reasoningOff = new Set<string>()

  return {
    dialectFor: (model, hasTools) => ({ outputLimit, streamOptions, reasoningField, reasoningOff: hasTools && reasoningOff.has(model) }),
    learn(request, rejection) {
      const { status, message } = readApiFailure(rejection)
      if (status !== 400 && status !== 422) return false
      if (streamOptions && message.includes('stream_options')) {
        streamOptions = false
        return true
      }
      const other = outputLimit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens'
      if (new RegExp(`\\b${outputLimit}\\b`).test(message) && /unsupported|unrecognized|unknown|not (supported|permitted|allowed)|extra/i.test(message)) {
        outputLimit = other
        return true
      }
      if (message.includes('reasoning_effort') && message.includes('none') && request.tools.length > 0 && !reasoningOff.has(request.model)) {
        reasoningOff.add(request.model)
        return true
      }
      return false
    },
    onReasoningField(field) {
      if (kind !== 'openai') reasoningField = field
    },
  }
}

async function ask(client: OpenAI, request: ModelRequest, habits: Habits, writer: ReplyWriter): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const params = toWire(request, habits.dialectFor(request.model, request.tools.length > 0))
      const response = await client.chat.completions.create(params, { signal: writer.controller.signal }).asResponse()
      return watchResponse(response, writer)
    } catch (error) {
      if (attempt >= maxAdjustments || !habits.learn(request, error)) throw error
    }
  }
}

function isJson(response: Response): boolean {
  return response.headers.get('content-type')?.includes('application/json') === true
}

async function* whole(response: Response): AsyncGenerator<Chunk> {
  const body = (await response.json()) as Chunk & { readonly error?: unknown }
  if (body.error) throw Object.assign(new Error('error instead of a reply'), { error: body.error })
  yield body
}
