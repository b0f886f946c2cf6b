import type { ErrorBody } from '#contract/errors'
import type { Model, Provider, ProviderTest } from '#contract/models'
import type { Settings } from '#contract/settings'
import { AppError, errorBody, internalError, isAppError, notFound } from '../errors'
import type { BuiltinModels, CreateProvider, DemoServer, ModelProvider } from '../ports/model-provider'
import type { SecretStore } from '../ports/secret-store'
import type { CatalogueStore } from '../ports/store'
import type { Clock } from '../ports/system'
import type { Environment } from '../settings/environment'
import { describeProvider, type ProviderSetup, providerSetups, splitModelId } from './provider-configs'

const LIST_TIMEOUT_MS = 15_000

export interface ModelRegistryPorts {
  readonly settings: () => Settings
  readonly environment: Environment
  readonly secrets: SecretStore
  readonly catalogue: CatalogueStore
  readonly createProvider: CreateProvider
  readonly builtinModels: BuiltinModels
  readonly demo: DemoServer
  readonly clock: Clock
}

export interface ResolvedModel {
  readonly provider: ModelProvider
  readonly model: Model
  /** Without the provider part. */
  readonly name: string
}

export interface ModelRegistry {
  /** The client and the data of a model. AppError NO_MODEL, MODEL_UNKNOWN, KEY_MISSING or SECRETS_UNAVAILABLE. */
  resolve(modelId: string | null): Promise<ResolvedModel>
  /** Data of a model without its client; null when nothing is known. */
  find(modelId: string): Model | null
  list(): Promise<Model[]>
  refresh(): Promise<{ items: Model[]; errors: (ErrorBody & { provider: string })[] }>
  providers(): Promise<Provider[]>
  setKey(providerId: string, key: string): Promise<Provider>
  removeKey(providerId: string): Promise<Provider>
  test(providerId: string): Promise<ProviderTest>
}

export function createModelRegistry(ports: ModelRegistryPorts): ModelRegistry {
  const clients = new Map<string, { readonly fingerprint: string; readonly client: Promise<ModelProvider> }>()

  const setups = () => providerSetups(ports.settings(), ports.environment)
  const setupOf = (providerId: string): ProviderSetup => {
    const setup = setups().find(({ id }) => id === providerId)
    if (!setup) throw notFound('Provider', providerId)
    return setup
  }
  const keyOf = async (setup: ProviderSetup) => setup.environmentKey ?? (setup.kind === 'demo' ? null : ports.secrets.get(secretName(setup.id)))
  const describe = async (setup: ProviderSetup) => {
    if (setup.environmentKey !== null) return describeProvider(setup, 'environment')
    return describeProvider(setup, (await keyOf(setup)) === null ? 'none' : ports.secrets.kind)
  }

  const clientOf = async (setup: ProviderSetup): Promise<ModelProvider> => {
    const apiKey = await keyOf(setup)
    if (apiKey === null && !setup.keyOptional) {
      throw new AppError('KEY_MISSING', `There is no key for ${setup.name}. Add one in Settings, or pick another model.`)
    }
    const baseUrl = setup.kind === 'demo' ? await ports.demo.start() : setup.baseUrl
    const fingerprint = JSON.stringify([setup.kind, baseUrl, apiKey])
    const known = clients.get(setup.id)
    if (known?.fingerprint === fingerprint) return known.client
    const client = ports.createProvider({ id: setup.id, kind: setup.kind, baseUrl, apiKey })
    clients.set(setup.id, { fingerprint, client })
    return client
  }

  const modelsOf = (setup: ProviderSetup): Model[] => {
    const listed = ports.catalogue.get(setup.id) ?? ports.builtinModels(setup.kind)
    const known = new Set(listed.map(({ id }) => id))
    const typed = setup.models.map((name) => unlistedModel(setup, name)).filter(({ id }) => !known.has(id))
    return [...listed, ...typed].map((model) => withProvider(model, setup))
  }

  const find = (modelId: string): Model | null => {
    const setup = setups().find(({ id }) => id === splitModelId(modelId).provider)
    return setup ? (modelsOf(setup).find(({ id }) => id === modelId) ?? null) : null
  }

  const refreshOne = async (setup: ProviderSetup): Promise<number> => {
    const client = await clientOf(setup)
    const models = await client.listModels(AbortSignal.timeout(LIST_TIMEOUT_MS))
    ports.catalogue.put(setup.id, models, ports.clock.now())
    return models.length
  }

  const list = async () => {
    const lists = await Promise.all(setups().map(async (setup) => {
      const usable = setup.keyOptional || (await keyOf(setup)) !== null
      return modelsOf(setup).map((model) => ({ ...model, available: usable }))
    }))
    return lists.flat()
  }

  return {
    find,
    list,
    resolve: async (modelId) => {
      if (modelId === null) throw new AppError('NO_MODEL', 'No model is chosen. Pick one in the status bar or in Settings.')
      const { provider, model: name } = splitModelId(modelId)
      const setup = setups().find(({ id }) => id === provider)
      if (!setup) throw new AppError('MODEL_UNKNOWN', `There is no provider "${provider}" for the model ${modelId}. Pick another model.`)
      return { provider: await clientOf(setup), model: find(modelId) ?? unlistedModel(setup, name), name }
    },
    refresh: async () => {
      const errors: (ErrorBody & { provider: string })[] = []
      await Promise.all(setups().map(async (setup) => {
        if (!setup.keyOptional && (await keyOf(setup)) === null) return
        await refreshOne(setup).catch((error: unknown) => { errors.push({ ...asErrorBody(error), provider: setup.id }) })
      }))
      return { items: await list(), errors }
    },
    providers: async () => Promise.all(setups().map(describe)),
    setKey: async (providerId, key) => {
      const setup = setupOf(providerId)
      await ports.secrets.set(secretName(setup.id), key)
      return describe(setup)
    },
    removeKey: async (providerId) => {
      const setup = setupOf(providerId)
      await ports.secrets.remove(secretName(setup.id))
      clients.delete(setup.id)
      return describe(setup)
    },
    test: async (providerId) => {
      const setup = setupOf(providerId)
      try {
        return { ok: true, models: await refreshOne(setup), error: null }
      } catch (error) {
        return { ok: false, models: 0, error: asErrorBody(error) }
      }
    },
  }
}

function secretName(providerId: string): string {
  return `provider:${providerId}`
}

function unlistedModel(setup: ProviderSetup, name: string): Model {
  return {
    id: `${setup.id}/${name}`, provider: setup.id, name, contextWindow: null, maxOutputTokens: null, price: null,
    tools: true, thinking: false, available: true,
  }
}

/** Lists speak of their kind's own name; a server added by a person has its own id. */
function withProvider(model: Model, setup: ProviderSetup): Model {
  if (model.provider === setup.id) return model
  return { ...model, provider: setup.id, id: `${setup.id}/${splitModelId(model.id).model}` }
}

function asErrorBody(error: unknown): ErrorBody {
  return errorBody(isAppError(error) ? error : internalError(error))
}
