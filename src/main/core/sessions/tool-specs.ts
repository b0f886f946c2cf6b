import type { AgentProfile } from '../agents/profiles'
import type { CurrentPermissions } from '../agent/tool-ports'
import { couldBeAllowed } from '../permissions/rules'
import type { ToolSpec } from '../ports/model-provider'
import type { Store } from '../ports/store'
import type { Capability, Tool, ToolNeed } from '../tools/tool'

/** What there is to work with. */
export interface Surroundings {
  readonly hasFolder: boolean
  readonly hasChecklist: boolean
  readonly hasSearch: boolean
  readonly mayDelegate: boolean
  /** Another agent waits for it. */
  readonly isChild: boolean
}

export function surroundingsOf(
  store: Pick<Store, 'tasks' | 'taskRuns'>, sessionId: string, place: Pick<Surroundings, 'hasFolder' | 'hasSearch'>, { mayDelegate, isChild }: Pick<AgentProfile, 'mayDelegate' | 'isChild'>,
): Surroundings {
  const attempt = store.taskRuns.findBySession(sessionId)
  const task = attempt && attempt.endedAt === null ? store.tasks.get(attempt.taskId) : null
  return { ...place, hasChecklist: task !== null && task.checklist.length > 0, mayDelegate, isChild }
}

const folderless: ReadonlySet<Capability> = new Set(['ask', 'propose', 'memory', 'script'])

function isThere({ needs, capability, held }: Tool, { hasFolder, hasChecklist, hasSearch, mayDelegate, isChild }: Surroundings): boolean {
  if (held !== undefined) return false
  const has: Readonly<Record<ToolNeed, boolean>> = { checklist: hasChecklist, web_search: hasFolder && hasSearch, delegating: mayDelegate, parent: isChild, nothing: true }
  return needs ? has[needs] : hasFolder || folderless.has(capability)
}

/** The tools that could be allowed. The same list object as long as nothing changes, so that its size is computed once. */
export function createSpecs(tools: ReadonlyMap<string, Tool>) {
  const known = new Map<string, readonly ToolSpec[]>()
  return (surroundings: Surroundings, rights: Pick<CurrentPermissions, 'mode' | 'trusted' | 'sandboxed'>): readonly ToolSpec[] => {
    const key = JSON.stringify([surroundings, rights.mode, rights.trusted, rights.sandboxed])
    const specs = known.get(key) ?? [...tools.values()]
      .filter((tool) => isThere(tool, surroundings))
      .filter((tool) => couldBeAllowed({ toolName: tool.name, capability: tool.capability, ...rights }))
      .map(({ name, description, parameters }) => ({ name, description, parameters }))
    known.set(key, specs)
    return specs
  }
}
