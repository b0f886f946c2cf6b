import type { Entry } from '#contract/entries'
import type { Run } from '#contract/runs'
import type { Mode } from '#contract/common'
import type { Settings } from '#contract/settings'
import { isAppError } from '../errors'
import type { Emit, EventStream } from '../events/event-stream'
import { followEvents } from '../events/follow-events'
import type { ModelRegistry } from '../models/model-registry'
import { narrowest } from '../permissions/modes'
import type { StoredAgent } from '../ports/agent-store'
import type { Store } from '../ports/store'
import type { Clock, Logger, NewId } from '../ports/system'
import { lastWords } from '../sessions/last-words'
import { getRun, getSession, tellAgent, tellSession } from '../sessions/publish'
import type { RunManager } from '../sessions/run-manager'
import { createSlots, type Slots } from '../sessions/slots'
import { titleFrom } from '../sessions/titles'
import type { DelegateInput } from '../tools/delegate'
import type { ExecuteContext, ToolOutput } from '../tools/tool'
import { MICRO } from './builtin-templates'
import { type CarriedOver, carryOver } from './carry-over'
import { assertMayStart } from './guards'
import type { AgentProfiles } from './profiles'
import type { AgentTemplates } from './templates'

export interface ChildrenPorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
  readonly logger: Logger
  readonly settings: () => Settings
  readonly models: Pick<ModelRegistry, 'resolve'>
  readonly templates: AgentTemplates
  readonly profiles: AgentProfiles
  readonly runs: Pick<RunManager, 'send' | 'resume'>
}

export interface Children {
  /**
   * Starts the agent of this call, or finds the one that it started before, and waits for its end without holding a place. What it
   * came to is the result, failures too. Throws AppError for one that may not be, and the signal's reason.
   */
  delegate(input: DelegateInput, context: ExecuteContext): Promise<ToolOutput>
  /** Goes on with a parent that was interrupted while its agent worked, once that has ended. The result stops it. */
  follow(): () => void
}

export function createChildren(ports: ChildrenPorts): Children {
  const places = createPlaces(() => ports.settings().agents.maxParallel)
  return {
    delegate: (input, context) => context.aside(async () => {
      const release = await places(context.call.runId, context.signal)
      try {
        const { runId, key } = context.call
        const agent = ports.store.agents.findByCall(runId, key) ?? (await start(ports, input, context))
        return await outcomeOf(ports, agent, context)
      } finally {
        release()
      }
    }),
    follow: () => follow(ports),
  }
}

/** So many agents of one run at the same time. */
function createPlaces(limit: () => number): (runId: string, signal: AbortSignal) => Promise<() => void> {
  const known = new Map<string, { readonly slots: Slots; users: number }>()
  return async (runId, signal) => {
    const place = known.get(runId) ?? { slots: createSlots(limit), users: 0 }
    known.set(runId, place)
    place.users += 1
    const leave = () => {
      place.users -= 1
      if (place.users === 0) known.delete(runId)
    }
    const release = await place.slots.take(signal).catch((error: unknown) => {
      leave()
      throw error
    })
    return () => {
      release()
      leave()
    }
  }
}

async function start(ports: ChildrenPorts, input: DelegateInput, { sessionId, call, signal }: ExecuteContext): Promise<StoredAgent> {
  const { store, events, profiles, settings } = ports
  const template = ports.templates.get(input.template)
  const parent = getSession(store, sessionId)
  const wish = { parentSessionId: sessionId, parentRunId: call.runId, template: template.name, instruction: input.instruction }
  assertMayStart(store, wish, settings().limits.maxDepth)
  const model = template.model ?? parent.model
  const context = template.name === MICRO && input.context === 'fork' ? 'summary' : input.context
  const resolved = await ports.models.resolve(model ?? settings().defaultModel, parent.workspaceId)
  const carried = await carryOver(store, call.runId, context, resolved, signal)
  return events.transact((emit) => {
    const depth = assertMayStart(store, wish, settings().limits.maxDepth)
    const mode = narrowest(profiles.modeOf(sessionId), input.mode ?? null, template.mode)
    return insert(ports, emit, { input, call, depth, mode, model, carried, parentId: sessionId, workspaceId: parent.workspaceId })
  })
}

interface NewChild {
  readonly input: DelegateInput
  readonly call: ExecuteContext['call']
  readonly depth: number
  readonly mode: Mode
  readonly model: string | null
  readonly carried: CarriedOver
  readonly parentId: string
  readonly workspaceId: string | null
}

