import type { Run } from '#contract/runs'
import type { Settings } from '#contract/settings'
import type { AgentProfile, AgentProfiles } from '../agents/profiles'
import type { BudgetCheck } from '../agent/budget-check'
import type { ModelCall } from '../agent/call-model'
import type { BehaviorService } from '../behavior/behavior-service'
import { createLimitCheck } from '../agent/limit-check'
import { type AgentPorts, runTurn, type TurnEnd } from '../agent/run-turn'
import { StopReason } from '../agent/stop-reason'
import type { CurrentPermissions } from '../agent/tool-ports'
import type { Audit } from '../audit/audit-log'
import { openTurn, type Turn, type TurnPorts } from '../agent/turn'
import type { ResolveMessages } from '../attachments/resolve-messages'
import type { AgentMemory } from '../memory/agent/agent-memory'
import { memoryForCall } from '../memory/agent/call-memory'
import { memoryPlace } from '../memory/agent/memory-place'
import type { Learning } from '../memory/agent/learning'
import { systemPrompt } from '../context/system-prompt'
import { inheritedLabels } from '../flow/inherited-labels'
import { errorBody, internalError, isAppError, notFound } from '../errors'
import type { TurnCheckpoints, TurnWatch } from '../checkpoints/turn-checkpoints'
import type { ModelRegistry } from '../models/model-registry'
import type { PermissionService } from '../permissions/permission-service'
import { isGrantable } from '../permissions/rules'
import type { Logger, Random, Sha256 } from '../ports/system'
import type { SecretPorts } from '../secrets/hold-secrets'
import type { Capability, Tool, ToolContext } from '../tools/tool'
import { isSearchUsable } from '../web/web-service'
import type { Answers } from './answers'
import type { Gate } from '../work/work-service'
import { joinTurn } from './join-turn'
import { createPlace, type Place } from './place'
import { settlePrompt } from './prompt-queue'
import { changeRun, getSession } from './publish'
import type { FolderSettingsService } from '../settings/folder/folder-settings'
import { withFolderPolicies } from '../settings/folder/read-folder-settings'
import type { Slots } from './slots'
import { titleFrom, untitled } from './titles'
import type { SessionToolContexts } from './tool-contexts'
import { createSpecs, surroundingsOf } from './tool-specs'

/** That say what is usual in a folder. */
const EARLIER_RUNS = 50

export interface TurnRunnerPorts extends TurnPorts {
  readonly random: Random
  readonly resolveMessages: ResolveMessages
  readonly sha256: Sha256
  readonly alwaysLeaveOut: SecretPorts['alwaysLeaveOut']
  readonly logger: Logger
  readonly toolsFor: (workspaceId: string | null) => ReadonlyMap<string, Tool>
  readonly toolContexts: SessionToolContexts
  readonly models: ModelRegistry
  readonly settings: () => Settings
  readonly folderSettings: Pick<FolderSettingsService, 'load' | 'current'>
  readonly answers: Answers
  readonly slots: Slots
  readonly gate: Gate
  readonly audit: Audit
  readonly permissionRules: Pick<PermissionService, 'bookFor'>
  readonly checkpoints: Pick<TurnCheckpoints, 'openTurn'>
  readonly behavior: Pick<BehaviorService, 'effective'>
  readonly memory: AgentMemory
  /** Told of turns that ended well, inside the transaction that says so. */
  readonly learning: Pick<Learning, 'turnEnded'>
  readonly platform: string
  readonly agents: AgentProfiles
  /** Of the task that a run belongs to. `workedMs`: how long the run has worked since it was started or resumed. */
  readonly checkBudget: (runId: string, workedMs: number) => BudgetCheck
}

