import type { ProviderKey } from '#contract/models'
import type { Audit } from '../audit/audit-log'
import { AppError, notFound } from '../errors'
import type { KeyChoice, ProviderKeyRow } from '../ports/provider-key-store'
import type { SecretStore } from '../ports/secret-store'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import { createKeyHealth, type KeyHealth } from './key-health'
import type { ProviderSetup } from './provider-configs'

export const ENVIRONMENT_KEY = 'environment'
const FIRST_NAME = 'Key'
const MOST_KEYS = 20

export interface ProviderKeyPorts {
  readonly store: Pick<Store, 'providerKeys' | 'transaction' | 'workspaces'>
  readonly secrets: SecretStore
  readonly audit: Audit
  readonly clock: Clock
  readonly newId: NewId
}

/** A key that may be used for a call. */
export interface Candidate {
  readonly id: string
  readonly name: string
  /** Null: it has none any more. AppError SECRETS_UNAVAILABLE. */
  readonly value: () => Promise<string | null>
}

/** The keys of the providers: their names, which one is used where, and what is known of them. AppError RESOURCE_NOT_FOUND for a key that is not there. */
export interface ProviderKeys {
  readonly health: KeyHealth
  describe(setup: ProviderSetup): Promise<ProviderKey[]>
  /** The one that is used in this folder, then those that may stand in. */
  candidates(setup: ProviderSetup, workspaceId: string | null): Promise<readonly Candidate[]>
  only(setup: ProviderSetup, keyId: string): Promise<Candidate>
  /** The kept one that is used by default; null: there is none. */
  kept(setup: ProviderSetup): Promise<string | null>
  add(setup: ProviderSetup, key: NewKey, traceId: string): Promise<void>
  change(setup: ProviderSetup, keyId: string, change: KeyChange, traceId: string): Promise<void>
  remove(setup: Pick<ProviderSetup, 'id' | 'name'>, keyId: string, traceId: string): Promise<void>
  choose(setup: ProviderSetup, workspaceId: string | null, keyId: string | null, traceId: string): Promise<void>
  /** Keys of providers that are not among these go, their values first. */
  removeOthers(providerIds: readonly string[], traceId: string): Promise<void>
}

export interface NewKey {
  readonly name: string
  readonly key: string
  readonly standsIn: boolean
}

export interface KeyChange {
  readonly name?: string | undefined
  readonly key?: string | undefined
  readonly standsIn?: boolean | undefined
}

