import type { Attachment } from '#contract/attachments'
import type { EntryKind } from '#contract/entries'
import type { Run } from '#contract/runs'
import type { Session } from '#contract/sessions'
import { AppError, notFound } from '../errors'
import { isApprovalRun } from './approval-run'
import { createLanes, type Lanes } from './lanes'
import { nextRun, settlePrompt } from './prompt-queue'
import { changeRun, getRun, getSession, tellSession } from './publish'
import { reconcileRuns } from './reconcile'
import { type TurnRunnerPorts, workOnRun } from './turn-runner'
import { hasEnded, waitForEnd } from './wait-for-end'

/** Messages that may wait in one session. */
const MAX_QUEUED = 100

/** What a person sends. `afterEntryId`: goes on from there on a new branch. */
export interface Message {
  readonly text: string
  readonly attachments?: readonly Attachment[] | undefined
  readonly afterEntryId?: string | null | undefined
  /** Waits until the prompt queue of the session is started. */
  readonly isPrompt?: boolean | undefined
  /** Reaches the turn that works, between two of its steps. */
  readonly steer?: boolean | undefined
}

export interface RunManager {
  /** Reconciles what an earlier process left, then starts what waits. */
  start(traceId: string): Promise<void>
  /** Puts a message at the end of the session's queue; it is on disk when this returns. */
  send(sessionId: string, message: Message, traceId: string): Run
  edit(runId: string, change: Pick<Message, 'text'> & Partial<Message>, traceId: string): Run
  /** Lets one that waits reach the turn that works now. Throws AppError CONFLICT once it has been sent. */
  steer(runId: string, traceId: string): Run
  /** Gives those that wait another order; all of them must be named. */
  reorder(sessionId: string, runIds: readonly string[], traceId: string): Run[]
  /** Idempotent. Resolves when the run has stopped. */
  cancel(runId: string, traceId: string): Promise<Run>
  resume(runId: string, traceId: string): Run
  retry(runId: string, traceId: string): Run
  /** A person wants what waits in a session to start. */
  startWaiting(sessionId: string): void
  waitForEnd(runId: string, timeoutMs: number, signal: AbortSignal): Promise<Run>
  /** Stops everything of a session. */
  cancelSession(sessionId: string, traceId: string): Promise<void>
  /** Stops everything of every session. */
  cancelAll(traceId: string): Promise<void>
  stop: Lanes['stop']
}

export function createRunManager(ports: TurnRunnerPorts): RunManager {
  const lanes = createLanes({ runs: ports.store.runs, next: (sessionId) => nextRun(ports.store, sessionId), clock: ports.clock, work: (run, traceId, signal) => workOnRun(ports, run, traceId, signal) })
  const use: Use = { ports, lanes }
  ports.answers.onAnsweredUnattended((request, traceId) => {
    const run = ports.store.runs.get(request.runId)
    if (run && !lanes.stopping() && isResumable(run) && isAtHead(use, run)) resume(use, run.id, traceId)
  })
  return {
    start: (traceId) => start(use, traceId),
    send: (sessionId, message, traceId) => send(use, sessionId, message, traceId),
    edit: (runId, change, traceId) => edit(use, runId, change, traceId),
    steer: (runId, traceId) => steer(use, runId, traceId),
    reorder: (sessionId, runIds, traceId) => reorder(use, sessionId, runIds, traceId),
    cancel: (runId, traceId) => cancel(use, runId, traceId),
    resume: (runId, traceId) => resume(use, runId, traceId),
    retry: (runId, traceId) => retry(use, runId, traceId),
    startWaiting: (sessionId) => {
      assertOpen(use)
      lanes.release(sessionId)
      lanes.pump(sessionId)
    },
    waitForEnd: (runId, timeoutMs, signal) => waitForEnd(ports, runId, timeoutMs, signal),
    cancelSession: async (sessionId, traceId) => {
      for (const run of ports.store.runs.listInStates(['queued', 'interrupted', 'waiting'], sessionId)) await cancel(use, run.id, traceId)
      const active = lanes.active(sessionId)
      if (active !== null) await cancel(use, active, traceId)
    },
    cancelAll: async (traceId) => {
      const runs = ports.store.runs.listInStates(['queued', 'waiting', 'running', 'interrupted'])
      await Promise.all(runs.map((run) => cancel(use, run.id, traceId)))
    },
    stop: lanes.stop,
  }
}

interface Use {
  readonly ports: TurnRunnerPorts
  readonly lanes: Lanes
}

