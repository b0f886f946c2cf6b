import type { ToolCall, ToolOutcome } from '#contract/entries'
import type { Flow } from '#contract/flow'
import { isInnerCall } from '#contract/inner-calls'
import type { Step } from '#contract/runs'
import type { AuditEntry } from '../audit/audit-log'
import { decisionEntry } from '../audit/call-entries'
import { AppError, isAppError } from '../errors'
import { flowOf } from '../flow/flow-of'
import { textOf, violationOf } from '../guardrails/policies'
import { recordHit } from '../guardrails/record-hit'
import { withPolicy } from '../guardrails/with-policy'
import { decide, type Permission } from '../permissions/rules'
import type { CallIdentity, ExecuteContext, PreparedCall, Tool } from '../tools/tool'
import { createAsides } from './aside'
import { unwatchedEffect } from './effects'
import { createInnerCalls } from './inner-calls'
import { askPerson } from './people'
import { recordResult } from './record-result'
import { runWithin } from './run-within'
import { changedFrom, hashesBefore, nothingWritten, type Written } from './written'
import { beginStep, endStep } from './steps'
import { isShutdown } from './stop-reason'
import type { CallOutcome, ToolPorts } from './tool-ports'
import type { Turn } from './turn'

/**
 * One tool call, from what the model wrote to its result in the journal: prepare, authorize, execute, record.
 * Whatever goes wrong with the call itself is its result; only the journal's own failures throw.
 */
export async function answerCall(ports: ToolPorts, turn: Turn, call: ToolCall, signal: AbortSignal): Promise<void> {
  // A run that was never stopped has no call with an outcome that is not known.
  const earlier = turn.run.startedAt === null ? null : ports.store.steps.findByCall(turn.run.id, call.id)
  if (earlier?.step.state === 'unknown' && !(await mayRepeat(ports, turn, call, signal))) {
    return recordResult(ports, turn, call, null, refusal('unknown', 'The app stopped while this call ran. Whether it took effect is not known, and it was not run again.'))
  }
  const prepared = await prepare(ports, call)
  if ('outcome' in prepared) return recordResult(ports, turn, call, null, prepared)
  const authorized = await authorize(ports, turn, call, prepared, signal)
  if ('outcome' in authorized) return recordResult(ports, turn, call, null, authorized)
  await ports.mayStart(signal)
  const step = beginStep(ports, turn, {
    kind: 'tool', name: call.name, purpose: 'turn', callId: call.id,
    repeatable: prepared.tool.readOnly || prepared.tool.repeatable === true, fingerprint: prepared.call.fingerprint ?? null,
    alongside: () => { if (authorized.decision) ports.audit.append(authorized.decision, turn.source) },
  })
  const { outcome, written } = await watched(ports, turn, call, prepared, step.id, signal, () => execute(ports, turn, call, { ...prepared, answer: authorized.answer, stepId: step.id }, signal))
  // Made again after the restart, it finds what it began.
  if (outcome.outcome === 'cancelled' && isShutdown(signal) && prepared.tool.repeatable) return leaveOpen(ports, turn, step)
  await recordResult(ports, turn, call, step, outcome, { ...prepared, written })
}

function leaveOpen(ports: ToolPorts, turn: Turn, step: Step): void {
  ports.events.transact((emit) => { endStep(ports, turn, emit, step, { state: 'interrupted', entryId: null }) })
}

interface Prepared {
  readonly tool: Tool
  readonly call: PreparedCall
}

async function prepare(ports: ToolPorts, call: ToolCall): Promise<Prepared | CallOutcome> {
  const tool = ports.tools.get(call.name)
  if (!tool) return refusal('error', `Tool not found: ${call.name}`)
  if (call.invalid) return refusal('error', `Invalid parameters: ${call.invalid.message}. Send the arguments as one JSON object.`)
  try {
    return { tool, call: await tool.prepare(call.arguments, ports.toolContext) }
  } catch (error) {
    return failure(ports, call, error, 0)
  }
}

/** `decision`: is recorded with the intent of the call. */
type Authorized = { readonly answer: string | null; readonly decision: AuditEntry | null }

