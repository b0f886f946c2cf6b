import type { Run, RunState } from '#contract/runs'
import { StopReason } from '../agent/stop-reason'
import { AppError } from '../errors'
import { changeRun, getRun, getSession, tellSession } from './publish'
import { reconcileRuns } from './reconcile'
import { type TurnRunnerPorts, workOnRun } from './turn-runner'

/** Messages that may wait in one session. */
const MAX_QUEUED = 100

export interface RunManager {
  /** Reconciles what an earlier process left, then starts what waits. */
  start(traceId: string): Promise<void>
  /** Puts a message at the end of the session's queue; it is on disk when this returns. */
  send(sessionId: string, text: string, traceId: string): Run
  edit(runId: string, text: string, traceId: string): Run
  /** Idempotent. Resolves when the run has stopped. */
  cancel(runId: string, traceId: string): Promise<Run>
  resume(runId: string, traceId: string): Run
  retry(runId: string, traceId: string): Run
  /** The run once it has ended, or as it is after `timeoutMs`. */
  waitForEnd(runId: string, timeoutMs: number, signal: AbortSignal): Promise<Run>
  /** Stops everything of a session. */
  cancelSession(sessionId: string, traceId: string): Promise<void>
  /** No new work; turns get `graceMs` to finish, then they are interrupted. Resolves when none is left. */
  stop(graceMs: number): Promise<void>
}

interface ActiveRun {
  readonly runId: string
  readonly controller: AbortController
  readonly done: Promise<void>
}

const ended: readonly RunState[] = ['completed', 'failed', 'cancelled', 'interrupted']
const resumable: readonly RunState[] = ['failed', 'cancelled', 'interrupted']

