import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema } from './common'
import { ErrorBodySchema } from './errors'
import { ProviderIdSchema } from './settings'

export const ModelSchema = z.object({
  /** `provider/model` */
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  /** Tokens; null when not known (then a cautious 32,000 is used). */
  contextWindow: z.number().int().positive().nullable(),
  maxOutputTokens: z.number().int().positive().nullable(),
  /** US dollars per million tokens; null when not known. */
  price: z.object({ input: z.number(), output: z.number(), cachedInput: z.number().nullable() }).nullable(),
  tools: z.boolean(),
  thinking: z.boolean(),
  /** Whether it can see images. */
  images: z.boolean(),
  /** False when its provider has no key or does not answer. */
  available: z.boolean(),
})
export type Model = z.infer<typeof ModelSchema>

export const ProviderSchema = z.object({
  id: z.string(),
  kind: z.enum(['openai', 'anthropic', 'compatible', 'demo']),
  name: z.string(),
  baseUrl: z.string().nullable(),
  /** Where the key comes from. `session`: kept in memory until Trestle stops, since this machine has no keychain. */
  key: z.enum(['keychain', 'environment', 'session', 'none']),
  /** Whether it can be used without a key. */
  keyOptional: z.boolean(),
})
export type Provider = z.infer<typeof ProviderSchema>

export const ProviderTestSchema = z.object({
  ok: z.boolean(),
  models: z.number().int(),
  error: ErrorBodySchema.nullable(),
})
export type ProviderTest = z.infer<typeof ProviderTestSchema>

export const LocalServerSchema = z.object({
  /** For instance `Ollama`. */
  name: z.string(),
  baseUrl: z.string(),
  models: z.array(z.string()),
})
export type LocalServer = z.infer<typeof LocalServerSchema>

const tags = ['models']
const ById = z.object({ id: ProviderIdSchema })

export const models = {
  list: oc.route({ method: 'GET', path: '/models', tags, summary: 'Models that can be used, and those that lack a key' })
    .input(EmptySchema).output(z.object({ items: z.array(ModelSchema) })),
  refresh: oc.route({ method: 'POST', path: '/models/refresh', tags, summary: 'Ask the providers for their models' })
    .input(EmptySchema).output(z.object({ items: z.array(ModelSchema), errors: z.array(ErrorBodySchema.extend({ provider: z.string() })) })),
}

export const providers = {
  list: oc.route({ method: 'GET', path: '/providers', tags }).input(EmptySchema).output(z.object({ items: z.array(ProviderSchema) })),
  setKey: oc.route({ method: 'PUT', path: '/providers/{id}/key', tags, summary: 'Store a key in the keychain; it is never given back' })
    .input(ById.extend({ key: z.string().trim().min(1).max(1000) })).output(ProviderSchema),
  removeKey: oc.route({ method: 'DELETE', path: '/providers/{id}/key', tags }).input(ById).output(ProviderSchema),
  test: oc.route({ method: 'POST', path: '/providers/{id}/test', tags, summary: 'Ask the provider for its models with the stored key' })
    .input(ById).output(ProviderTestSchema),
  discover: oc.route({ method: 'POST', path: '/providers/discover', tags, summary: 'Look for model servers on this machine (Ollama, LM Studio, llama.cpp)' })
    .input(EmptySchema).output(z.object({ items: z.array(LocalServerSchema) })),
}