/** The conversation, whose it is, and its first run: one transaction. */
function insert(ports: ChildrenPorts, emit: Emit, { input, call, depth, mode, model, carried, parentId, workspaceId }: NewChild): StoredAgent {
  const { store, clock, newId } = ports
  const id = newId()
  const head = { id: newId(), entryId: null, createdAt: clock.now() }
  const source = { sessionId: id, runId: null, traceId: call.traceId }
  store.sessions.insert({ id, workspaceId, title: input.title ?? titleFrom(input.instruction), model, mode, createdAt: clock.now(), head })
  const agent: StoredAgent = {
    sessionId: id, level: input.template === MICRO ? 'micro' : 'child', template: input.template, depth, runId: null, parentSessionId: parentId, parentRunId: call.runId,
    callKey: call.key, callId: call.callId, instruction: input.instruction, limits: limitsOf(ports, call.runId, input), handedOverAt: null, createdAt: clock.now(),
  }
  store.agents.insert(agent)
  let before: string | null = null
  for (const payload of carried.entries) {
    const entryId = newId()
    const own = payload.kind === 'summary' ? { ...payload, untilEntryId: entryId } : payload
    const entry: Entry = { id: entryId, sessionId: id, parentId: before, runId: null, stepId: null, at: clock.now(), payload: own }
    store.journal.append(entry, head.id)
    before = entry.id
  }
  if (carried.usage) store.sessions.addUsage(id, carried.usage, carried.costUsd)
  tellSession(store, emit, id, source)
  tellAgent(store, emit, id, 'spawned', source)
  // Last: it begins to work as soon as this is on disk.
  const run = ports.runs.send(id, { text: input.instruction }, call.traceId)
  store.agents.setRun(id, run.id)
  return { ...agent, runId: run.id }
}

/** No more than what its parent has left. */
function limitsOf({ store, profiles }: ChildrenPorts, parentRunId: string, { budget }: DelegateInput): StoredAgent['limits'] {
  const run = getRun(store, parentRunId)
  const { maxTokens, maxCostUsd } = profiles.profileOf(run.sessionId).limits
  const below = store.agents.spentBelow(parentRunId)
  const left = (limit: number | null, used: number, wish: number | null, least: number) => {
    const rest = limit === null ? null : Math.max(least, limit - used)
    return rest === null ? wish : wish === null ? rest : Math.min(rest, wish)
  }
  return {
    maxSteps: budget?.maxSteps ?? null, maxMinutes: budget?.maxMinutes ?? null,
    maxTokens: left(maxTokens, run.usage.totalTokens + below.usage.totalTokens, budget?.maxTokens ?? null, 1),
    maxCostUsd: left(maxCostUsd, (run.costUsd ?? 0) + (below.costUsd ?? 0), budget?.maxCostUsd ?? null, 0.000001),
  }
}

async function outcomeOf(ports: ChildrenPorts, agent: StoredAgent, { signal, call }: ExecuteContext): Promise<ToolOutput> {
  const { store } = ports
  const { sessionId, template } = agent
  takeUp(ports, sessionId, call.traceId)
  await idle(ports, sessionId, signal)
  const session = store.sessions.get(sessionId)
  const run = newestRun(ports, sessionId)
  if (!session || !run) return { content: 'The conversation of this agent was deleted, so there is no result.', isError: true }
  const details = { kind: 'agent' as const, sessionId, runId: run.id, template, title: session.title }
  const words = lastWords(store, run)
  if (store.agents.get(sessionId)?.handedOverAt) return { content: `The agent handed its conversation over to the person, who goes on with it. ${said(words)}`, details }
  switch (run.state) {
    case 'completed':
      return { content: words ?? '(The agent ended without a word.)', details }
    case 'failed':
      return { content: `The agent failed: ${run.error?.message ?? 'no reason is known'} ${said(words)}`, isError: true, details }
    default:
      return { content: `The agent was stopped before it was done. ${said(words)}`, isError: true, details }
  }
}

function said(words: string | null): string {
  return words === null ? 'It said nothing before.' : `The last it said: ${words}`
}

/** After a restart it goes on because its parent does. */
function takeUp({ store, runs }: ChildrenPorts, sessionId: string, traceId: string): void {
  for (const run of store.runs.listInStates(['interrupted'], sessionId)) {
    try {
      runs.resume(run.id, traceId)
    } catch (error) {
      // A person went on with its conversation: what comes of that counts.
      if (!isAppError(error) || error.code !== 'CONFLICT') throw error
    }
  }
}

/** The newest that was not taken out of the queue again, and did not become a part of another. */
function newestRun({ store }: ChildrenPorts, sessionId: string): Run | null {
  return store.runs.listBySession(sessionId, 50).find(({ state, startedAt, joinedRunId }) => joinedRunId === null && (state !== 'cancelled' || startedAt !== null)) ?? store.runs.listBySession(sessionId, 1)[0] ?? null
}

/** Resolves when nothing works or waits in the conversation: what a person sent after it counts too. */
async function idle({ store, events }: ChildrenPorts, sessionId: string, signal: AbortSignal): Promise<void> {
  const isIdle = () => store.runs.listInStates(['queued', 'running', 'waiting'], sessionId).length === 0
  for await (const _message of events.subscribe({ topics: ['run.update', 'session.removed'], sessionId }, signal)) {
    if (isIdle()) return
  }
  signal.throwIfAborted()
}

function follow({ store, events, runs, logger }: ChildrenPorts): () => void {
  const consider = (run: Run, traceId: string) => {
    if ((run.state !== 'completed' && run.state !== 'failed') || run.joinedRunId !== null) return
    const parentRunId = store.agents.get(run.sessionId)?.parentRunId ?? null
    const parent = parentRunId === null ? null : store.runs.get(parentRunId)
    if (parent?.state !== 'interrupted') return
    try {
      runs.resume(parent.id, traceId)
    } catch (error) {
      if (!isAppError(error)) throw error
    }
  }
  return followEvents({
    events,
    topics: ['run.update'],
    consider: (message) => {
      if (message.topic === 'run.update') consider(message.payload.run, message.traceId)
    },
    onError: (error) => logger.error('agent.not_followed', { error }),
  })
}