async function authorize(ports: ToolPorts, turn: Turn, call: ToolCall, { tool, call: prepared }: Prepared, signal: AbortSignal): Promise<Authorized | CallOutcome> {
  const flow = flowOf(tool, prepared, call, turn.path)
  const byRules = decide({ toolName: tool.name, capability: tool.capability, paths: prepared.paths, leaks: flow?.why === 'both', quotes: flow?.why === 'quoted', ...ports.permissions(tool.capability), ...reach(prepared), command: commandOf(call) }, { ...ports.ownRules(), arguments: call.arguments })
  const { permission, warning } = withPolicy(byRules, violationOf(ports.guardrails().policies, 'tool', textOf(call.arguments), tool.name))
  if (warning !== null) recordHit(ports, turn, { rail: warning.policy.id, entryId: replyOf(turn, call), on: 'tool', why: warning.why, outcome: permission.effect === 'deny' ? 'stopped' : 'warned' })
  const decision = decisionEntry(call, prepared, permission, flow)
  if (permission.effect === 'allow') return { answer: null, decision }
  if (permission.effect === 'deny') return { ...refusal('denied', permission.reason), decision }
  const { requestId, answer } = await askPerson(ports, turn, requestFor(call, prepared, permission, flow), signal, (emit, id) => {
    ports.audit.append(decision, turn.source)
    return prepared.plan ? { planId: prepared.plan(emit, id, identityOf(turn, call)) } : {}
  })
  if (prepared.question) return { answer: answer.decision === 'reject' ? 'The user did not want to answer.' : (answer.message ?? ''), decision: null }
  ports.events.transact((emit) => {
    const alreadyRecorded = turn.path.some(({ payload }) => payload.kind === 'approval' && payload.requestId === requestId)
    if (alreadyRecorded) return
    turn.append(emit, { kind: 'approval', requestId, callId: call.id, toolName: call.name, ...answer }, null)
  })
  if (answer.decision !== 'reject') return { answer: null, decision: null }
  const word = answer.message ? ` They said: ${answer.message}` : ''
  if (prepared.plan) return refusal('denied', `The person did not approve this plan.${word}`)
  return refusal('denied', `The user rejected this call.${word}`)
}

function commandOf({ arguments: input }: ToolCall): string | null {
  return typeof input['command'] === 'string' ? input['command'] : null
}

/** A call that says nothing of how it would run is not confined. */
function reach({ confinement, hosts = [] }: PreparedCall) {
  return { sandboxed: confinement?.sandboxed ?? false, hosts: confinement?.hosts ?? hosts }
}

function requestFor(call: ToolCall, prepared: PreparedCall, permission: Permission, flow: Flow | null) {
  const { question, preview } = prepared
  return {
    kind: question ? ('question' as const) : prepared.plan ? ('plan' as const) : ('approval' as const),
    callId: call.id, toolName: call.name, arguments: call.arguments,
    title: question?.text ?? prepared.title,
    reason: permission.reason,
    decisions: question || prepared.plan ? (['once', 'reject'] as const).slice() : decisionsFor(permission),
    choices: [...(question?.choices ?? [])],
    ...(preview && { preview }),
    ...(flow && { flow }),
  }
}

function decisionsFor(permission: Permission): ('once' | 'session' | 'always' | 'reject')[] {
  return permission.grantable ? ['once', 'session', 'always', 'reject'] : ['once', 'reject']
}

