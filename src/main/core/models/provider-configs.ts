import type { Provider, ProviderKey } from '#contract/models'
import type { Settings } from '#contract/settings'
import type { ProviderKind } from '../ports/model-provider'
import type { Environment } from '../settings/environment'

/** A provider as the settings and the environment describe it, its key left out. */
export interface ProviderSetup {
  readonly id: string
  readonly kind: ProviderKind
  readonly name: string
  readonly baseUrl: string | null
  readonly keyOptional: boolean
  readonly environmentKey: string | null
  /** Typed in by hand. */
  readonly models: readonly string[]
}

export function providerSetups(settings: Settings, environment: Environment): readonly ProviderSetup[] {
  return [
    {
      id: 'openai', kind: 'openai', name: 'OpenAI', baseUrl: settings.openaiBaseUrl, models: [],
      keyOptional: false, environmentKey: environment.openaiKey,
    },
    {
      id: 'anthropic', kind: 'anthropic', name: 'Anthropic', baseUrl: settings.anthropicBaseUrl, models: [],
      keyOptional: false, environmentKey: environment.anthropicKey,
    },
    ...settings.compatible.map((server) => ({
      id: server.id, kind: 'compatible' as const, name: server.name, baseUrl: server.baseUrl, models: server.models,
      keyOptional: true, environmentKey: null,
    })),
    ...(settings.demo
      ? [{ id: 'demo', kind: 'demo' as const, name: 'Demo', baseUrl: null, models: [], keyOptional: true, environmentKey: null }]
      : []),
  ]
}

export function describeProvider(setup: ProviderSetup, key: Provider['key'], keys: ProviderKey[]): Provider {
  const { id, kind, name, baseUrl, keyOptional } = setup
  return { id, kind, name, baseUrl, keyOptional, key, keys }
}

export function splitModelId(modelId: string): { readonly provider: string; readonly model: string } {
  const slash = modelId.indexOf('/')
  return { provider: modelId.slice(0, slash), model: modelId.slice(slash + 1) }
}
