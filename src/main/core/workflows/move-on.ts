import type { WorkflowRunStep, WorkflowStep } from '#contract/workflows'
import { errorBody, isAppError } from '../errors'
import type { AgentProfiles } from '../agents/profiles'
import type { Emit, EventStream } from '../events/event-stream'
import { narrowest } from '../permissions/modes'
import type { StoredWorkflowRun } from '../ports/workflow-store'
import type { RunManager } from '../sessions/run-manager'
import type { TaskActions } from '../tasks/task-actions'
import type { TaskService } from '../tasks/task-service'
import { type Decision, decide, endOf, GATE, isOpen } from './advance'
import { type AskPorts, askApproval } from './ask-approval'
import { observe } from './observe'
import { tellRun } from './present'
import { fillIn, lookupIn } from './texts'

export interface MovePorts extends AskPorts {
  readonly events: EventStream
  readonly profiles: Pick<AgentProfiles, 'modeOf'>
  readonly tasks: Pick<TaskService, 'createMany'>
  readonly actions: Pick<TaskActions, 'cancel'>
  readonly runs: Pick<RunManager, 'cancel'>
}

/**
 * Brings a run to what its tasks and approvals came to, and starts what comes next: that and the record of it are one transaction, so
 * nothing is started twice, wherever the process ends. Idempotent.
 */
export function moveOn(ports: MovePorts, emit: Emit, id: string, traceId: string): void {
  const { store, clock } = ports
  const before = store.workflows.getRun(id)
  if (before?.state !== 'running') return
  let run = { ...before, steps: before.steps.map((step) => observe(store, step, clock.now())) }
  for (let decisions = nextOf(run); decisions.length > 0; decisions = nextOf(run)) {
    for (const decision of decisions) run = withDecision(ports, emit, run, decision, traceId)
  }
  const end = endOf(run)
  if (end === null && JSON.stringify(run.steps) === JSON.stringify(before.steps)) return
  const isAtWork = run.steps.some(isOpen)
  store.workflows.patchRun(id, {
    steps: run.steps, sessionId: run.sessionId,
    ...(end && { output: end.output, error: end.error, state: isAtWork ? 'stopping' : end.state, ...(!isAtWork && { endedAt: clock.now() }) }),
  })
  tellRun(store, emit, id, traceId)
}

/** Nothing more is started once it is decided how it ends. */
function nextOf(run: StoredWorkflowRun): Decision[] {
  return endOf(run) === null ? decide(run) : []
}

/** Stops what still works of a run that has ended or was told to; resolves when nothing does. Made again after a crash, it does the rest. */
export async function stopRest(ports: MovePorts, id: string, traceId: string): Promise<void> {
  const { store, events, clock, actions, runs } = ports
  const run = store.workflows.getRun(id)
  if (run?.state !== 'stopping') return
  const origin = { source: { by: 'agent' as const, sessionId: run.source.sessionId, runId: run.source.runId }, traceId }
  const openSteps = run.steps.filter(isOpen)
  await Promise.all([
    ...openSteps.flatMap(({ taskId }) => (taskId === null || !store.tasks.get(taskId) ? [] : [actions.cancel(taskId, origin)])),
    ...openSteps.flatMap(({ requestId }) => {
      const request = requestId === null ? null : store.requests.get(requestId)
      return request?.status === 'open' ? [runs.cancel(request.runId, traceId)] : []
    }),
  ])
  events.transact((emit) => {
    const now = store.workflows.getRun(id)
    if (now?.state !== 'stopping') return
    const steps = now.steps.map((step): WorkflowRunStep => (isOpen(step) ? { ...step, state: 'cancelled', endedAt: step.startedAt === null ? null : clock.now() } : step))
    store.workflows.patchRun(id, { steps, state: now.error === null ? 'cancelled' : 'failed', endedAt: clock.now() })
    tellRun(store, emit, id, traceId)
  })
}

function withDecision(ports: MovePorts, emit: Emit, run: StoredWorkflowRun, { key, do: what, reason }: Decision, traceId: string): StoredWorkflowRun {
  const now = ports.clock.now()
  const change = (patch: Partial<WorkflowRunStep>, sessionId = run.sessionId): StoredWorkflowRun => ({ ...run, sessionId, steps: run.steps.map((step) => (step.key === key ? { ...step, ...patch } : step)) })
  if (what !== 'start') return change({ state: what === 'skip' ? 'skipped' : 'blocked', reason, endedAt: now })
  const step = run.definition.steps.find((other) => other.key === key)
  const standing = run.steps.find((other) => other.key === key)
  const look = lookupIn(run.values, run.steps)
  if (!step || step.kind === 'approval') {
    const title = step ? fillIn(step.title, look) : (standing?.title ?? '')
    const asked = `Approve ${step ? `“${title}”` : 'the start'} of the workflow “${run.name}”?`
    const message = key === GATE ? (standing?.reason ?? '') : fillIn(step?.message ?? '', look)
    const { requestId, sessionId } = askApproval(ports, emit, run, { key, title: asked, message }, traceId)
    return change({ title, state: 'needs_you', requestId, startedAt: now }, sessionId)
  }
  return change(startTask(ports, emit, run, step, traceId))
}

/** One that cannot be made is a failure of the step: the others go on. */
function startTask(ports: MovePorts, emit: Emit, run: StoredWorkflowRun, step: Extract<WorkflowStep, { kind: 'task' }>, traceId: string): Partial<WorkflowRunStep> {
  const { newId, clock, tasks, profiles } = ports
  const look = lookupIn(run.values, run.steps)
  const title = fillIn(step.title, look).slice(0, 200)
  const taskId = newId()
  const starter = run.source.by === 'agent' && run.source.sessionId !== null ? profiles.modeOf(run.source.sessionId) : null
  const task = {
    id: taskId, title, instruction: fillIn(step.instruction, look).slice(0, 200_000), context: `Step “${step.key}” of the workflow “${run.name}”.`, template: step.template, model: step.model,
    mode: narrowest(narrowest(run.mode, step.mode), starter), budget: step.budget, workspaceId: run.workspaceId, dependsOn: [],
  }
  try {
    tasks.createMany(emit, [task], { source: run.source, traceId })
    ports.store.workflows.addTask(run.id, taskId)
  } catch (error) {
    if (!isAppError(error)) throw error
    return { title, state: 'failed', reason: errorBody(error).message, startedAt: clock.now(), endedAt: clock.now() }
  }
  return { title, taskId, state: 'running', startedAt: clock.now() }
}
