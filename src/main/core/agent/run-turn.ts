import type { BudgetCheck } from './budget-check'
import type { ResolveMessages } from '../attachments/resolve-messages'
import { AppError, isAppError } from '../errors'
import { guardRun } from '../guardrails/guard-run'
import type { AgentMemory } from '../memory/agent/agent-memory'
import type { Random } from '../ports/system'
import { answerCalls } from './answer-calls'
import { type Calibration, callModel, type ModelCall } from './call-model'
import { recordBehavior } from './record-behavior'
import { recordMemory } from './record-memory'
import { shortenContext } from './shorten-context'
import type { ToolPorts } from './tool-ports'
import type { SecretPorts } from '../secrets/hold-secrets'
import { nextMove, repeatedFailure, type Turn } from './turn'

export interface AgentPorts extends ToolPorts, SecretPorts {
  readonly random: Random
  readonly resolveMessages: ResolveMessages
  /** The model of the turn with its client, and what it is told. Looked up before every call, so that changes count at once. */
  readonly modelCall: (signal: AbortSignal) => Promise<ModelCall>
  /** Time this turn has worked, without the time it waited for people, in ms. */
  readonly workedMs: () => number
  /** Told what a call is sent. */
  readonly memory: Pick<AgentMemory, 'used'>
  /** Puts what people said to the running turn behind what it has done. True when there was something. */
  readonly join: (turn: Turn) => boolean
  /** Of the task that the run belongs to. */
  readonly checkBudget: () => BudgetCheck
  /** Calls in the busiest minute of each earlier run in the folder. */
  readonly busiestMinutes: () => readonly number[]
}

export type TurnEnd =
  | { readonly state: 'completed' }
  | { readonly state: 'failed'; readonly error: AppError }
  | { readonly state: 'cancelled' }

/**
 * The agent loop: the journal says what comes next, that is done and recorded, and so on until the model has
 * answered or a limit is reached. It holds nothing that the journal does not, so a run that was stopped anywhere is
 * resumed by calling it again.
 */
export async function runTurn(ports: AgentPorts, turn: Turn, signal: AbortSignal): Promise<TurnEnd> {
  const calibration: Calibration = { ratio: 1 }
  let overflowed = false
  for (;;) {
    const held = await guarded(ports, turn, signal)
    if (held) return held
    const next = nextMove(turn.path)
    if (next.move === 'finished') {
      if (next.finishReason !== 'content_filter' && ports.join(turn)) continue
      return finish(next.finishReason)
    }
    if (next.move === 'answer_calls') {
      if (next.reply.payload.kind !== 'assistant_message') throw new Error('calls without a reply')
      const open = new Set(next.callIds)
      await answerCalls(ports, turn, next.reply.payload.toolCalls.filter(({ id }) => open.has(id)), signal)
      if (signal.aborted) return { state: 'cancelled' }
      continue
    }
    if (!(await mayStart(ports, signal))) return { state: 'cancelled' }
    // What was said meanwhile is looked at first.
    if (ports.join(turn)) continue
    const stopped = mayGoOn(ports, turn)
    if (stopped) return { state: 'failed', error: stopped }
    const call = await lookUp(ports, signal)
    if (call instanceof AppError) return { state: 'failed', error: call }
    recordBehavior(ports, turn, call.behavior.rules)
    recordMemory(ports, turn, call.memory)
    const context = await shortenContext(ports, turn, call, calibration.ratio, signal)
    if (context instanceof AppError) return { state: 'failed', error: context }
    const ended = await beforeDeadline(ports, turn, signal, (inTime) => callModel(ports, turn, call, context, calibration, inTime))
    if (ended.end === 'aborted') {
      const late = signal.aborted ? null : mayGoOn(ports, turn)
      return late ? { state: 'failed', error: late } : { state: 'cancelled' }
    }
    if (ended.end === 'failed') {
      // Our estimate was too low: take the window for smaller than it says, once, and shorten.
      if (ended.error.code !== 'CONTEXT_TOO_LONG' || overflowed) return { state: 'failed', error: ended.error }
      overflowed = true
      calibration.ratio = 3
    }
  }
}

/** What the guardrails of the person make of it; null lets it go on. */
async function guarded(ports: AgentPorts, turn: Turn, signal: AbortSignal): Promise<TurnEnd | null> {
  try {
    const error = await guardRun(ports, turn, signal)
    return error && { state: 'failed', error }
  } catch (error) {
    if (!signal.aborted) throw error
    return { state: 'cancelled' }
  }
}

function finish(finishReason: 'stop' | 'length' | 'content_filter'): TurnEnd {
  if (finishReason !== 'content_filter') return { state: 'completed' }
  return { state: 'failed', error: new AppError('CONTENT_REFUSED', 'The provider refused to answer this. Its reply, if any, is kept. Rephrase the message or pick another model.') }
}

function mayGoOn(ports: AgentPorts, turn: Turn): AppError | null {
  const limit = ports.limitReached()
  if (limit) return limit
  const failure = repeatedFailure(turn.path, turn.run.id)
  return failure === null ? null : new AppError('NO_PROGRESS', `The same call failed three times in a row, so the run was stopped. It said: ${failure.slice(0, 300)}`)
}

/** A reply that trickles for ever is stopped when the time of the run is up. */
async function beforeDeadline<T>(ports: AgentPorts, turn: Turn, signal: AbortSignal, work: (inTime: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController()
  const leftMs = () => Math.min(turn.limits.maxMinutes * 60_000 - ports.workedMs(), ports.checkBudget().leftMs ?? Number.MAX_SAFE_INTEGER)
  const arm = () => ports.clock.after(Math.max(1, leftMs()), () => {
    // A pause in between does not count.
    if (leftMs() <= 0) deadline.abort()
    else cancelTimer = arm()
  })
  let cancelTimer = arm()
  try {
    return await work(AbortSignal.any([signal, deadline.signal]))
  } finally {
    cancelTimer()
  }
}

/** False when the turn was stopped. */
async function mayStart(ports: AgentPorts, signal: AbortSignal): Promise<boolean> {
  await ports.mayStart(signal).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
  return !signal.aborted
}

async function lookUp(ports: AgentPorts, signal: AbortSignal): Promise<ModelCall | AppError> {
  try {
    return await ports.modelCall(signal)
  } catch (error) {
    if (isAppError(error)) return error
    throw error
  }
}
