import type { Answer, HumanRequest } from '#contract/human-requests'
import type { Plan } from '#contract/plans'
import type { TaskSource } from '#contract/tasks'
import { type Workflow, type WorkflowBody, WorkflowBodySchema, type WorkflowProblem, type WorkflowRun, type WorkflowRunStep, type WorkflowValue } from '#contract/workflows'
import type { Mode } from '#contract/common'
import type { AgentTemplates } from '../agents/templates'
import { AppError, notFound } from '../errors'
import type { Emit } from '../events/event-stream'
import type { StoredWorkflow, WorkflowStore } from '../ports/workflow-store'
import { changeRun } from '../sessions/publish'
import { GATE, isOpen } from './advance'
import { assertWorkflow, problemsOf } from './check-workflow'
import { followWorkflows, type FollowWorkflowPorts } from './follow-workflows'
import { moveOn, stopRest } from './move-on'
import { presentRun, presentWorkflow, tellRun } from './present'
import { fillIn, lookupIn, parseReference } from './texts'
import { applyRules, readInputs } from './values'

const MAX_WORKFLOWS = 500

export interface WorkflowPorts extends FollowWorkflowPorts {
  readonly templates: AgentTemplates
}

export interface StartInput {
  readonly inputs: Readonly<Record<string, WorkflowValue>>
  readonly workspaceId: string | null
  readonly mode: Mode
}

export interface Starter {
  readonly source: TaskSource
  /** Of an agent's call: made again, it finds the run that it started. */
  readonly callKey: string | null
  readonly traceId: string
}

export interface Workflows {
  list(): Workflow[]
  get(id: string): Workflow
  /** By its id, or by its name without regard to case. Throws AppError RESOURCE_NOT_FOUND. */
  find(nameOrId: string): Workflow
  problems(workflow: unknown): WorkflowProblem[]
  create(body: WorkflowBody, traceId: string): Workflow
  /** AppError CONFLICT when somebody else changed it. */
  put(id: string, body: WorkflowBody, revision: number | undefined, traceId: string): Workflow
  remove(id: string, traceId: string): void
  restore(id: string, traceId: string): Workflow
  fromPlan(plan: Plan, traceId: string): Workflow
  /** Throws AppError for inputs that do not fit and for a rule that refuses; then nothing was started. */
  start(id: string, input: StartInput, starter: Starter): WorkflowRun
  run(id: string): WorkflowRun
  runs(query: Parameters<WorkflowStore['listRuns']>[0]): { readonly items: WorkflowRun[]; readonly nextCursor: string | null }
  /** Resolves when nothing of it runs any more; idempotent. */
  cancel(id: string, traceId: string): Promise<WorkflowRun>
  /** Moves those on that are at work, now and as things happen; the result stops it. */
  follow(): () => void
  /** In the transaction that records the answer of a person. */
  decide(emit: Emit, request: HumanRequest, answer: Answer, traceId: string): void
}

export function createWorkflows(ports: WorkflowPorts): Workflows {
  const { store, templates } = ports
  const hasTemplate = (name: string) => templates.find(name) !== null
  const list = () => store.workflows.list().map(presentWorkflow)
  return {
    list,
    get: (id) => presentWorkflow(getWorkflow(store.workflows, id)),
    find: (nameOrId) => {
      const found = list().find(({ id, name }) => id === nameOrId || name.toLowerCase() === nameOrId.trim().toLowerCase())
      if (!found) throw new AppError('RESOURCE_NOT_FOUND', `There is no workflow “${nameOrId.slice(0, 80)}”. There are: ${list().map(({ name }) => `“${name}”`).join(', ').slice(0, 1_000) || 'none'}.`)
      return found
    },
    problems: (workflow) => problemsOf(workflow, hasTemplate),
    create: (body, traceId) => {
      assertWorkflow(body, hasTemplate)
      return create(ports, body, traceId)
    },
    put: (id, body, revision, traceId) => {
      assertWorkflow(body, hasTemplate)
      return put(ports, id, body, revision, traceId)
    },
    remove: (id, traceId) => void setDeleted(ports, getWorkflow(store.workflows, id), ports.clock.now(), traceId),
    restore: (id, traceId) => {
      const workflow = store.workflows.get(id)
      if (!workflow) throw notFound('Workflow', id)
      return presentWorkflow(setDeleted(ports, workflow, null, traceId))
    },
    fromPlan: (plan, traceId) => create(ports, bodyOfPlan(plan), traceId),
    start: (id, input, starter) => start(ports, getWorkflow(store.workflows, id), input, starter),
    run: (id) => presentRun(getRunOf(store.workflows, id)),
    runs: (query) => {
      const { items, nextCursor } = store.workflows.listRuns(query)
      return { items: items.map(presentRun), nextCursor }
    },
    cancel: (id, traceId) => cancel(ports, id, traceId),
    follow: () => followWorkflows(ports, (id, traceId) => cancel(ports, id, traceId)),
    decide: (emit, request, _answer, traceId) => {
      if (request.kind !== 'workflow') return
      const { sessionId, runId } = request
      changeRun(store, emit, { id: runId, sessionId }, { state: 'completed', endedAt: ports.clock.now() }, { sessionId, runId, traceId })
    },
  }
}