export function createProviderKeys({ store, secrets, audit, clock, newId }: ProviderKeyPorts): ProviderKeys {
  const { providerKeys } = store
  const health = createKeyHealth(clock)

  /** Earlier versions of Trestle kept one key of each provider, without a name. */
  const rowsOf = async (setup: Pick<ProviderSetup, 'id'>): Promise<ProviderKeyRow[]> => {
    const rows = providerKeys.list(setup.id)
    if (rows.length > 0 || (await secrets.get(firstSecret(setup))) === null) return rows
    providerKeys.insert({ id: newId(), provider: setup.id, name: FIRST_NAME, secret: firstSecret(setup), standsIn: false, createdAt: clock.now() })
    return providerKeys.list(setup.id)
  }
  const rowOf = async (setup: Pick<ProviderSetup, 'id'>, keyId: string): Promise<ProviderKeyRow> => {
    const row = (await rowsOf(setup)).find(({ id }) => id === keyId)
    if (!row) throw notFound('Key', keyId)
    return row
  }
  const candidateOf = ({ id, name, secret }: ProviderKeyRow): Candidate => ({ id, name, value: () => secrets.get(secret) })
  const fromEnvironment = ({ environmentKey }: ProviderSetup): Candidate[] => (environmentKey === null ? [] : [{ id: ENVIRONMENT_KEY, name: 'environment', value: () => Promise.resolve(environmentKey) }])

  return {
    health,
    describe: async (setup) => {
      const rows = await rowsOf(setup)
      const choices = providerKeys.choices(setup.id)
      const chosen = defaultOf(setup, rows, choices)
      const placed = (id: string) => ({ isDefault: id === chosen, workspaceIds: choices.flatMap(({ keyId, workspaceId }) => (keyId === id && workspaceId !== null ? [workspaceId] : [])) })
      const own = await Promise.all(rows.map(async ({ id, name, standsIn, secret }): Promise<ProviderKey> => {
        const known = health.of(id)
        const isThere = (await secrets.get(secret)) !== null
        return { id, name, fromEnvironment: false, standsIn, ...placed(id), ...(isThere ? known : { state: 'missing', until: null }) }
      }))
      const given = fromEnvironment(setup).map(({ id, name }): ProviderKey => ({ id, name, fromEnvironment: true, standsIn: false, ...placed(id), ...health.of(healthId(setup, id)) }))
      return [...given, ...own]
    },
    candidates: async (setup, workspaceId) => {
      const rows = await rowsOf(setup)
      const chosen = chosenFor(setup, rows, providerKeys.choices(setup.id), workspaceId)
      const all = [...fromEnvironment(setup), ...rows.map(candidateOf)]
      const others = rows.filter(({ id, standsIn }) => standsIn && id !== chosen).map(candidateOf)
      return [...all.filter(({ id }) => id === chosen), ...others].map((each) => ({ ...each, id: healthId(setup, each.id) }))
    },
    only: async (setup, keyId) => {
      const [given] = fromEnvironment(setup)
      return given && keyId === ENVIRONMENT_KEY ? { ...given, id: healthId(setup, keyId) } : candidateOf(await rowOf(setup, keyId))
    },
    kept: async (setup) => {
      const rows = await rowsOf(setup)
      return chosenFor({ ...setup, environmentKey: null }, rows, providerKeys.choices(setup.id), null)
    },
    ...createChanges({ store, secrets, audit, clock, newId }, { health, rowsOf, rowOf }),
  }
}

interface Rows {
  readonly health: KeyHealth
  readonly rowsOf: (setup: Pick<ProviderSetup, 'id'>) => Promise<ProviderKeyRow[]>
  readonly rowOf: (setup: Pick<ProviderSetup, 'id'>, keyId: string) => Promise<ProviderKeyRow>
}

