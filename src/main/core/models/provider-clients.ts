import type { Provider, ProviderKey } from '#contract/models'
import type { SecretSettings, Settings } from '#contract/settings'
import { AppError, notFound } from '../errors'
import type { CreateProvider, DemoServer, ModelProvider } from '../ports/model-provider'
import type { Environment } from '../settings/environment'
import { leaveOut } from '../secrets/find-secrets'
import { withoutSecrets } from '../secrets/hold-secrets'
import { findSought, type Sought } from '../secrets/secrets-in-messages'
import type { KeyFault } from './key-health'
import { describeProvider, type ProviderSetup, providerSetups } from './provider-configs'
import { type Candidate, createProviderKeys, ENVIRONMENT_KEY, type ProviderKeyPorts, type ProviderKeys } from './provider-keys'
import { withStandIns } from './with-stand-ins'

export interface ProviderClientPorts extends ProviderKeyPorts {
  readonly settings: () => Settings
  readonly environment: Environment
  readonly createProvider: CreateProvider
  readonly demo: DemoServer
  /** Aborted while everything is locked down. */
  readonly lockSignal: () => AbortSignal
  /** A key was refused or limited, and another one is used that a person had allowed for it. */
  readonly onKeyMoved: (move: KeyMove) => void
  /** What is known of a key is something else now. */
  readonly onKeyKnown: () => void
}

export interface KeyMove {
  readonly provider: string
  readonly fault: KeyFault
  readonly from: string
  readonly to: string
}

/** The providers that are set up, their keys, and one client for each key. */
export interface ProviderClients {
  readonly keys: ProviderKeys
  all(): readonly ProviderSetup[]
  /** AppError RESOURCE_NOT_FOUND. */
  get(providerId: string): ProviderSetup
  /** Whether it has the key that it needs. */
  isUsable(setup: ProviderSetup): Promise<boolean>
  describe(setup: ProviderSetup): Promise<Provider>
  /** With the key of this folder, and those that may stand in for it. AppError KEY_MISSING or SECRETS_UNAVAILABLE. */
  client(setup: ProviderSetup, workspaceId: string | null): Promise<ModelProvider>
  /** With this key alone. */
  clientWith(setup: ProviderSetup, keyId: string): Promise<ModelProvider>
  /** Forgets those of other providers, with the values that they know. */
  forgetOthers(providerIds: readonly string[]): void
}

const noKey: Candidate = { id: 'none', name: 'none', value: () => Promise.resolve(null) }

