import type { Replacement } from '../ports/file-search'

export function keyOf({ line, column }: Pick<Replacement, 'line' | 'column'>): string {
  return `${line}:${column}`
}

/** The text with these replacements made; they come in order and do not overlap. */
export function applyReplacements(text: string, replacements: readonly Replacement[]): string {
  const bytes = new TextEncoder().encode(text)
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const parts: string[] = []
  let at = 0
  for (const { offset, bytes: length, text: made } of replacements) {
    parts.push(decoder.decode(bytes.subarray(at, offset)), made)
    at = offset + length
  }
  parts.push(decoder.decode(bytes.subarray(at)))
  return parts.join('')
}
