import { join } from 'node:path'
import { root } from './setup.mjs'

const entry = join(root, 'src', 'renderer', 'main.tsx')

/**
 * Puts all that the first screen needs into one file: dozens of small ones, shared with views that come later, wait for each other.
 * @returns {(id: string, context: { getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null }) => string | null}
 */
export function firstScreen() {
  /** @type {Set<string> | null} */
  let known = null
  return (id, context) => {
    known ??= reachedFrom(entry, (from) => [...(context.getModuleInfo(from)?.importedIds ?? [])])
    return known.has(id) ? 'first' : null
  }
}

/**
 * @param {string} start
 * @param {(id: string) => readonly string[]} importsOf
 */
function reachedFrom(start, importsOf) {
  const reached = new Set([start])
  for (const id of reached) for (const next of importsOf(id)) reached.add(next)
  return reached
}
