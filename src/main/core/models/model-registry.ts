import type { ErrorBody } from '#contract/errors'
import type { Model, Provider, ProviderTest } from '#contract/models'
import { AppError, errorBody, internalError, isAppError } from '../errors'
import type { BuiltinModels, ModelProvider } from '../ports/model-provider'
import type { CatalogueStore } from '../ports/store'
import type { Embedder } from '../ports/embedder'
import type { Clock } from '../ports/system'
import { createKeyActions, type KeyActions } from './key-actions'
import { createProviderClients, type ProviderClientPorts } from './provider-clients'
import { seesImages } from './sees-images'
import { type ProviderSetup, splitModelId } from './provider-configs'

const LIST_TIMEOUT_MS = 15_000

export interface ModelRegistryPorts extends ProviderClientPorts {
  readonly catalogue: CatalogueStore
  readonly builtinModels: BuiltinModels
  readonly clock: Clock
}

export interface ResolvedModel {
  readonly provider: ModelProvider
  readonly model: Model
  /** Without the provider part. */
  readonly name: string
}

export interface ModelRegistry extends KeyActions {
  /** The client, with the key of this folder, and the data of a model. AppError NO_MODEL, MODEL_UNKNOWN, KEY_MISSING or SECRETS_UNAVAILABLE. */
  resolve(modelId: string | null, workspaceId: string | null): Promise<ResolvedModel>
  /** Turns texts into vectors. Throws as `resolve`, and INVALID_PARAMETERS for a provider that has no such models. */
  embedder(modelId: string): Promise<Embedder>
  /** Data of a model without its client; null when nothing is known. */
  find(modelId: string): Model | null
  list(): Promise<Model[]>
  /** Asks every usable provider; one that fails is named and keeps its last list. */
  refresh(): Promise<{ items: Model[]; errors: (ErrorBody & { provider: string })[] }>
  providers(): Promise<Provider[]>
  /** With one key, or with that of the default. */
  test(providerId: string, keyId?: string): Promise<ProviderTest>
}

export function createModelRegistry(ports: ModelRegistryPorts): ModelRegistry {
  const clients = createProviderClients(ports)

  const modelsOf = (setup: ProviderSetup): Model[] => {
    const listed = ports.catalogue.get(setup.id) ?? ports.builtinModels(setup.kind)
    const own = listed.map((model) => withProvider(model, setup))
    const known = new Set(own.map(({ id }) => id))
    return [...own, ...setup.models.map((name) => unlistedModel(setup, name)).filter(({ id }) => !known.has(id))]
  }
  const find = (modelId: string): Model | null => {
    const setup = clients.all().find(({ id }) => id === splitModelId(modelId).provider)
    return setup ? (modelsOf(setup).find(({ id }) => id === modelId) ?? null) : null
  }
  const list = async (): Promise<Model[]> => {
    const lists = await Promise.all(clients.all().map(async (setup) => {
      const available = await clients.isUsable(setup)
      return modelsOf(setup).map((model) => ({ ...model, available }))
    }))
    return lists.flat()
  }
  const refreshOne = async (setup: ProviderSetup, keyId?: string): Promise<number> => {
    const client = await (keyId === undefined ? clients.client(setup, null) : clients.clientWith(setup, keyId))
    const models = await client.listModels(AbortSignal.timeout(LIST_TIMEOUT_MS))
    ports.catalogue.put(setup.id, models, ports.clock.now())
    return models.length
  }

  const setupOf = (modelId: string) => {
    const { provider, model: name } = splitModelId(modelId)
    const setup = clients.all().find(({ id }) => id === provider)
    if (!setup) throw new AppError('MODEL_UNKNOWN', `There is no provider "${provider}" for the model ${modelId}. Pick another model.`)
    return { setup, name }
  }

  return {
    find,
    list,
    embedder: async (modelId) => {
      const { setup, name } = setupOf(modelId)
      const { embedder } = await clients.client(setup, null)
      if (!embedder) throw new AppError('INVALID_PARAMETERS', `${setup.name} has no models that turn text into vectors. Choose one of OpenAI or of a compatible server as the embedding model.`)
      return embedder(name)
    },
    resolve: async (modelId, workspaceId) => {
      if (modelId === null) throw new AppError('NO_MODEL', 'No model is chosen. Pick one in the status bar or in Settings.')
      const { setup, name } = setupOf(modelId)
      return { provider: await clients.client(setup, workspaceId), model: find(modelId) ?? unlistedModel(setup, name), name }
    },
    refresh: async () => {
      const errors: (ErrorBody & { provider: string })[] = []
      await Promise.all(clients.all().map(async (setup) => {
        if (!(await clients.isUsable(setup))) return
        await refreshOne(setup).catch((error: unknown) => { errors.push({ ...asErrorBody(error), provider: setup.id }) })
      }))
      return { items: await list(), errors }
    },
    providers: () => Promise.all(clients.all().map(clients.describe)),
    ...createKeyActions(clients),
    test: async (providerId, keyId) => {
      const setup = clients.get(providerId)
      try {
        return { ok: true, models: await refreshOne(setup, keyId), error: null }
      } catch (error) {
        if (isAppError(error) && error.code === 'RESOURCE_NOT_FOUND') throw error
        return { ok: false, models: 0, error: asErrorBody(error) }
      }
    },
  }
}

function unlistedModel(setup: ProviderSetup, name: string): Model {
  return {
    id: `${setup.id}/${name}`, provider: setup.id, name, contextWindow: null, maxOutputTokens: null, price: null,
    tools: true, thinking: false, available: true,
    images: setup.kind === 'compatible' ? seesImages(name) : setup.kind !== 'demo',
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