async function start(use: Use, traceId: string): Promise<void> {
  const { ports: { store }, lanes } = use
  await reconcileRuns(use.ports, traceId)
  for (const run of store.runs.listInStates(['interrupted'])) if (isAtHead(use, run)) lanes.hold(run.sessionId)
  for (const run of store.runs.listInStates(['waiting'])) if (!isApprovalRun(store, run.id)) lanes.launch(run, traceId)
  for (const { sessionId } of store.runs.listInStates(['queued'])) lanes.pump(sessionId)
}

function send(use: Use, sessionId: string, { text, attachments = [], afterEntryId, isPrompt = false, steer: joins = false }: Message, traceId: string): Run {
  const { ports: { store, events, clock, newId }, lanes } = use
  assertOpen(use)
  const session = getSession(store, sessionId)
  if (session.deletedAt !== null) throw new AppError('CONFLICT', 'This session is in the bin. Take it out first; nothing was sent.')
  if (session.queuedRuns >= MAX_QUEUED) {
    throw new AppError('CONFLICT', `${MAX_QUEUED} messages wait in this session already. Let some finish or remove some first.`)
  }
  if (afterEntryId !== undefined) assertCanFork(use, session, afterEntryId)
  const run = events.transact((emit) => {
    const id = newId()
    const headId = afterEntryId === undefined ? session.activeHeadId : addHead(use, sessionId, afterEntryId)
    store.attachments.markSent(attachments.map((attachment) => attachment.id))
    store.runs.insert({ id, sessionId, headId, text, attachments: [...attachments], model: session.model, mode: session.mode, createdAt: clock.now(), promptTry: isPrompt ? 1 : null, joins })
    store.sessions.patch(sessionId, { updatedAt: clock.now(), archived: false })
    return changeRun(store, emit, { id, sessionId }, {}, sourceOf({ id, sessionId }, traceId))
  })
  lanes.remember(run.id, traceId)
  if (!isPrompt) lanes.release(sessionId)
  lanes.pump(sessionId)
  return run
}

function assertCanFork({ ports: { store }, lanes }: Use, { id }: Session, entryId: string | null): void {
  if (lanes.active(id) !== null) throw new AppError('CONFLICT', 'A turn is running in this session. Stop it before you go on from elsewhere.')
  if (store.runs.listInStates(['queued'], id).some(({ promptTry }) => promptTry === null)) throw new AppError('CONFLICT', 'Messages wait in this session. Send or remove them before you go on from elsewhere.')
  if (entryId !== null && store.journal.get(entryId)?.sessionId !== id) throw notFound('Entry', entryId)
}

/** A new branch, which is the active one from now on. */
function addHead({ ports: { store, newId, clock } }: Use, sessionId: string, entryId: string | null): string {
  const head = { id: newId(), entryId, createdAt: clock.now() }
  store.sessions.insertHead(sessionId, head)
  store.sessions.patch(sessionId, { activeHeadId: head.id })
  return head.id
}

function reorder({ ports: { store, events } }: Use, sessionId: string, runIds: readonly string[], traceId: string): Run[] {
  getSession(store, sessionId)
  const waiting = store.runs.listInStates(['queued'], sessionId)
  const byId = new Map(waiting.map((run) => [run.id, run]))
  const wanted = [...new Set(runIds)].map((id) => byId.get(id)).filter((run) => run !== undefined)
  if (wanted.length !== waiting.length || runIds.length !== waiting.length) {
    throw new AppError('CONFLICT', 'Other messages wait by now. Look again; nothing was changed.')
  }
  const places = waiting.map(({ order }) => order)
  return events.transact((emit) => wanted.map((run, index) => changeRun(store, emit, run, { order: places[index] ?? run.order }, sourceOf(run, traceId))))
}

function edit({ ports: { store, events } }: Use, runId: string, change: Pick<Message, 'text'> & Partial<Message>, traceId: string): Run {
  const run = getRun(store, runId)
  if (run.state !== 'queued' || run.entryId !== null) throw new AppError('CONFLICT', 'This message has been sent to the agent already.')
  return events.transact((emit) => {
    const attachments = change.attachments && [...change.attachments]
    store.attachments.markSent((attachments ?? []).map(({ id }) => id))
    return changeRun(store, emit, run, { text: change.text, ...(attachments && { attachments }) }, sourceOf(run, traceId))
  })
}

function steer({ ports: { store, events } }: Use, runId: string, traceId: string): Run {
  const run = getRun(store, runId)
  if (run.state !== 'queued' || run.entryId !== null) throw new AppError('CONFLICT', 'This message has been sent to the agent already.')
  if (run.promptTry !== null) throw new AppError('CONFLICT', 'A prompt of the queue waits for its place. Send its text as a message instead.')
  return events.transact((emit) => changeRun(store, emit, run, { joins: true }, sourceOf(run, traceId)))
}

