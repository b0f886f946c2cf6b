import type { Run } from '#contract/runs'
import type { Waiting } from '../agent/people'
import type { TurnPorts } from '../agent/turn'
import type { Gate } from '../work/work-service'
import { changeRun } from './publish'
import type { Slots } from './slots'

export interface Place {
  enter(signal: AbortSignal): Promise<void>
  leave(): void
  readonly waiting: Waiting
  /** Before each step: waits while everything is paused. Rejects with the signal's reason. */
  readonly mayStart: (signal: AbortSignal) => Promise<void>
  /** Time at work, without the time that it waited for people or for the end of a pause. */
  readonly workedMs: () => number
}

/** A turn holds one of the slots while it works, and none while it waits for a person or is paused. */
export function createPlace(ports: TurnPorts & { readonly slots: Slots; readonly gate: Gate }, run: Run, traceId: string): Place {
  const source = { sessionId: run.sessionId, runId: run.id, traceId }
  let release: (() => void) | null = null
  let worked = 0
  let since = 0
  let away = 0
  let asked = 0

  const takeSlot = async (signal: AbortSignal) => {
    release = await ports.slots.take(signal)
    since = ports.clock.elapsed()
  }
  const leave = () => {
    if (release) worked += ports.clock.elapsed() - since
    release?.()
    release = null
  }
  const goAway = () => {
    away += 1
    if (away === 1) leave()
  }
  const comeBack = async (signal: AbortSignal) => {
    away -= 1
    if (away === 0 && !signal.aborted) await takeSlot(signal)
  }
  const show = (state: 'waiting' | 'running') => ports.events.transact((emit) => changeRun(ports.store, emit, run, { state }, source))

  return {
    enter: async (signal) => {
      await ports.gate.pass(signal, traceId)
      await takeSlot(signal)
    },
    leave,
    workedMs: () => worked + (release ? ports.clock.elapsed() - since : 0),
    mayStart: async (signal) => {
      while (!ports.gate.isOpen()) {
        goAway()
        await ports.gate.pass(signal, traceId).finally(() => comeBack(signal))
      }
    },
    waiting: {
      begin: () => {
        asked += 1
        goAway()
        if (asked === 1) show('waiting')
      },
      end: async (signal) => {
        asked -= 1
        const isLast = asked === 0
        await comeBack(signal)
        if (isLast && !signal.aborted) show('running')
      },
      aside: async (signal, work) => {
        goAway()
        try {
          return await work()
        } finally {
          await comeBack(signal)
        }
      },
    },
  }
}
