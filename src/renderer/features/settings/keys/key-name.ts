import type { ProviderKey } from '#contract/models'

export function keyName({ name, fromEnvironment }: ProviderKey): string {
  return fromEnvironment ? 'Key of the environment' : name
}
