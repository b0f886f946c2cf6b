import { AppError } from '../errors'
import type { McpServerRow } from '../ports/mcp-store'
import type { McpCredentials } from '../ports/mcp-client'
import type { SecretStore } from '../ports/secret-store'

type Server = Pick<McpServerRow, 'id' | 'transport'>

const keyOf = (id: string, name: string) => `mcp:${id}:${name}`

export function secretNames({ transport }: Pick<McpServerRow, 'transport'>): readonly string[] {
  return transport.kind === 'http' ? transport.headers : transport.variables
}

export async function readSecrets(secrets: SecretStore, server: Server): Promise<Record<string, string>> {
  const values = await Promise.all(secretNames(server).map(async (name) => [name, await secrets.get(keyOf(server.id, name))] as const))
  return Object.fromEntries(values.flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}

export async function missingSecrets(secrets: SecretStore, server: Server): Promise<string[]> {
  const known = await readSecrets(secrets, server)
  return secretNames(server).filter((name) => known[name] === undefined)
}

/** An empty value is none. */
export async function saveSecrets(secrets: SecretStore, server: Server, values: Readonly<Record<string, string>>): Promise<void> {
  const names = secretNames(server)
  const stray = Object.keys(values).find((name) => !names.includes(name))
  if (stray !== undefined) throw new AppError('INVALID_PARAMETERS', `There is a value for ${stray}, which is no variable or header of this server. Nothing was kept.`)
  for (const [name, value] of Object.entries(values)) await (value === '' ? secrets.remove(keyOf(server.id, name)) : secrets.set(keyOf(server.id, name), value))
}

export async function forgetSecrets(secrets: SecretStore, id: string, names: readonly string[]): Promise<void> {
  for (const name of names) await secrets.remove(keyOf(id, name))
}

/** What came of a sign-in. */
export function credentialsOf(secrets: SecretStore, id: string): McpCredentials {
  const key = `mcp:${id} sign-in`
  return { read: () => secrets.get(key), write: (text) => (text === null ? secrets.remove(key) : secrets.set(key, text)) }
}
