import type { AgentLimits, AgentTemplate } from '#contract/agent-templates'
import type { Mode } from '#contract/common'
import type { Limits, Settings } from '#contract/settings'
import { narrowest } from '../permissions/modes'
import type { Store } from '../ports/store'
import type { FolderSettingsService } from '../settings/folder/folder-settings'
import type { Tool } from '../tools/tool'
import { builtinTemplates, GENERAL, specialTools } from './builtin-templates'
import type { AgentTemplates } from './templates'

/** What holds for the agent of a session beyond the settings: its kind, its place among others, its limits. */
export interface AgentProfile {
  readonly template: AgentTemplate
  /** 0 for the agent of a person. */
  readonly depth: number
  /** It may start agents of its own. */
  readonly mayDelegate: boolean
  /** Another agent waits for what it says. */
  readonly isChild: boolean
  readonly limits: Limits
  /** Its tools; what it was not given does not exist for it. */
  tools(all: ReadonlyMap<string, Tool>): ReadonlyMap<string, Tool>
}

export interface AgentProfiles {
  profileOf(sessionId: string): AgentProfile
  /** The mode that counts: of the session, no more than its kind and all agents above it have now. */
  modeOf(sessionId: string): Mode
}

/** Belongs to the work itself, whatever kind of agent does it: to say how far it is and what was done, to ask what is known. */
const always: ReadonlySet<string> = new Set(['task_progress', 'hand_over', 'recall', 'graph_query', 'log_activity'])
/** Of no use to others, and every tool costs room in each call. */
const special: ReadonlySet<string> = new Set(Object.values(specialTools).flat())

export function createProfiles({ store, templates, settings, folderSettings }: {
  readonly store: Pick<Store, 'agents' | 'sessions'>
  readonly templates: AgentTemplates
  readonly settings: () => Settings
  /** Narrow what the settings allow. */
  readonly folderSettings: Pick<FolderSettingsService, 'current'>
}): AgentProfiles {
  // One that is not there any more does what every agent does, and no more than its session may.
  const templateOf = (name: string) => templates.find(name) ?? templates.find(GENERAL) ?? builtinTemplates[0]
  const profileOf = (sessionId: string): AgentProfile => {
    const agent = store.agents.get(sessionId)
    const template = templateOf(agent?.template ?? GENERAL)
    if (!template) throw new Error('there is no kind of agent at all')
    const { limits } = settings()
    const folder = folderSettings.current(store.sessions.conditions(sessionId)?.workspaceId ?? null)
    const depth = agent?.depth ?? 0
    return {
      template, depth, mayDelegate: depth < limits.maxDepth && agent?.level !== 'micro',
      isChild: agent !== null && agent.level !== 'task' && agent.handedOverAt === null,
      limits: [template.limits, ...(agent ? [agent.limits] : []), ...(folder ? [folder.limits] : [])].reduce(narrowLimits, limits),
      tools: (all) => toolsOf(template, all),
    }
  }
  const modeOf = (sessionId: string): Mode => {
    const agent = store.agents.get(sessionId)
    const conditions = store.sessions.conditions(sessionId)
    const own = narrowest(conditions?.mode ?? 'plan', templateOf(agent?.template ?? GENERAL)?.mode ?? null, folderSettings.current(conditions?.workspaceId ?? null)?.mode ?? null)
    if (!agent || agent.level === 'task' || agent.handedOverAt !== null || agent.parentSessionId === null) return own
    return narrowest(own, modeOf(agent.parentSessionId))
  }
  return { profileOf, modeOf }
}

function toolsOf({ tools, name }: AgentTemplate, all: ReadonlyMap<string, Tool>): ReadonlyMap<string, Tool> {
  if (tools === null) return new Map([...all].filter(([called]) => !special.has(called) || specialTools[name]?.includes(called) === true))
  const allowed = new Set(tools)
  if (name === 'micro') return new Map()
  return new Map([...all].filter(([called, tool]) => allowed.has(called) || always.has(called) || (tool.server !== undefined && allowed.has(`${tool.server.name}__*`))))
}

export function narrowLimits(limits: Limits, by: AgentLimits): Limits {
  return {
    ...limits,
    maxSteps: Math.min(limits.maxSteps, by.maxSteps ?? limits.maxSteps),
    maxMinutes: Math.min(limits.maxMinutes, by.maxMinutes ?? limits.maxMinutes),
    maxTokens: least(limits.maxTokens, by.maxTokens),
    maxCostUsd: least(limits.maxCostUsd, by.maxCostUsd),
  }
}

function least(left: number | null, right: number | null): number | null {
  return left === null ? right : right === null ? left : Math.min(left, right)
}