async function execute(
  ports: ToolPorts, turn: Turn, call: ToolCall,
  { tool, call: prepared, answer, stepId }: Prepared & { readonly answer: string | null; readonly stepId: string }, signal: AbortSignal,
): Promise<CallOutcome> {
  const live = ports.events.openText({ topic: 'tool.output', stepId, callId: call.id }, turn.source)
  const startedAt = ports.clock.elapsed()
  const duration = () => ports.clock.elapsed() - startedAt
  try {
    const output = await runWithin(ports.clock, tool.timeoutMs, signal, (toolSignal) => {
      const context: ExecuteContext = {
        ...ports.toolContext, signal: toolSignal, onOutput: live.append, stepId, answer, call: identityOf(turn, call),
        conversation: turn.path, asides: createAsides(ports, turn, call, toolSignal), inner: createInnerCalls(ports, turn, call, answerCall),
        aside: (work) => ports.waiting.aside(toolSignal, work),
      }
      return prepared.execute(context)
    })
    return { outcome: output.stopped && signal.aborted ? 'cancelled' : output.isError ? 'error' : 'success', output, durationMs: duration() }
  } catch (error) {
    if (!signal.aborted) return failure(ports, call, error, duration())
    const who = isShutdown(signal) ? 'Stopped because Trestle was closed' : 'Stopped by the user'
    const text = tool.readOnly ? `${who}.` : `${who} while it ran. It may have taken partial effect.`
    return { ...refusal('cancelled', text), durationMs: duration() }
  } finally {
    live.close()
  }
}

/** The reply that made the call. */
function replyOf(turn: Turn, call: ToolCall): string {
  return turn.path.findLast(({ payload }) => payload.kind === 'assistant_message' && payload.toolCalls.some(({ id }) => id === call.id))?.id ?? ''
}

/** Some servers give calls of different replies the same id. */
function identityOf(turn: Turn, call: ToolCall): CallIdentity {
  return { runId: turn.run.id, callId: call.id, key: `${replyOf(turn, call)} ${call.id}`, traceId: turn.source.traceId }
}

/** What could change files begins when what is there now is kept. `written`: which files it changed, for who has to know. */
async function watched(
  ports: ToolPorts, turn: Turn, call: ToolCall, { tool, call: prepared }: Prepared, stepId: string, signal: AbortSignal, work: () => Promise<CallOutcome>,
): Promise<{ readonly outcome: CallOutcome; readonly written: Written }> {
  if (tool.capability !== 'edit' && tool.capability !== 'execute') return { outcome: await work(), written: nothingWritten }
  const replyEntryId = replyOf(turn, call)
  const paths = tool.capability === 'execute' ? null : prepared.paths
  const before = paths && (await hashesBefore(ports, paths))
  const effect = await ports.effects.begin({ stepId, callId: call.id, replyEntryId, label: prepared.title, paths }, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error
    return unwatchedEffect
  })
  try {
    return { outcome: await work(), written: before ? () => changedFrom(ports, before) : effect.written }
  } finally {
    effect.end()
  }
}

/** After a crash in the middle of a call whose effect cannot be read back. */
async function mayRepeat(ports: ToolPorts, turn: Turn, call: ToolCall, signal: AbortSignal): Promise<boolean> {
  const { answer } = await askPerson(ports, turn, unknownOutcomeRequest(call, ports.store.steps.listByRun(turn.run.id)), signal)
  return answer.decision !== 'reject'
}

/** `steps`: of the run. */
export function unknownOutcomeRequest(call: ToolCall, steps: readonly Step[]) {
  const done = steps.filter(({ callId, state }) => callId !== null && state === 'completed' && isInnerCall(callId, call.id)).map(({ name }) => name)
  return {
    kind: 'unknown_outcome' as const, callId: call.id, toolName: call.name, arguments: call.arguments,
    title: `Trestle stopped while ${call.name} ran. Run it again?`,
    reason: `Whether it took effect before the stop is not known, so it is not repeated without you.${done.length === 0 ? '' : ` Of what it called itself this was done, in order: ${done.join(', ').slice(0, 300)}.`}`,
    decisions: (['once', 'reject'] as const).slice(), choices: [],
  }
}

function refusal(outcome: ToolOutcome, content: string): CallOutcome {
  return { outcome, output: { content, isError: true }, durationMs: 0 }
}

function failure(ports: ToolPorts, call: ToolCall, error: unknown, durationMs: number): CallOutcome {
  if (isAppError(error)) return { outcome: 'error', output: { content: error.message, isError: true }, durationMs, error }
  ports.logger.error('tool.bug', { tool: call.name, error })
  const known = new AppError('INTERNAL_ERROR', `The tool ${call.name} failed inside Trestle. Nothing more is known; try another way.`)
  return { outcome: 'error', output: { content: known.message, isError: true }, durationMs, error: known }
}
