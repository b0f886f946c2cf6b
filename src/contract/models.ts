import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, TimestampSchema } from './common'
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

/**
 * What is known of a key since Trestle was started. `limited`, `no_credit`: the provider said so, until `until` another one is taken where that is
 * allowed. `refused`: until it is replaced or tested again. `missing`: its value is gone, as those kept in memory are after a restart.
 */
export const KeyStateSchema = z.enum(['untried', 'works', 'refused', 'limited', 'no_credit', 'missing'])
export type KeyState = z.infer<typeof KeyStateSchema>

const KeyNameSchema = z.string().trim().min(1).max(60)
const KeyValueSchema = z.string().trim().min(1).max(1000)
/** `environment` is the one of the environment. */
const KeyIdSchema = z.string().min(1).max(64)

/** One of several keys of a provider. Its value is never given back. */
export const ProviderKeySchema = z.object({
  id: KeyIdSchema,
  name: KeyNameSchema,
  /** It cannot be changed or removed here. */
  fromEnvironment: z.boolean(),
  /** May be used when another key is refused or limited. */
  standsIn: z.boolean(),
  state: KeyStateSchema,
  until: TimestampSchema.nullable(),
  /** Used where a folder has no choice of its own. */
  isDefault: z.boolean(),
  /** Folders that chose it. */
  workspaceIds: z.array(IdSchema),
})
export type ProviderKey = z.infer<typeof ProviderKeySchema>

export const ProviderSchema = z.object({
  id: z.string(),
  kind: z.enum(['openai', 'anthropic', 'compatible', 'demo']),
  name: z.string(),
  baseUrl: z.string().nullable(),
  /** Where the key that is used by default comes from. `session`: kept in memory until Trestle stops, since this machine has no keychain. */
  key: z.enum(['keychain', 'environment', 'session', 'none']),
  /** Whether it can be used without a key. */
  keyOptional: z.boolean(),
  keys: z.array(ProviderKeySchema),
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
const ByKey = ById.extend({ keyId: KeyIdSchema })

export const models = {
  list: oc.route({ method: 'GET', path: '/models', tags, summary: 'Models that can be used, and those that lack a key' })
    .input(EmptySchema).output(z.object({ items: z.array(ModelSchema) })),
  refresh: oc.route({ method: 'POST', path: '/models/refresh', tags, summary: 'Ask the providers for their models' })
    .input(EmptySchema).output(z.object({ items: z.array(ModelSchema), errors: z.array(ErrorBodySchema.extend({ provider: z.string() })) })),
}

export const providers = {
  list: oc.route({ method: 'GET', path: '/providers', tags }).input(EmptySchema).output(z.object({ items: z.array(ProviderSchema) })),
  setKey: oc.route({ method: 'PUT', path: '/providers/{id}/key', tags, summary: 'Replace the value of the key that is used by default, or keep a first one; it is never given back' })
    .input(ById.extend({ key: KeyValueSchema })).output(ProviderSchema),
  removeKey: oc.route({ method: 'DELETE', path: '/providers/{id}/key', tags, summary: 'Remove the key that is used by default' }).input(ById).output(ProviderSchema),
  test: oc.route({ method: 'POST', path: '/providers/{id}/test', tags, summary: 'Ask the provider for its models with the key that is used by default' })
    .input(ById).output(ProviderTestSchema),
  addKey: oc.route({ method: 'POST', path: '/providers/{id}/keys', successStatus: 201, tags, summary: 'Keep one more key in the keychain, under a name; it is never given back' })
    .input(ById.extend({ name: KeyNameSchema, key: KeyValueSchema, standsIn: z.boolean().default(false) })).output(ProviderSchema),
  changeKey: oc.route({ method: 'PATCH', path: '/providers/{id}/keys/{keyId}', tags, summary: 'Rename a key, replace its value, or say whether it may be used when another one is refused or limited' })
    .input(ByKey.extend({ name: KeyNameSchema.optional(), key: KeyValueSchema.optional(), standsIn: z.boolean().optional() })).output(ProviderSchema),
  dropKey: oc.route({ method: 'DELETE', path: '/providers/{id}/keys/{keyId}', tags, summary: 'Remove a key from the keychain' }).input(ByKey).output(ProviderSchema),
  testKey: oc.route({ method: 'POST', path: '/providers/{id}/keys/{keyId}/test', tags, summary: 'Ask the provider for its models with this key' })
    .input(ByKey).output(ProviderTestSchema),
  chooseKey: oc.route({ method: 'PUT', path: '/providers/{id}/active-key', tags, summary: 'Which key is used: by default, or in one folder. Null gives up the choice' })
    .input(ById.extend({ workspaceId: IdSchema.nullable().default(null), keyId: KeyIdSchema.nullable() })).output(ProviderSchema),
  discover: oc.route({ method: 'POST', path: '/providers/discover', tags, summary: 'Look for model servers on this machine (Ollama, LM Studio, llama.cpp)' })
    .input(EmptySchema).output(z.object({ items: z.array(LocalServerSchema) })),
}