function getWorkflow(workflows: WorkflowStore, id: string): StoredWorkflow {
  const workflow = workflows.get(id)
  if (!workflow || workflow.deletedAt !== null) throw notFound('Workflow', id)
  return workflow
}

function getRunOf(workflows: WorkflowStore, id: string) {
  const run = workflows.getRun(id)
  if (!run) throw notFound('Workflow run', id)
  return run
}

function tellWorkflow(emit: Emit, workflowId: string, traceId: string): void {
  emit({ topic: 'workflow.update', payload: { workflowId } }, { sessionId: null, runId: null, traceId })
}

function create({ store, events, clock, newId }: WorkflowPorts, body: WorkflowBody, traceId: string): Workflow {
  if (store.workflows.count() >= MAX_WORKFLOWS) throw new AppError('CONFLICT', `${MAX_WORKFLOWS} workflows are saved already. Remove some; nothing was saved.`)
  const workflow: StoredWorkflow = { ...body, id: newId(), revision: 1, createdAt: clock.now(), updatedAt: clock.now(), deletedAt: null }
  return events.transact((emit) => {
    store.workflows.insert(workflow)
    tellWorkflow(emit, workflow.id, traceId)
    return presentWorkflow(workflow)
  })
}

function put({ store, events, clock }: WorkflowPorts, id: string, body: WorkflowBody, revision: number | undefined, traceId: string): Workflow {
  return events.transact((emit) => {
    const before = getWorkflow(store.workflows, id)
    if (revision !== undefined && revision !== before.revision) throw new AppError('CONFLICT', 'This workflow was changed meanwhile. Look at it again; nothing was changed.', { data: { revision: before.revision } })
    const workflow: StoredWorkflow = { ...before, ...body, revision: before.revision + 1, updatedAt: clock.now() }
    store.workflows.replace(workflow)
    tellWorkflow(emit, id, traceId)
    return presentWorkflow(workflow)
  })
}

function setDeleted({ store, events }: WorkflowPorts, workflow: StoredWorkflow, deletedAt: number | null, traceId: string): StoredWorkflow {
  const changed = { ...workflow, deletedAt }
  events.transact((emit) => {
    store.workflows.replace(changed)
    tellWorkflow(emit, workflow.id, traceId)
  })
  return changed
}

/** Each task of the plan is a step; what ran in it is left out. */
function bodyOfPlan({ title, tasks }: Plan): WorkflowBody {
  return WorkflowBodySchema.parse({ name: title, description: 'Saved from a plan.', steps: tasks.map(({ dependsOn, key, title: name, instruction, template, mode, budget }) => ({ kind: 'task', key, title: name, instruction, template, mode, budget, dependsOn })) })
}

function start(ports: WorkflowPorts, workflow: StoredWorkflow, { inputs, workspaceId, mode }: StartInput, { source, callKey, traceId }: Starter): WorkflowRun {
  const { store, events, clock, newId } = ports
  if (workspaceId !== null && !store.workspaces.get(workspaceId)) throw notFound('Workspace', workspaceId)
  const { id: workflowId, revision: _revision, createdAt: _createdAt, updatedAt: _updatedAt, deletedAt: _deletedAt, ...definition } = workflow
  const { values, approval } = applyRules(definition, readInputs(definition.inputs, inputs))
  const id = newId()
  const pending: Pick<WorkflowRunStep, 'state' | 'taskId' | 'requestId' | 'result' | 'reason' | 'startedAt' | 'endedAt'> = { state: 'pending', taskId: null, requestId: null, result: '', reason: null, startedAt: null, endedAt: null }
  const gate: WorkflowRunStep[] = approval === null ? [] : [{ ...pending, key: GATE, kind: 'approval', title: 'Approval before the start', reason: approval }]
  // What earlier steps come to is not known yet.
  const look = lookupIn(values, [])
  const titleOf = (title: string): string => fillIn(title, (name) => (parseReference(name)?.kind === 'step' ? '…' : look(name)))
  return events.transact((emit) => {
    store.workflows.insertRun({
      id, workflowId, name: definition.name, state: 'running', workspaceId, mode, values, output: null, error: null, sessionId: null, source, createdAt: clock.now(), endedAt: null, callKey, definition,
      steps: [...gate, ...definition.steps.map(({ key, kind, title }): WorkflowRunStep => ({ ...pending, key, kind, title: titleOf(title) }))],
    })
    moveOn(ports, emit, id, traceId)
    return presentRun(getRunOf(store.workflows, id))
  })
}

async function cancel(ports: WorkflowPorts, id: string, traceId: string): Promise<WorkflowRun> {
  const { store, events, clock } = ports
  events.transact((emit) => {
    const run = getRunOf(store.workflows, id)
    if (run.state !== 'running') return
    store.workflows.patchRun(id, run.steps.some(isOpen) ? { state: 'stopping' } : { state: 'cancelled', endedAt: clock.now() })
    tellRun(store, emit, id, traceId)
  })
  await stopRest(ports, id, traceId)
  return presentRun(getRunOf(store.workflows, id))
}