/** With the agents that it started: all are told at once, and none goes on when this resolves. */
async function cancel(use: Use, runId: string, traceId: string): Promise<Run> {
  const { ports, lanes } = use
  const { store, events, answers, clock } = ports
  const run = getRun(store, runId)
  const stopped = lanes.stopRun(run)
  await Promise.all([stopped, ...openChildren(use, runId).map((child) => cancel(use, child.id, traceId))])
  if (await stopped) return getRun(store, runId)
  if (run.state === 'completed' || run.state === 'failed' || run.state === 'cancelled') return run
  const cancelled = events.transact((emit) => {
    answers.withdraw(runId, emit, sourceOf(run, traceId))
    const ended = changeRun(store, emit, run, { state: 'cancelled', endedAt: clock.now() }, sourceOf(run, traceId))
    if (run.state !== 'queued') settlePrompt(ports, emit, ended, sourceOf(run, traceId))
    return ended
  })
  lanes.release(run.sessionId)
  lanes.pump(run.sessionId)
  return cancelled
}

function openChildren({ ports: { store } }: Use, runId: string): Run[] {
  return store.agents.children(runId).filter(({ handedOverAt }) => handedOverAt === null)
    .flatMap(({ sessionId }) => store.runs.listInStates(['running', 'waiting', 'queued', 'interrupted'], sessionId))
}

function resume(use: Use, runId: string, traceId: string): Run {
  const { ports: { store, events }, lanes } = use
  assertOpen(use)
  const run = getRun(store, runId)
  if (!isResumable(run)) throw new AppError('CONFLICT', `This run is ${run.state}; only one that was interrupted, stopped or failed can be resumed.`)
  if (!isAtHead(use, run)) throw new AppError('CONFLICT', 'The conversation has gone on since this run. Send a message, or retry to ask again on a new branch.')
  const queued = events.transact((emit) => changeRun(store, emit, run, { state: 'queued', error: null, endedAt: null }, sourceOf(run, traceId)))
  lanes.remember(runId, traceId)
  lanes.release(run.sessionId)
  lanes.launch(queued, traceId)
  return queued
}

function retry(use: Use, runId: string, traceId: string): Run {
  const { ports: { store, events, clock, newId }, lanes } = use
  assertOpen(use)
  const run = getRun(store, runId)
  if (!hasEnded(run)) throw new AppError('CONFLICT', 'This run has not ended yet. Stop it first.')
  if (lanes.active(run.sessionId) !== null) throw new AppError('CONFLICT', 'Another turn is running in this session. Stop it first.')
  const asked = run.entryId === null ? null : store.journal.get(run.entryId)
  if (asked) {
    const head = { id: newId(), entryId: asked.parentId, createdAt: clock.now() }
    events.transact((emit) => {
      store.sessions.insertHead(run.sessionId, head)
      store.sessions.patch(run.sessionId, { activeHeadId: head.id, updatedAt: clock.now() })
      tellSession(store, emit, run.sessionId, sourceOf(run, traceId))
    })
  }
  return send(use, run.sessionId, { text: run.text, attachments: run.attachments }, traceId)
}

function isResumable({ state }: Run): boolean {
  return state === 'failed' || state === 'cancelled' || state === 'interrupted'
}

const settingsKinds: ReadonlySet<EntryKind> = new Set(['behavior_change', 'memory_used', 'mode_change', 'model_change', 'context_discard', 'guardrail'])

/** Whether the conversation has not gone on since. A change of model, say, is no reason not to resume: it may be the cure. */
function isAtHead({ ports: { store } }: Use, run: Run): boolean {
  if (run.entryId === null) return true
  const head = getSession(store, run.sessionId).heads.find(({ id }) => id === run.headId)
  let entry = head?.entryId ? store.journal.get(head.entryId) : null
  while (entry && settingsKinds.has(entry.payload.kind)) entry = entry.parentId === null ? null : store.journal.get(entry.parentId)
  return entry?.runId === run.id
}

function assertOpen({ ports: { gate }, lanes }: Use): void {
  gate.assertUnlocked()
  if (lanes.stopping()) throw new AppError('SHUTTING_DOWN', 'Trestle is closing. Nothing was started; ask again after the restart.')
}

function sourceOf(run: Pick<Run, 'id' | 'sessionId'>, traceId: string) {
  return { sessionId: run.sessionId, runId: run.id, traceId }
}
