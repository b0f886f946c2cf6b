import { commandCatalogue, type CommandId, commandIds } from '#contract/commands'
import { normalizeKeys } from './keys'
import type { Machine } from './reserved'

/** What a person set, by command; an empty list: no shortcut. Commands that are not known here are left alone. */
export type Overrides = Readonly<Record<string, readonly string[]>>

export interface Bindings {
  keysOf(id: CommandId): readonly string[]
  /**
   * The command of a combination. What a person set outranks a default; else the earlier one in the catalogue. One that only
   * another view offers does not count.
   */
  commandOf(keys: string, isOffered?: (id: CommandId) => boolean): CommandId | null
  /** The command that `id` would take the combination from. */
  ownerOf(keys: string, id: CommandId): CommandId | null
  /** Other commands with a combination of this one. */
  conflictsOf(id: CommandId): readonly CommandId[]
  isDefault(id: CommandId): boolean
}

export function defaultKeys(id: CommandId, { isDesktop }: Pick<Machine, 'isDesktop'>): readonly string[] {
  const { keys = [], browserKeys } = commandCatalogue[id]
  return (isDesktop ? keys : (browserKeys ?? keys)).map(normalizeKeys)
}

export function createBindings(overrides: Overrides, machine: Pick<Machine, 'isDesktop'>): Bindings {
  const own = (id: CommandId): readonly string[] | undefined => (Object.hasOwn(overrides, id) ? overrides[id] : undefined)
  const byId = new Map(commandIds.map((id) => [id, own(id)?.map(normalizeKeys) ?? defaultKeys(id, machine)]))
  const keysOf = (id: CommandId): readonly string[] => byId.get(id) ?? []
  const users = new Map<string, CommandId[]>()
  for (const id of [...commandIds].sort((left, right) => Number(own(right) !== undefined) - Number(own(left) !== undefined))) {
    for (const keys of keysOf(id)) users.set(keys, [...(users.get(keys) ?? []), id])
  }
  return {
    keysOf,
    commandOf: (keys, isOffered = () => true) => users.get(keys)?.find((id) => commandCatalogue[id].only === undefined || isOffered(id)) ?? null,
    ownerOf: (keys, id) => users.get(keys)?.find((other) => other === id || canMeet(id, other)) ?? null,
    conflictsOf: (id) => [...new Set(keysOf(id).flatMap((keys) => users.get(keys) ?? []))].filter((other) => other !== id && canMeet(id, other)),
    isDefault: (id) => own(id) === undefined,
  }
}

/** Whether both can be offered at the same time. */
function canMeet(one: CommandId, other: CommandId): boolean {
  const [mine, theirs] = [commandCatalogue[one].only, commandCatalogue[other].only]
  return mine === undefined || theirs === undefined || mine === theirs
}

/** The settings after a command got these combinations; back at its default it leaves the settings. */
export function withKeys(overrides: Overrides, id: CommandId, keys: readonly string[] | null, machine: Pick<Machine, 'isDesktop'>): Record<string, string[]> {
  const { [id]: _before, ...others } = overrides
  const rest = Object.fromEntries(Object.entries(others).map(([other, list]) => [other, [...list]]))
  const isDefault = keys !== null && keys.join(' ') === defaultKeys(id, machine).join(' ')
  return keys === null || isDefault ? rest : { ...rest, [id]: [...keys] }
}
