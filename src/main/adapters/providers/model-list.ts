import { z } from 'zod'
import type { Model } from '#contract/models'
import { seesImages } from '#core/models/sees-images'
import type { ProviderConfig } from '#core/ports/model-provider'
import { findBuiltin } from './catalogue'

const count = z.number().int().positive().nullish().catch(null)
const supported = z.object({ supported: z.boolean() }).nullish().catch(null)

/** A listed model, with what some servers tell beyond its id. */
const ListedModelSchema = z.object({
  id: z.string().min(1).max(200),
  display_name: z.string().nullish().catch(null),
  name: z.string().nullish().catch(null),
  /** Anthropic. */
  max_input_tokens: count,
  max_tokens: count,
  capabilities: z.object({ thinking: supported }).nullish().catch(null),
  /** OpenRouter and others. */
  context_length: count,
  architecture: z.object({ input_modalities: z.array(z.string()) }).nullish().catch(null),
  supported_parameters: z.array(z.string()).nullish().catch(null),
  pricing: z.object({ prompt: z.coerce.number().nonnegative(), completion: z.coerce.number().nonnegative() }).nullish().catch(null),
  /** Groq. */
  context_window: count,
  /** vLLM. */
  max_model_len: count,
  /** Mistral. */
  max_context_length: count,
  /** llama.cpp: what the server was started with. */
  meta: z.object({ n_ctx: count }).nullish().catch(null),
})
type ListedModel = z.infer<typeof ListedModelSchema>

const notForChat = /embed|rerank|moderation|whisper|transcrib|\btts\b|[-_]tts|audio|realtime|dall-e|image|sora|\bbge-|stable-diffusion/i
/** Models of OpenAI that its chat completions do not serve. */
const notForCompletions = /^(babbage|davinci|computer-use|chatgpt-image|gpt-live)|-pro(-|$)|codex|deep-research|instruct|search-(api|preview)/

/** The models among `listed` that can hold a conversation, with what the catalogue and the server know of them. */
export function toModels(config: ProviderConfig, listed: readonly unknown[]): Model[] {
  const models = new Map<string, Model>()
  for (const item of listed) {
    const parsed = ListedModelSchema.safeParse(item)
    if (!parsed.success || /\s/.test(parsed.data.id)) continue
    const { id } = parsed.data
    if (!isChatModel(id) || (config.kind === 'openai' && notForCompletions.test(id))) continue
    models.set(id, toModel(config, parsed.data))
  }
  return [...models.values()]
}

/** By its name: lists do not say what a model is for. */
export function isChatModel(id: string): boolean {
  return !notForChat.test(id)
}

function toModel(config: ProviderConfig, listed: ListedModel): Model {
  const known = findBuiltin(config.kind, listed.id)
  const parameters = listed.supported_parameters
  return {
    id: `${config.id}/${listed.id}`,
    provider: config.id,
    name: known?.name ?? listed.display_name ?? listed.name ?? listed.id,
    contextWindow: known?.contextWindow ?? windowOf(listed),
    maxOutputTokens: known?.maxOutputTokens ?? (config.kind === 'anthropic' ? (listed.max_tokens ?? null) : null),
    price: known?.price ?? priceOf(listed),
    tools: known?.tools ?? (parameters ? parameters.includes('tools') : true),
    thinking: known?.thinking ?? (listed.capabilities?.thinking?.supported || parameters?.includes('reasoning') || false),
    images: known?.images ?? listed.architecture?.input_modalities.includes('image') ?? (config.kind === 'compatible' ? seesImages(listed.id) : config.kind !== 'demo'),
    available: true,
  }
}

function windowOf(listed: ListedModel): number | null {
  return listed.max_input_tokens ?? listed.context_length ?? listed.context_window ?? listed.max_model_len
    ?? listed.max_context_length ?? listed.meta?.n_ctx ?? null
}

/** Told per token, in dollars. */
function priceOf({ pricing }: ListedModel): Model['price'] {
  if (!pricing) return null
  return { input: pricing.prompt * 1e6, output: pricing.completion * 1e6, cachedInput: null }
}
