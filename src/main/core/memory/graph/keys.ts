import { fold } from '../words'

/** The same key is the same thing: case, accents, spaces and an article make no difference. Signs do: C, C++ and C# are three. */
export function entityKey(name: string): string {
  return nameKey(name).replace(/^(?:the|an?) (?=.)/, '')
}

/** Of attributes and of types of relations. */
export function nameKey(name: string): string {
  return fold(name).replaceAll(/\s+/g, ' ').trim()
}