/** Does the whole of one run: its place among the others, its states, its end. Never throws: a bug ends the run as failed. */
export async function workOnRun(ports: TurnRunnerPorts, queued: Run, traceId: string, signal: AbortSignal): Promise<void> {
  const place = createPlace(ports, queued, traceId)
  try {
    await place.enter(signal)
    const wrong = await ports.folderSettings.load(getSession(ports.store, queued.sessionId).workspaceId)
    const { turn, run } = begin(ports, queued, traceId)
    if (wrong) return finish(ports, turn, { state: 'failed', error: wrong }, signal)
    const watch = ports.checkpoints.openTurn(run, traceId)
    const context = await ports.toolContexts.open(getSession(ports.store, run.sessionId))
    try {
      const end = await runTurn(agentPorts(ports, turn, context, place, watch), turn, signal)
      finish(ports, turn, end, signal)
    } finally {
      watch.close()
    }
  } catch (error) {
    if (!signal.aborted && !isAppError(error)) ports.logger.error('run.bug', { runId: queued.id, error })
    finishAfterThrow(ports, queued, traceId, error, signal)
  } finally {
    place.leave()
  }
}

/** From queued to running; the first time, the message becomes part of the conversation. Lost to a power cut, it is still queued and begins anew. */
function begin(ports: TurnRunnerPorts, queued: Run, traceId: string): { readonly turn: Turn; readonly run: Run } {
  const session = getSession(ports.store, queued.sessionId)
  const settings = ports.settings()
  const profile = ports.agents.profileOf(session.id)
  // A prompt that waited goes on from where the conversation is by now.
  const headId = queued.promptTry !== null && queued.entryId === null ? session.activeHeadId : queued.headId
  const turn = openTurn(ports, { ...queued, headId }, profile.limits, traceId)
  return ports.events.transact((emit) => {
    const labels = queued.entryId === null ? inheritedLabels(ports.store, queued.id, session.id) : []
    const entryId = queued.entryId ?? turn.append(emit, { kind: 'user_message', text: queued.text, ...(queued.attachments.length > 0 && { attachments: queued.attachments }), ...(labels.length > 0 && { labels }) }, null).id
    if (session.title === untitled) ports.store.sessions.patch(session.id, { title: titleFrom(queued.text || (queued.attachments[0]?.name ?? '')), updatedAt: ports.clock.now() })
    const run = changeRun(ports.store, emit, queued, {
      state: 'running', headId, entryId, error: null, endedAt: null, mode: ports.agents.modeOf(session.id),
      model: session.model ?? profile.template.model ?? settings.defaultModel, startedAt: queued.startedAt ?? ports.clock.now(),
    }, turn.source)
    return { turn, run }
  }, 'later')
}

function finish(ports: TurnRunnerPorts, turn: Turn, end: TurnEnd, signal: AbortSignal): void {
  const shutdown = signal.reason instanceof StopReason && signal.reason.by === 'shutdown'
  const { store, events, clock, answers } = ports
  events.transact((emit) => {
    // A run that waits for a person goes on waiting over a restart.
    if (shutdown && store.requests.listOpenByRun(turn.run.id).length > 0) return
    const state = end.state === 'cancelled' && shutdown ? 'interrupted' : end.state
    if (state !== 'completed') {
      turn.append(emit, { kind: 'run_ended', state, ...(end.state === 'failed' && { error: errorBody(end.error) }) }, null)
    }
    answers.withdraw(turn.run.id, emit, turn.source)
    if (state === 'completed') ports.learning.turnEnded(turn.run)
    const ended = changeRun(store, emit, turn.run, { state, endedAt: clock.now(), error: end.state === 'failed' ? errorBody(end.error) : null }, turn.source)
    settlePrompt(ports, emit, ended, turn.source)
  })
}

/** The turn could not even record its own end: the disk is full, or there is a bug. Tried once more, with little to write. */
function finishAfterThrow(ports: TurnRunnerPorts, queued: Run, traceId: string, error: unknown, signal: AbortSignal): void {
  const source = { sessionId: queued.sessionId, runId: queued.id, traceId }
  try {
    const turn = openTurn(ports, queued, ports.settings().limits, traceId)
    if (signal.aborted && queued.entryId === null && turn.path.at(-1)?.runId !== queued.id) {
      if (!(signal.reason instanceof StopReason && signal.reason.by === 'shutdown')) {
        ports.events.transact((emit) => changeRun(ports.store, emit, queued, { state: 'cancelled', endedAt: ports.clock.now() }, source))
      }
      return
    }
    finish(ports, turn, signal.aborted ? { state: 'cancelled' } : { state: 'failed', error: isAppError(error) ? error : internalError(error) }, signal)
  } catch (second) {
    // The run stays `running` in the database and is reconciled at the next start.
    ports.logger.error('run.end_not_recorded', { runId: queued.id, error: second })
  }
}

