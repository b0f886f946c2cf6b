import type { Sha256 } from '../ports/system'

/** What every provider takes as the name of a tool. */
const MOST = 64

/** `server__tool`. What no model may be sent in a name is `_`; a long one ends with its own mark, so that two never become one. */
export function mcpToolName(server: string, tool: string, sha256: Sha256): string {
  const plain = `${server}__${tool.replace(/[^A-Za-z0-9_-]/g, '_')}`
  return plain.length <= MOST ? plain : `${plain.slice(0, MOST - 9)}_${sha256(tool).slice(0, 8)}`
}
