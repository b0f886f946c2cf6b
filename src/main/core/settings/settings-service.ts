import type { Settings, SettingsPatch } from '#contract/settings'
import { AppError } from '../errors'
import type { EventStream } from '../events/event-stream'
import type { SettingsStore } from '../ports/store'
import { type Environment, withEnvironment } from './environment'

export interface SettingsService {
  /** As they count now: what is saved, with what the environment sets on top. */
  current(): Settings
  update(patch: SettingsPatch, traceId: string): Settings
}

const reservedProviders: ReadonlySet<string> = new Set(['openai', 'anthropic', 'demo'])

export function createSettingsService({ settings, events, environment }: {
  readonly settings: SettingsStore
  readonly events: EventStream
  readonly environment: Environment
}): SettingsService {
  // The one reader of the store, so that a look at the settings before every model call costs nothing.
  let saved = settings.get()
  return {
    current: () => withEnvironment(saved, environment),
    update: (patch, traceId) => {
      const changes = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
      const next: Settings = { ...saved, ...changes }
      assertServers(next)
      events.transact((emit) => {
        settings.put(next)
        const source = { sessionId: null, runId: null, traceId }
        emit({ topic: 'settings.update', payload: { settings: withEnvironment(next, environment) } }, source)
        emit({ topic: 'models.update', payload: {} }, source)
      })
      saved = next
      return withEnvironment(saved, environment)
    },
  }
}

function assertServers({ compatible }: Settings): void {
  const ids = compatible.map(({ id }) => id)
  const taken = ids.find((id, index) => reservedProviders.has(id) || ids.indexOf(id) !== index)
  if (taken !== undefined) throw new AppError('INVALID_PARAMETERS', `The server name "${taken}" is taken. Give every server a name of its own.`)
}
