import type { Provider } from '#contract/models'
import type { Settings } from '#contract/settings'
import { AppError, notFound } from '../errors'
import { withoutPersonal, withPlaceholders } from '../guardrails/placeholders'
import type { CreateProvider, DemoServer, ModelProvider } from '../ports/model-provider'
import type { SecretStore } from '../ports/secret-store'
import type { Environment } from '../settings/environment'
import { leaveOutSecrets } from '../secrets/find-secrets'
import { withoutSecrets } from '../secrets/hold-secrets'
import { describeProvider, type ProviderSetup, providerSetups } from './provider-configs'

export interface ProviderClientPorts {
  readonly settings: () => Settings
  readonly environment: Environment
  readonly secrets: SecretStore
  readonly createProvider: CreateProvider
  readonly demo: DemoServer
  /** Aborted while everything is locked down. */
  readonly lockSignal: () => AbortSignal
}

/** The providers that are set up, their keys, and one client each. */
export interface ProviderClients {
  all(): readonly ProviderSetup[]
  /** AppError RESOURCE_NOT_FOUND. */
  get(providerId: string): ProviderSetup
  /** Whether it has the key that it needs. */
  isUsable(setup: ProviderSetup): Promise<boolean>
  describe(setup: ProviderSetup): Promise<Provider>
  /** AppError KEY_MISSING or SECRETS_UNAVAILABLE. A new client when the address or the key has changed. */
  client(setup: ProviderSetup): Promise<ModelProvider>
  setKey(setup: ProviderSetup, key: string): Promise<void>
  removeKey(setup: ProviderSetup): Promise<void>
}

export function createProviderClients({ settings, environment, secrets, createProvider, demo, lockSignal }: ProviderClientPorts): ProviderClients {
  const clients = new Map<string, { readonly fingerprint: string; readonly client: Promise<ModelProvider> }>()
  const all = () => providerSetups(settings(), environment)
  const keyOf = async (setup: ProviderSetup) => setup.environmentKey ?? (setup.kind === 'demo' ? null : secrets.get(secretName(setup)))

  return {
    all,
    get: (providerId) => {
      const setup = all().find(({ id }) => id === providerId)
      if (!setup) throw notFound('Provider', providerId)
      return setup
    },
    isUsable: async (setup) => setup.keyOptional || (await keyOf(setup)) !== null,
    describe: async (setup) => {
      if (setup.environmentKey !== null) return describeProvider(setup, 'environment')
      return describeProvider(setup, (await keyOf(setup)) === null ? 'none' : secrets.kind)
    },
    client: async (setup) => {
      const apiKey = await keyOf(setup)
      if (apiKey === null && !setup.keyOptional) {
        throw new AppError('KEY_MISSING', `There is no key for ${setup.name}. Add one in Settings, or pick another model.`)
      }
      const baseUrl = setup.kind === 'demo' ? await demo.start() : setup.baseUrl
      const fingerprint = JSON.stringify([setup.kind, baseUrl, apiKey])
      const known = clients.get(setup.id)
      if (known?.fingerprint === fingerprint) return known.client
      const client = createProvider({ id: setup.id, kind: setup.kind, baseUrl, apiKey }).then((provider) => guarded(provider, lockSignal, settings))
      clients.set(setup.id, { fingerprint, client })
      return client
    },
    setKey: (setup, key) => secrets.set(secretName(setup), key),
    removeKey: async (setup) => {
      await secrets.remove(secretName(setup))
      clients.delete(setup.id)
    },
  }
}

/** Whoever asks a model, asks it through this: without what looks like keys, with placeholders where the person wants them, and not while locked down. */
function guarded(provider: ModelProvider, lockSignal: () => AbortSignal, settings: () => Settings): ModelProvider {
  const { embedder } = provider
  const ending = (signal: AbortSignal) => AbortSignal.any([signal, lockSignal()])
  const sendsAll = () => settings().secrets.found === 'send'
  const hides = () => settings().guardrails.personalData.send === 'placeholders'
  const cleaned = (text: string) => {
    const plain = sendsAll() ? text : leaveOutSecrets(text)
    return hides() ? withoutPersonal(plain) : plain
  }
  return {
    stream: (request, signal) => {
      const plain = withoutSecrets(request, sendsAll())
      if (!hides()) return provider.stream(plain, ending(signal))
      const hidden = withPlaceholders(plain)
      return hidden.restored(provider.stream(hidden.request, ending(signal)))
    },
    listModels: (signal) => provider.listModels(ending(signal)),
    ...(embedder && { embedder: (model) => ({ embed: (texts, signal) => embedder(model).embed(texts.map(cleaned), ending(signal)) }) }),
  }
}

function secretName({ id }: ProviderSetup): string {
  return `provider:${id}`
}
