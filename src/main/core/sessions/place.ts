import type { Run } from '#contract/runs'
import type { Waiting } from '../agent/people'
import type { TurnPorts } from '../agent/turn'
import { changeRun } from './publish'
import type { Slots } from './slots'

export interface Place {
  enter(signal: AbortSignal): Promise<void>
  leave(): void
  readonly waiting: Waiting
  readonly workedMs: () => number
}

/** A turn holds one of the slots while it works, and none while it waits for a person. */
export function createPlace(ports: TurnPorts & { readonly slots: Slots }, run: Run, traceId: string): Place {
  const source = { sessionId: run.sessionId, runId: run.id, traceId }
  let release: (() => void) | null = null
  let worked = 0
  let since = 0
  let waits = 0

  const enter = async (signal: AbortSignal) => {
    release = await ports.slots.take(signal)
    since = ports.clock.elapsed()
  }
  const leave = () => {
    if (release) worked += ports.clock.elapsed() - since
    release?.()
    release = null
  }
  const show = (state: 'waiting' | 'running') => ports.events.transact((emit) => changeRun(ports.store, emit, run, { state }, source))

  return {
    enter, leave,
    workedMs: () => worked + (release ? ports.clock.elapsed() - since : 0),
    waiting: {
      begin: () => {
        waits += 1
        if (waits > 1) return
        leave()
        show('waiting')
      },
      end: async (signal) => {
        waits -= 1
        if (waits > 0 || signal.aborted) return
        await enter(signal)
        show('running')
      },
    },
  }
}