export function createRunManager(ports: TurnRunnerPorts): RunManager {
  const { store, events, clock, newId } = ports
  /** The lane of each session: at most one turn. */
  const active = new Map<string, ActiveRun>()
  /** Sessions whose queue waits until a person has decided about an interrupted run. */
  const held = new Set<string>()
  const traceOf = new Map<string, string>()
  let stopping = false

  const sourceOf = (run: Pick<Run, 'id' | 'sessionId'>, traceId: string) => ({ sessionId: run.sessionId, runId: run.id, traceId })

  const launch = (run: Run, traceId: string) => {
    const controller = new AbortController()
    const done = workOnRun(ports, run, traceId, controller.signal).then(() => {
      active.delete(run.sessionId)
      traceOf.delete(run.id)
      pump(run.sessionId)
    })
    active.set(run.sessionId, { runId: run.id, controller, done })
  }

  const pump = (sessionId: string) => {
    if (stopping || active.has(sessionId) || held.has(sessionId)) return
    const [next] = store.runs.listInStates(['queued'], sessionId)
    if (next) launch(next, traceOf.get(next.id) ?? next.id)
  }

  const assertOpen = () => {
    if (stopping) throw new AppError('SHUTTING_DOWN', 'Trestle is closing. The message was not taken; send it again after the restart.')
  }

  const send = (sessionId: string, text: string, traceId: string): Run => {
    assertOpen()
    const session = getSession(store, sessionId)
    if (store.runs.listInStates(['queued'], sessionId).length >= MAX_QUEUED) {
      throw new AppError('CONFLICT', `${MAX_QUEUED} messages wait in this session already. Let some finish or remove some first.`)
    }
    const run = events.transact((emit) => {
      const id = newId()
      store.runs.insert({ id, sessionId, headId: session.activeHeadId, text, model: session.model, mode: session.mode, createdAt: clock.now() })
      store.sessions.patch(sessionId, { updatedAt: clock.now(), archived: false })
      const created = getRun(store, id)
      emit({ topic: 'run.update', payload: { run: created } }, sourceOf(created, traceId))
      tellSession(store, emit, sessionId, sourceOf(created, traceId))
      return created
    })
    traceOf.set(run.id, traceId)
    held.delete(sessionId)
    pump(sessionId)
    return run
  }

  const cancel = async (runId: string, traceId: string): Promise<Run> => {
    const run = getRun(store, runId)
    const turn = active.get(run.sessionId)
    if (turn?.runId === runId) {
      turn.controller.abort(new StopReason('person'))
      await turn.done
      return getRun(store, runId)
    }
    if (run.state === 'completed' || run.state === 'failed' || run.state === 'cancelled') return run
    const cancelled = events.transact((emit) => {
      ports.answers.withdraw(runId, emit, sourceOf(run, traceId))
      return changeRun(store, emit, run, { state: 'cancelled', endedAt: clock.now() }, sourceOf(run, traceId))
    })
    held.delete(run.sessionId)
    pump(run.sessionId)
    return cancelled
  }

  const resume = (runId: string, traceId: string): Run => {
    assertOpen()
    const run = getRun(store, runId)
    if (!resumable.includes(run.state)) throw new AppError('CONFLICT', `This run is ${run.state}; only one that was interrupted, stopped or failed can be resumed.`)
    if (!isAtHead(run)) throw new AppError('CONFLICT', 'The conversation has gone on since this run. Send a message, or retry to ask again on a new branch.')
    const queued = events.transact((emit) => changeRun(store, emit, run, { state: 'queued', error: null, endedAt: null }, sourceOf(run, traceId)))
    traceOf.set(runId, traceId)
    held.delete(run.sessionId)
    if (!active.has(run.sessionId)) launch(queued, traceId)
    return queued
  }

  const isAtHead = (run: Run): boolean => {
    const head = getSession(store, run.sessionId).heads.find(({ id }) => id === run.headId)
    const newest = head?.entryId ? store.journal.get(head.entryId) : null
    return run.entryId === null || newest === null || newest.runId === run.id
  }

  const retry = (runId: string, traceId: string): Run => {
    assertOpen()
    const run = getRun(store, runId)
    if (!ended.includes(run.state)) throw new AppError('CONFLICT', 'This run has not ended yet. Stop it first.')
    const asked = run.entryId === null ? null : store.journal.get(run.entryId)
    if (asked) {
      const head = { id: newId(), entryId: asked.parentId, createdAt: clock.now() }
      events.transact((emit) => {
        store.sessions.insertHead(run.sessionId, head)
        store.sessions.patch(run.sessionId, { activeHeadId: head.id, updatedAt: clock.now() })
        tellSession(store, emit, run.sessionId, sourceOf(run, traceId))
      })
    }
    return send(run.sessionId, run.text, traceId)
  }

  const start = async (traceId: string) => {
    await reconcileRuns(ports, traceId)
    for (const run of store.runs.listInStates(['interrupted'])) {
      const [newest] = store.runs.listBySession(run.sessionId, 1)
      if (isAtHead(run) && newest) held.add(run.sessionId)
    }
    for (const run of store.runs.listInStates(['waiting'])) if (!active.has(run.sessionId)) launch(run, traceId)
    for (const sessionId of new Set(store.runs.listInStates(['queued']).map((run) => run.sessionId))) pump(sessionId)
  }

  const stop = async (graceMs: number) => {
    stopping = true
    const turns = [...active.values()]
    const idle = Promise.all(turns.map(({ done }) => done))
    const working = turns.filter(({ runId }) => store.runs.get(runId)?.state === 'running')
    if (working.length > 0 && graceMs > 0) {
      await Promise.race([Promise.all(working.map(({ done }) => done)), clock.sleep(graceMs)])
    }
    for (const turn of active.values()) turn.controller.abort(new StopReason('shutdown'))
    await idle
  }

  ports.answers.onAnsweredUnattended((request, traceId) => {
    const run = store.runs.get(request.runId)
    if (run && !stopping && resumable.includes(run.state) && isAtHead(run)) resume(run.id, traceId)
  })

  return {
    start, send, cancel, resume, retry, stop,
    edit: (runId, text, traceId) => {
      const run = getRun(store, runId)
      if (run.state !== 'queued' || run.entryId !== null) throw new AppError('CONFLICT', 'This message has been sent to the agent already.')
      return events.transact((emit) => changeRun(store, emit, run, { text }, sourceOf(run, traceId)))
    },
    waitForEnd: async (runId, timeoutMs, signal) => {
      const run = getRun(store, runId)
      if (ended.includes(run.state)) return run
      await untilEnded(runId, timeoutMs, signal)
      return getRun(store, runId)
    },
    cancelSession: async (sessionId, traceId) => {
      for (const run of store.runs.listInStates(['queued', 'waiting', 'interrupted'], sessionId)) await cancel(run.id, traceId)
      const turn = active.get(sessionId)
      if (turn) await cancel(turn.runId, traceId)
    },
  }

  async function untilEnded(runId: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    const done = new AbortController()
    const forward = () => { done.abort() }
    signal.addEventListener('abort', forward, { once: true })
    const cancelTimer = clock.after(timeoutMs, forward)
    try {
      for await (const event of events.subscribe({ topics: ['run.update'], sessionId: getRun(store, runId).sessionId }, done.signal)) {
        if (ended.includes(getRun(store, runId).state)) return
        if (event.topic === 'run.update' && event.payload.run.id === runId && ended.includes(event.payload.run.state)) return
      }
    } finally {
      cancelTimer()
      signal.removeEventListener('abort', forward)
    }
  }
}
