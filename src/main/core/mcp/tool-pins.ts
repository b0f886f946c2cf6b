import type { McpTool, McpToolDefinition, McpToolState } from '#contract/mcp'
import { canonicalJson } from '../receipts/canonical-json'
import type { McpToolRow } from '../ports/mcp-store'
import type { Sha256 } from '../ports/system'
import { mcpToolName } from './tool-names'

/** Tools that are kept of one server, those that are gone included. */
export const MOST_TOOLS = 500

export function hashOf(definition: McpToolDefinition, sha256: Sha256): string {
  return sha256(canonicalJson(definition))
}

/**
 * What is kept of the tools of a server once it was asked for them. What a person agreed to stays beside what is seen now; one that was never
 * agreed to and is gone is forgotten. Of two with one name only the first counts.
 */
export function mergeSeen(known: readonly McpToolRow[], seen: readonly McpToolDefinition[], sha256: Sha256): { readonly put: McpToolRow[]; readonly drop: string[] } {
  const byName = new Map(known.map((row) => [row.name, row]))
  const names = new Set<string>()
  const put: McpToolRow[] = []
  for (const definition of seen.slice(0, MOST_TOOLS)) {
    if (names.has(definition.name)) continue
    names.add(definition.name)
    const before = byName.get(definition.name)
    put.push({
      name: definition.name, position: put.length, present: true, seen: definition, seenHash: hashOf(definition, sha256),
      allowed: before?.allowed ?? null, allowedHash: before?.allowedHash ?? null, off: before?.off ?? false,
    })
  }
  const gone = known.filter(({ name }) => !names.has(name))
  const kept = gone.filter(({ allowedHash, off }) => allowedHash !== null || off).slice(0, MOST_TOOLS)
  put.push(...kept.map((row, index) => ({ ...row, present: false, position: names.size + index })))
  return { put: put.filter((row) => !isSameRow(byName.get(row.name), row)), drop: gone.filter((row) => !kept.includes(row)).map(({ name }) => name) }
}

function isSameRow(before: McpToolRow | undefined, after: McpToolRow): boolean {
  return before !== undefined && before.seenHash === after.seenHash && before.position === after.position && before.present === after.present
}

/** As agents and people see them. */
export function describeTools(server: string, rows: readonly McpToolRow[], sha256: Sha256): McpTool[] {
  const taken = new Set<string>()
  return rows.map((row) => {
    const name = mcpToolName(server, row.name, sha256)
    const clashes = taken.has(name)
    taken.add(name)
    return { name, state: clashes ? 'clash' : stateOf(row), hash: row.seenHash, seen: row.seen, allowed: row.allowed }
  })
}

function stateOf({ present, off, allowedHash, seenHash }: McpToolRow): McpToolState {
  if (!present) return 'gone'
  if (off) return 'off'
  if (allowedHash === null) return 'new'
  return allowedHash === seenHash ? 'allowed' : 'changed'
}
