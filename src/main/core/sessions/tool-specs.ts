import type { CurrentPermissions } from '../agent/tool-ports'
import { couldBeAllowed } from '../permissions/rules'
import type { ToolSpec } from '../ports/model-provider'
import type { Tool } from '../tools/tool'

/** The tools that could be allowed. The same list object as long as nothing changes, so that its size is computed once. */
export function createSpecs(tools: ReadonlyMap<string, Tool>) {
  const known = new Map<string, readonly ToolSpec[]>()
  return (hasFolder: boolean, rights: Pick<CurrentPermissions, 'mode' | 'trusted' | 'sandboxed'>): readonly ToolSpec[] => {
    const key = JSON.stringify([hasFolder, rights.mode, rights.trusted, rights.sandboxed])
    const specs = known.get(key) ?? [...tools.values()]
      .filter((tool) => hasFolder || tool.capability === 'ask')
      .filter((tool) => couldBeAllowed({ toolName: tool.name, capability: tool.capability, ...rights }))
      .map(({ name, description, parameters }) => ({ name, description, parameters }))
    known.set(key, specs)
    return specs
  }
}
