/** What `/checkpoint [name]` asks for; null when the text is a message. A name too long for the server is cut. */
export function parseCheckpointCommand(text: string): { readonly name: string | null } | null {
  const match = /^\/checkpoint(?:[^\S\n]+(?<name>[^\n]*))?$/.exec(text.trim())
  if (match === null) return null
  const name = [...(match.groups?.['name'] ?? '').trim()].slice(0, maxNameChars).join('').trim()
  return { name: name === '' ? null : name }
}

const maxNameChars = 100