/** Each is recorded with the name of the key, in the transaction that changes it; values go to the keychain before that, and are removed from it before. */
function createChanges({ store, secrets, audit, clock, newId }: ProviderKeyPorts, { health, rowsOf, rowOf }: Rows): Pick<ProviderKeys, 'add' | 'change' | 'remove' | 'choose' | 'removeOthers'> {
  const { providerKeys } = store
  const note = (title: string, content: Readonly<Record<string, unknown>>, traceId: string, change: () => void) => store.transaction(() => {
    change()
    audit.append({ kind: 'secret', severity: 'medium', title, content }, { sessionId: null, runId: null, traceId })
  })
  const assertFree = (rows: readonly ProviderKeyRow[], name: string, keyId: string | null) => {
    if (rows.some((row) => row.id !== keyId && row.name.toLowerCase() === name.toLowerCase())) throw new AppError('CONFLICT', `There is a key “${name}” already. Give this one another name; nothing was changed.`)
  }

  return {
    add: async (setup, { name, key, standsIn }, traceId) => {
      const rows = await rowsOf(setup)
      if (rows.length >= MOST_KEYS) throw new AppError('CONFLICT', `There are ${MOST_KEYS} keys of ${setup.name} already. Remove some first; nothing was added.`)
      assertFree(rows, name, null)
      const id = newId()
      const secret = rows.some((row) => row.secret === firstSecret(setup)) ? `${firstSecret(setup)}:${id}` : firstSecret(setup)
      await secrets.set(secret, key)
      note(`${setup.name}: the key “${name}” was added`, { provider: setup.id, keyId: id, name, standsIn }, traceId, () => providerKeys.insert({ id, provider: setup.id, name, secret, standsIn, createdAt: clock.now() }))
    },
    change: async (setup, keyId, { name, key, standsIn }, traceId) => {
      const row = await rowOf(setup, keyId)
      if (name !== undefined) assertFree(await rowsOf(setup), name, keyId)
      if (key !== undefined) {
        await secrets.set(row.secret, key)
        health.forget(keyId)
      }
      note(`${setup.name}: the key “${row.name}” ${changeWords(row, { name, key, standsIn })}`, { provider: setup.id, keyId, name: name ?? row.name, standsIn: standsIn ?? row.standsIn, replaced: key !== undefined }, traceId, () => providerKeys.patch(keyId, { name, standsIn }))
    },
    remove: async (setup, keyId, traceId) => {
      const row = await rowOf(setup, keyId)
      await secrets.remove(row.secret)
      health.forget(keyId)
      note(`${setup.name}: the key “${row.name}” was removed`, { provider: setup.id, keyId, name: row.name }, traceId, () => providerKeys.remove(keyId))
    },
    choose: async (setup, workspaceId, keyId, traceId) => {
      if (workspaceId !== null && !store.workspaces.get(workspaceId)) throw notFound('Workspace', workspaceId)
      const isGiven = keyId === ENVIRONMENT_KEY && setup.environmentKey !== null
      const name = keyId === null ? 'the usual one' : isGiven ? 'the key of the environment' : `the key “${(await rowOf(setup, keyId)).name}”`
      const place = workspaceId === null ? 'by default' : `in ${store.workspaces.get(workspaceId)?.path ?? workspaceId}`
      note(`${setup.name}: ${name} is used ${place}`, { provider: setup.id, keyId, workspaceId }, traceId, () => providerKeys.choose(setup.id, workspaceId, keyId))
    },
    removeOthers: async (providerIds, traceId) => {
      for (const { id, provider, name, secret } of providerKeys.list(null)) {
        if (providerIds.includes(provider)) continue
        await secrets.remove(secret)
        health.forget(id)
        note(`${provider}: the key “${name}” was removed with its provider`, { provider, keyId: id, name }, traceId, () => providerKeys.remove(id))
      }
    },
  }
}

function firstSecret({ id }: Pick<ProviderSetup, 'id'>): string {
  return `provider:${id}`
}

/** Every provider may have one of the environment. */
function healthId({ id }: ProviderSetup, keyId: string): string {
  return keyId === ENVIRONMENT_KEY ? `${ENVIRONMENT_KEY}:${id}` : keyId
}

function chosenFor(setup: ProviderSetup, rows: readonly ProviderKeyRow[], choices: readonly KeyChoice[], workspaceId: string | null): string | null {
  const own = workspaceId === null ? undefined : choices.find((choice) => choice.workspaceId === workspaceId)
  return own && isThere(setup, rows, own.keyId) ? own.keyId : defaultOf(setup, rows, choices)
}

function defaultOf(setup: ProviderSetup, rows: readonly ProviderKeyRow[], choices: readonly KeyChoice[]): string | null {
  const chosen = choices.find(({ workspaceId }) => workspaceId === null)
  if (chosen && isThere(setup, rows, chosen.keyId)) return chosen.keyId
  return setup.environmentKey === null ? (rows[0]?.id ?? null) : ENVIRONMENT_KEY
}

function isThere({ environmentKey }: ProviderSetup, rows: readonly ProviderKeyRow[], keyId: string): boolean {
  return keyId === ENVIRONMENT_KEY ? environmentKey !== null : rows.some(({ id }) => id === keyId)
}

function changeWords(before: ProviderKeyRow, { name, key, standsIn }: KeyChange): string {
  const parts = [
    ...(key === undefined ? [] : ['has another value']),
    ...(name === undefined || name === before.name ? [] : [`is called “${name}”`]),
    ...(standsIn === undefined || standsIn === before.standsIn ? [] : [standsIn ? 'may stand in for others' : 'does not stand in for others any more']),
  ]
  return parts.length === 0 ? 'stayed as it was' : parts.join(' and ')
}