/** Looked up once, when it is asked for. */
function busiestMinutesOf({ store }: TurnRunnerPorts, workspaceId: string | null): () => readonly number[] {
  let known: readonly number[] | null = null
  return () => (known ??= workspaceId === null ? [] : store.steps.busiestMinutes(workspaceId, EARLIER_RUNS))
}

function agentPorts(ports: TurnRunnerPorts, turn: Turn, toolContext: ToolContext, place: Place, effects: TurnWatch): AgentPorts {
  const { sessionId } = turn.run
  const conditions = () => {
    const current = ports.store.sessions.conditions(sessionId)
    if (!current) throw notFound('Session', sessionId)
    return current
  }
  const { sandboxed } = toolContext.commands
  const permissions = (capability: Capability): CurrentPermissions => {
    const { workspace, workspaceId } = conditions()
    return {
      mode: ports.agents.modeOf(sessionId), trusted: workspace?.trusted ?? false, sandboxed, allowedHosts: ports.settings().web.allowedHosts,
      grants: isGrantable(capability) ? ports.store.grants.listFor(sessionId, workspaceId, ports.clock.now()) : [],
    }
  }
  const profile = ports.agents.profileOf(sessionId)
  const ownRules = () => ({ rules: ports.permissionRules.bookFor(sessionId, conditions().workspaceId), agent: profile.template.name })
  const resolveModel = () => {
    const { model, workspaceId } = conditions()
    return ports.models.resolve(model ?? profile.template.model ?? ports.settings().defaultModel, workspaceId)
  }
  const checkBudget = () => ports.checkBudget(turn.run.id, place.workedMs())
  const current = currentTools(() => ports.toolsFor(conditions().workspaceId), profile)
  return {
    ...ports, ownRules, get tools() { return current().tools }, toolContext, permissions, effects, people: ports.answers, waiting: place.waiting, workedMs: place.workedMs, mayStart: place.mayStart,
    join: (joined) => joinTurn(ports, joined),
    checkBudget, limitReached: createLimitCheck({ store: ports.store, workedMs: place.workedMs, checkBudget }, turn), guardrails: () => withFolderPolicies(ports.settings().guardrails, ports.folderSettings.current(conditions().workspaceId)), busiestMinutes: busiestMinutesOf(ports, conditions().workspaceId),
    model: resolveModel,
    secretSettings: () => ports.settings().secrets,
    modelCall: async (signal): Promise<ModelCall> => {
      const { workspace, workspaceId } = conditions()
      const mode = ports.agents.modeOf(sessionId)
      const trusted = workspace?.trusted ?? false
      return {
        resolved: await resolveModel(),
        tools: current().specs(surroundingsOf(ports.store, sessionId, { hasFolder: workspace !== null, hasSearch: isSearchUsable(ports.settings().web) }, profile), { mode, trusted, sandboxed }),
        behavior: ports.behavior.effective(workspaceId, profile.template.name),
        memory: await memoryForCall({ ...ports, settings: () => ports.settings().learning }, turn.path, memoryPlace(ports.store, sessionId), signal),
        system: systemPrompt({
          workspaceName: workspace?.name ?? null, trusted, mode, platform: ports.platform, now: ports.clock.now(), agent: profile,
        }),
      }
    },
  }
}

/** What an agent has may change while it works: servers of tools come and go. */
function currentTools(all: () => ReadonlyMap<string, Tool>, profile: AgentProfile) {
  const read = (from: ReadonlyMap<string, Tool>) => {
    const tools = profile.tools(from)
    return { from, tools, specs: createSpecs(tools) }
  }
  let known = read(all())
  return () => {
    const now = all()
    if (now !== known.from) known = read(now)
    return known
  }
}
