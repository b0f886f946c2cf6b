import type { ToolCall } from '#contract/entries'
import { isInnerCall } from '#contract/inner-calls'
import type { HumanRequest } from '#contract/human-requests'
import type { Run, Step } from '#contract/runs'
import { openRequest, withdraw } from '../agent/people'
import { endStep } from '../agent/steps'
import { unknownOutcomeRequest } from '../agent/tool-call'
import { openTurn, type Turn } from '../agent/turn'
import { assertNever, isAppError } from '../errors'
import { labelledAfterCrash } from '../flow/files-written'
import type { StoredLabelledFile } from '../ports/flow-store'
import type { Emit } from '../events/event-stream'
import type { Reconciliation } from '../tools/tool'
import { changeRun, getSession } from './publish'
import type { TurnRunnerPorts } from './turn-runner'

/**
 * After a crash: judges every step whose result is missing and marks every run that was at work, before anything
 * new starts. Completed steps are never repeated; a step whose effect cannot be read back becomes unknown and asks.
 * Idempotent: killed in the middle, the next start does the rest.
 */
export async function reconcileRuns(ports: TurnRunnerPorts, traceId: string): Promise<void> {
  const unfinished = ports.store.steps.listUnfinished()
  for (const run of ports.store.runs.listInStates(['running', 'waiting'])) {
    const turn = openTurn(ports, run, ports.settings().limits, traceId)
    // What a call called itself comes before it.
    for (const step of unfinished.filter(({ runId }) => runId === run.id).reverse()) await reconcileStep(ports, turn, step)
    if (run.state === 'waiting' && ports.store.requests.listOpenByRun(run.id).some(({ kind }) => kind !== 'unknown_outcome')) continue
    interrupt(ports, turn, run)
  }
}

function interrupt(ports: TurnRunnerPorts, turn: Turn, run: Run): void {
  ports.events.transact((emit) => {
    turn.append(emit, { kind: 'run_ended', state: 'interrupted' }, null)
    changeRun(ports.store, emit, run, { state: 'interrupted', endedAt: ports.clock.now() }, turn.source)
  })
}

async function reconcileStep(ports: TurnRunnerPorts, turn: Turn, step: Step): Promise<void> {
  if (step.kind === 'model') {
    ports.events.transact((emit) => { keepPartialReply(ports, turn, step, emit) })
    return
  }
  await ports.toolContexts.open(getSession(ports.store, turn.run.sessionId)).then(({ commands }) => commands.killLeftovers(step.id))
  const call = findCall(turn, step)
  const judged = await judge(ports, turn, step)
  ports.events.transact((emit) => {
    if (judged !== 'not_done') for (const file of writtenBy(ports, turn, step)) ports.store.labelledFiles.put(file)
    record(ports, turn, step, call, judged, emit)
  })
}

/** What it wrote, or may have, is labelled as what its run had read. */
function writtenBy(ports: TurnRunnerPorts, turn: Turn, step: Step): StoredLabelledFile[] {
  const { store, clock } = ports
  const workspaceId = store.sessions.get(turn.run.sessionId)?.workspaceId ?? ''
  const tool = ports.toolsFor(workspaceId === '' ? null : workspaceId).get(step.name)
  const intent = step.callId === null ? null : store.steps.findByCall(turn.run.id, step.callId)
  if (!tool || !intent) return []
  return labelledAfterCrash({ store: store.labelledFiles, workspaceId, sessionId: turn.run.sessionId, at: clock.now(), path: turn.path, labels: [] }, tool.capability, intent.fingerprint)
}

/** A reply that was being written has no effect: what is known of it is kept, and it is asked for again on resume. */
function keepPartialReply(ports: TurnRunnerPorts, turn: Turn, step: Step, emit: Emit): void {
  const entry = step.partialText === null || step.partialText === '' || step.purpose !== 'turn' ? null : turn.append(emit, {
    kind: 'assistant_message', text: step.partialText, thinking: [], toolCalls: [], model: step.name, finishReason: 'cut',
  }, step.id)
  endStep(ports, turn, emit, step, { state: 'interrupted', entryId: entry?.id ?? null })
}

type Judgement = Reconciliation | 'repeatable'

async function judge(ports: TurnRunnerPorts, turn: Turn, step: Step): Promise<Judgement> {
  const intent = step.callId === null ? null : ports.store.steps.findByCall(turn.run.id, step.callId)
  if (!intent) return 'unknown'
  if (intent.repeatable) return 'repeatable'
  const tool = ports.toolsFor(ports.store.sessions.get(turn.run.sessionId)?.workspaceId ?? null).get(step.name)
  if (!tool?.reconcile) return 'unknown'
  try {
    return await tool.reconcile(intent.fingerprint, await ports.toolContexts.open(getSession(ports.store, turn.run.sessionId)))
  } catch (error) {
    if (isAppError(error)) return 'unknown'
    throw error
  }
}

function record(ports: TurnRunnerPorts, turn: Turn, step: Step, call: ToolCall | null, judged: Judgement, emit: Emit): void {
  switch (judged) {
    case 'repeatable':
    case 'not_done':
      endStep(ports, turn, emit, step, { state: 'interrupted', entryId: null })
      return
    case 'done': {
      const entry = call && turn.append(emit, {
        kind: 'tool_result', callId: call.id, toolName: call.name, outcome: 'success', durationMs: 0,
        content: 'Done. (Trestle was restarted while this call ran; that it took effect was read back from the files.)',
      }, step.id)
      endStep(ports, turn, emit, step, { state: 'completed', entryId: entry?.id ?? null })
      return
    }
    case 'unknown':
      endStep(ports, turn, emit, step, { state: 'unknown', entryId: null })
      // What it asked meanwhile has nobody who waits for it.
      for (const request of ports.store.requests.listOpenByRun(turn.run.id)) if (isLeftBy(step, request)) withdraw(ports, turn, request, emit)
      if (call) openRequest(ports, turn, unknownOutcomeRequest(call, ports.store.steps.listByRun(turn.run.id)), emit)
      return
    default:
      assertNever(judged)
  }
}

/** A question of its own, or about a call that it made. */
function isLeftBy({ callId }: Step, request: HumanRequest): boolean {
  return callId !== null && ((request.kind === 'question' && request.callId === callId) || isInnerCall(request.callId, callId))
}

function findCall(turn: Turn, step: Step): ToolCall | null {
  for (const { payload } of turn.path.toReversed()) {
    if (payload.kind !== 'assistant_message') continue
    const call = payload.toolCalls.find(({ id }) => id === step.callId)
    if (call) return call
  }
  return null
}