export function createProviderClients(ports: ProviderClientPorts): ProviderClients {
  const { settings, environment, secrets, createProvider, demo, lockSignal } = ports
  const keys = createProviderKeys(ports)
  /** The last one of each key: as many as there are keys. */
  const clients = new Map<string, { readonly fingerprint: string; readonly client: Promise<ModelProvider> }>()
  const all = () => providerSetups(settings(), environment)
  const candidatesOf = async (setup: ProviderSetup, workspaceId: string | null) => (setup.kind === 'demo' ? [] : keys.candidates(setup, workspaceId))

  const clientOf = (setup: ProviderSetup) => async (candidate: Candidate): Promise<ModelProvider> => {
    const apiKey = await candidate.value()
    if (apiKey === null && !(setup.keyOptional && candidate === noKey)) throw keyMissing(setup, candidate)
    const baseUrl = setup.kind === 'demo' ? await demo.start() : setup.baseUrl
    const fingerprint = JSON.stringify([setup.kind, baseUrl, apiKey])
    const slot = `${setup.id} ${candidate.id}`
    const known = clients.get(slot)
    if (known?.fingerprint === fingerprint) return known.client
    const client = createProvider({ id: setup.id, kind: setup.kind, baseUrl, apiKey })
    clients.set(slot, { fingerprint, client })
    return client
  }
  const over = async (setup: ProviderSetup, candidates: readonly Candidate[]): Promise<ModelProvider> => {
    const provider = withStandIns({
      health: keys.health, clientOf: clientOf(setup), onKnown: ports.onKeyKnown,
      onMoved: (from, to, fault) => ports.onKeyMoved({ provider: setup.name, fault, from: from.name, to: to.name }),
    }, candidates, await clientOf(setup)(candidates[0] ?? noKey))
    return guarded(provider, lockSignal, () => soughtIn(settings().secrets))
  }

  return {
    keys, all,
    get: (providerId) => {
      const setup = all().find(({ id }) => id === providerId)
      if (!setup) throw notFound('Provider', providerId)
      return setup
    },
    isUsable: async (setup) => setup.keyOptional || (await withValue(await candidatesOf(setup, null))).length > 0,
    describe: async (setup) => {
      const own = setup.kind === 'demo' ? [] : await keys.describe(setup)
      for (const slot of [...clients.keys()]) if (isOfNone(slot, setup, own)) clients.delete(slot)
      const used = own.find(({ isDefault, state }) => isDefault && state !== 'missing')
      return describeProvider(setup, used === undefined ? 'none' : used.id === ENVIRONMENT_KEY ? 'environment' : secrets.kind, own)
    },
    client: async (setup, workspaceId) => {
      const candidates = await candidatesOf(setup, workspaceId)
      const usable = await withValue(candidates)
      const [chosen] = candidates
      if (usable.length === 0 && (chosen || !setup.keyOptional)) throw keyMissing(setup, chosen)
      return over(setup, usable.length === 0 ? [noKey] : usable)
    },
    clientWith: async (setup, keyId) => over(setup, [await keys.only(setup, keyId)]),
    forgetOthers: (providerIds) => { for (const slot of [...clients.keys()]) if (!providerIds.includes(slot.split(' ')[0] ?? '')) clients.delete(slot) },
  }
}

/** Its key is gone, and so is the client that knew the value. */
function isOfNone(slot: string, { id }: ProviderSetup, keys: readonly ProviderKey[]): boolean {
  const [provider, keyId] = slot.split(' ')
  return provider === id && keyId !== noKey.id && !keyId?.startsWith(ENVIRONMENT_KEY) && !keys.some((key) => key.id === keyId)
}

/** Each value is asked for once. */
async function withValue(candidates: readonly Candidate[]): Promise<Candidate[]> {
  const known = await Promise.all(candidates.map(async (candidate) => ({ candidate, value: await candidate.value() })))
  return known.flatMap(({ candidate, value }) => (value === null ? [] : [{ ...candidate, value: () => Promise.resolve(value) }]))
}

function keyMissing(setup: ProviderSetup, candidate: Candidate | undefined): AppError {
  if (!candidate || candidate === noKey) return new AppError('KEY_MISSING', `There is no key for ${setup.name}. Add one in Settings, or pick another model.`)
  return new AppError('KEY_MISSING', `The key “${candidate.name}” of ${setup.name} has no value any more. Enter it again in Settings, or choose another key there.`)
}

/** Whoever asks a model, asks it through this: without what looks like keys, and not while locked down. */
function guarded(provider: ModelProvider, lockSignal: () => AbortSignal, sought: () => Sought): ModelProvider {
  const { embedder } = provider
  const ending = (signal: AbortSignal) => AbortSignal.any([signal, lockSignal()])
  return {
    stream: (request, signal) => provider.stream(withoutSecrets(request, sought()), ending(signal)),
    listModels: (signal) => provider.listModels(ending(signal)),
    ...(embedder && { embedder: (model) => ({ embed: (texts, signal) => embedder(model).embed(texts.map((text) => leaveOut(text, findSought(text, sought()))), ending(signal)) }) }),
  }
}

/** What is left out where no person let it through. */
function soughtIn({ found, personal }: SecretSettings): Sought {
  return { keys: found !== 'send', personal: personal !== 'send' }
}
