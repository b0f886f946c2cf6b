import { AppError } from '#core/errors'
import type { CreateProvider, ModelProvider, ProviderConfig } from '#core/ports/model-provider'
import { createAnthropicProvider } from './anthropic'
import { createOpenAiProvider } from './openai'
import type { ProviderOptions } from './provider-options'
import { defaultReplyLimits, type ReplyLimits } from './reply/reply-stream'

/** Servers on this machine may first have to load the model and read a long prompt. */
const compatibleLimits: ReplyLimits = { ...defaultReplyLimits, answerMs: 600_000 }

/** Makes the client of a provider. Its SDK is loaded by the first call. Throws INVALID_PARAMETERS for a base URL that is none. */
export const createProvider: CreateProvider = async (config) => createProviderWithin(config, {})

/** As `createProvider`, with other limits. */
export function createProviderWithin(config: ProviderConfig, limits: Partial<ReplyLimits>): ModelProvider {
  const baseUrl = baseUrlOf(config)
  const hosted = config.kind === 'openai' || config.kind === 'anthropic'
  const options: ProviderOptions = {
    config,
    baseUrl,
    face: { name: nameOf(config, baseUrl), apiKey: config.apiKey, official: config.baseUrl === null },
    limits: { ...(hosted ? defaultReplyLimits : compatibleLimits), ...limits },
  }
  return config.kind === 'anthropic' ? createAnthropicProvider(options) : createOpenAiProvider(options)
}

function baseUrlOf({ kind, baseUrl }: ProviderConfig): string {
  if (baseUrl === null && kind === 'openai') return 'https://api.openai.com/v1'
  if (baseUrl === null && kind === 'anthropic') return 'https://api.anthropic.com'
  if (baseUrl === null || !URL.canParse(baseUrl)) {
    throw new AppError('INVALID_PARAMETERS', 'The base URL of the provider is missing or is not a URL; enter it in Settings.')
  }
  const url = new URL(baseUrl)
  const path = url.pathname.replace(/\/+$/, '')
  // Anthropic's SDK adds the version itself.
  if (kind === 'anthropic') url.pathname = path.replace(/\/v1$/, '')
  // Local servers are often given by host and port alone; all of them serve below /v1.
  else if (path === '' && url.port !== '' && kind !== 'openai') url.pathname = '/v1'
  return url.toString().replace(/\/+$/, '')
}

function nameOf({ kind, baseUrl: given }: ProviderConfig, baseUrl: string): string {
  if (kind === 'demo') return 'The demo'
  // Fits at the start and in the middle of a sentence.
  if (kind === 'compatible') return new URL(baseUrl).host
  const name = kind === 'openai' ? 'OpenAI' : 'Anthropic'
  return given === null ? name : `${name} (${new URL(baseUrl).host})`
}
