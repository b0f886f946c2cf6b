import type { Usage } from '#contract/common'
import type { Step, StepState } from '#contract/runs'
import { type AppError, errorBody } from '../errors'
import type { Emit } from '../events/event-stream'
import type { StepIntent } from '../ports/store'
import type { Turn, TurnPorts } from './turn'

type NewStep = Pick<Step, 'kind' | 'name' | 'purpose' | 'callId'> & Pick<StepIntent, 'repeatable' | 'fingerprint'> & {
  /** Written with it. */
  readonly alongside?: () => void
}

/**
 * Writes the intent of a step. Nothing of the step may happen before this returns: then an effect has its intent on
 * disk. A step that may be done again has nothing to protect, so its intent does not wait for the disk.
 */
export function beginStep(ports: TurnPorts, turn: Turn, { kind, name, purpose, callId, repeatable, fingerprint, alongside }: NewStep): Step {
  return ports.events.transact((emit) => {
    alongside?.()
    const step = ports.store.steps.insert({
      step: { id: ports.newId(), runId: turn.run.id, sessionId: turn.run.sessionId, kind, name, purpose, callId, startedAt: ports.clock.now() },
      repeatable, fingerprint,
    })
    emit({ topic: 'step.update', payload: { step } }, turn.source)
    return step
  }, repeatable ? 'later' : 'disk')
}

export interface StepEnd {
  readonly state: Exclude<StepState, 'intended'>
  readonly entryId: string | null
  readonly usage?: Usage
  readonly costUsd?: number | null
  readonly error?: AppError
}

/** Records how a step ended, once; inside the transaction that also holds its entries. */
export function endStep(ports: TurnPorts, turn: Turn, emit: Emit, step: Step, end: StepEnd): void {
  const { store, clock } = ports
  const usage = end.usage ?? null
  const costUsd = end.costUsd ?? null
  const finished = store.steps.finish(step.id, {
    state: end.state, entryId: end.entryId, endedAt: clock.now(), usage, costUsd, error: end.error ? errorBody(end.error) : null,
  })
  if (usage) {
    store.runs.addUsage(turn.run.id, usage, costUsd)
    store.sessions.addUsage(turn.run.sessionId, usage, costUsd)
  }
  emit({ topic: 'step.update', payload: { step: finished } }, turn.source)
}
