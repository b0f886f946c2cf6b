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
}

export function surroundingsOf(store: Pick<Store, 'tasks' | 'taskRuns'>, sessionId: string, place: Pick<Surroundings, 'hasFolder' | 'hasSearch'>): Surroundings {
  const attempt = store.taskRuns.findBySession(sessionId)
  const task = attempt && attempt.endedAt === null ? store.tasks.get(attempt.taskId) : null
  return { ...place, hasChecklist: task !== null && task.checklist.length > 0 }
}

const folderless: ReadonlySet<Capability> = new Set(['ask', 'propose', 'memory'])

/** The agent template that a session works as. */
export function templateOf(store: Pick<Store, 'tasks' | 'taskRuns'>, sessionId: string): string {
  const attempt = store.taskRuns.findBySession(sessionId)
  return (attempt && store.tasks.get(attempt.taskId)?.template) ?? 'general'
}

/** The tools that could be allowed. The same list object as long as nothing changes, so that its size is computed once. */
export function createSpecs(tools: ReadonlyMap<string, Tool>) {
  const known = new Map<string, readonly ToolSpec[]>()
  return ({ hasFolder, hasChecklist, hasSearch }: Surroundings, rights: Pick<CurrentPermissions, 'mode' | 'trusted' | 'sandboxed'>): readonly ToolSpec[] => {
    const has: Readonly<Record<ToolNeed, boolean>> = { checklist: hasChecklist, web_search: hasFolder && hasSearch }
    const key = JSON.stringify([hasFolder, hasChecklist, hasSearch, rights.mode, rights.trusted, rights.sandboxed])
    const specs = known.get(key) ?? [...tools.values()]
      .filter((tool) => (tool.needs ? has[tool.needs] : hasFolder || folderless.has(tool.capability)))
      .filter((tool) => couldBeAllowed({ toolName: tool.name, capability: tool.capability, ...rights }))
      .map(({ name, description, parameters }) => ({ name, description, parameters }))
    known.set(key, specs)
    return specs
  }
}
