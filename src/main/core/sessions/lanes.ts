import type { Run } from '#contract/runs'
import { StopReason } from '../agent/stop-reason'
import type { RunStore } from '../ports/store'
import type { Clock } from '../ports/system'

/** Serial work per session: the queue is in the database, a lane is the one turn that is at work. */
export interface Lanes {
  /** Starts the next queued run of the session, unless one is at work or the lane is held. */
  pump(sessionId: string): void
  /** Starts this run now if the lane is free, else when its turn comes. */
  launch(run: Run, traceId: string): void
  /** Whose trace a queued run belongs to. */
  remember(runId: string, traceId: string): void
  /** Nothing is started in this session until `release`: a person decides about an interrupted run first. */
  hold(sessionId: string): void
  release(sessionId: string): void
  /** Stops a run that is at work and waits for its end. False when it is not at work. */
  stopRun(run: Pick<Run, 'id' | 'sessionId'>): Promise<boolean>
  /** The run at work in a session. */
  active(sessionId: string): string | null
  readonly stopping: () => boolean
  /** Starts nothing more; what works gets `graceMs`, then it is interrupted. Resolves when all lanes are empty. */
  stop(graceMs: number): Promise<void>
}

interface ActiveRun {
  readonly runId: string
  readonly controller: AbortController
  readonly done: Promise<void>
}

export function createLanes({ runs, next, clock, work }: {
  readonly runs: Pick<RunStore, 'get'>
  /** What may start in a session, when its lane is free. */
  readonly next: (sessionId: string) => Run | null
  readonly clock: Clock
  /** Never throws. */
  readonly work: (run: Run, traceId: string, signal: AbortSignal) => Promise<void>
}): Lanes {
  const lanes = new Map<string, ActiveRun>()
  const held = new Set<string>()
  const traces = new Map<string, string>()
  let stopping = false

  const launch = (run: Run, traceId: string) => {
    if (lanes.has(run.sessionId) || stopping) return
    const controller = new AbortController()
    const done = work(run, traceId, controller.signal).then(() => {
      lanes.delete(run.sessionId)
      traces.delete(run.id)
      pump(run.sessionId)
    })
    lanes.set(run.sessionId, { runId: run.id, controller, done })
  }
  const pump = (sessionId: string) => {
    if (held.has(sessionId)) return
    const run = next(sessionId)
    if (run) launch(run, traces.get(run.id) ?? run.id)
  }

  return {
    pump,
    launch,
    remember: (runId, traceId) => { traces.set(runId, traceId) },
    hold: (sessionId) => { held.add(sessionId) },
    release: (sessionId) => { held.delete(sessionId) },
    stopRun: async (run) => {
      const lane = lanes.get(run.sessionId)
      if (lane?.runId !== run.id) return false
      lane.controller.abort(new StopReason('person'))
      await lane.done
      return true
    },
    active: (sessionId) => lanes.get(sessionId)?.runId ?? null,
    stopping: () => stopping,
    stop: async (graceMs) => {
      stopping = true
      const all = [...lanes.values()]
      const idle = Promise.all(all.map(({ done }) => done))
      // One that waits for a person would wait for ever.
      const working = all.filter(({ runId }) => runs.get(runId)?.state === 'running')
      if (working.length > 0 && graceMs > 0) {
        const enough = new AbortController()
        await Promise.race([Promise.all(working.map(({ done }) => done)), clock.sleep(graceMs, enough.signal).catch(() => undefined)])
        enough.abort()
      }
      for (const { controller } of all) controller.abort(new StopReason('shutdown'))
      await idle
    },
  }
}
