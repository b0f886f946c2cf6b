import type { Entry } from '#contract/entries'
import type { Session, SessionContext } from '#contract/sessions'
import type { Settings } from '#contract/settings'
import { rulesOnPath } from '../agent/record-behavior'
import type { AgentProfiles } from '../agents/profiles'
import type { BehaviorService } from '../behavior/behavior-service'
import { behaviorText } from '../behavior/compose'
import { buildContext, describeContext } from '../context/build-context'
import { memoryOnPath } from '../memory/agent/call-memory'
import { memoryPlace } from '../memory/agent/memory-place'
import type { AgentMemory } from '../memory/agent/agent-memory'
import { systemPrompt } from '../context/system-prompt'
import { notFound } from '../errors'
import { sourcesOf } from '../flow/labels'
import type { ModelRegistry } from '../models/model-registry'
import type { CommandRunner } from '../ports/command-runner'
import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'
import type { Tool } from '../tools/tool'
import { isSearchUsable } from '../web/web-service'
import { getSession } from './publish'
import { createSpecs, surroundingsOf } from './tool-specs'

export interface ContextReaderPorts {
  readonly store: Store
  readonly clock: Clock
  readonly settings: () => Settings
  readonly models: Pick<ModelRegistry, 'find'>
  readonly toolsFor: (workspaceId: string | null) => ReadonlyMap<string, Tool>
  readonly behavior: Pick<BehaviorService, 'effective'>
  readonly memory: Pick<AgentMemory, 'tellable'>
  readonly commands: Pick<CommandRunner, 'sandboxed'>
  readonly agents: AgentProfiles
  readonly platform: string
}

/** What the next call of a session is sent, or what the call that led to `entryId` was sent, by part. */
export function createContextReader(ports: ContextReaderPorts) {
  return (id: string, entryId: string | undefined): SessionContext => {
    const session = getSession(ports.store, id)
    const modelId = session.model ?? ports.agents.profileOf(id).template.model ?? ports.settings().defaultModel
    const workspace = session.workspaceId === null ? null : ports.store.workspaces.get(session.workspaceId)
    const profile = ports.agents.profileOf(id)
    const rights = { mode: ports.agents.modeOf(id), trusted: workspace?.trusted ?? false, sandboxed: ports.commands.sandboxed }
    const path = contextPath(ports.store, session, entryId)
    const context = buildContext({
      modelId, path,
      memory: memoryOnPath(ports.memory, path, memoryPlace(ports.store, id)),
      behavior: entryId === undefined ? ports.behavior.effective(session.workspaceId, profile.template.name).text : behaviorText(rulesOnPath(path)),
      tools: createSpecs(profile.tools(ports.toolsFor(session.workspaceId)))(surroundingsOf(ports.store, id, { hasFolder: workspace !== null, hasSearch: isSearchUsable(ports.settings().web) }, profile), rights),
      system: systemPrompt({ ...rights, workspaceName: workspace?.name ?? null, platform: ports.platform, now: ports.clock.now(), agent: profile }),
    })
    return {
      model: modelId, contextWindow: modelId === null ? null : (ports.models.find(modelId)?.contextWindow ?? null),
      totalTokens: context.tokens, estimated: true, parts: describeContext(context), sources: sourcesOf(path),
    }
  }
}

function contextPath(store: Store, session: Session, entryId: string | undefined): Entry[] {
  if (entryId === undefined) {
    const newest = session.heads.find(({ id }) => id === session.activeHeadId)?.entryId ?? null
    return newest === null ? [] : store.journal.path(newest)
  }
  const entry = store.journal.get(entryId)
  if (entry?.sessionId !== session.id) throw notFound('Entry', entryId)
  return entry.parentId === null ? [] : store.journal.path(entry.parentId)
}
