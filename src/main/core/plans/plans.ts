import type { Answer, HumanRequest } from '#contract/human-requests'
import type { Plan, PlanBody, PlanTask } from '#contract/plans'
import type { Settings } from '#contract/settings'
import type { AgentProfiles } from '../agents/profiles'
import type { AgentTemplates } from '../agents/templates'
import { AppError, notFound } from '../errors'
import type { Emit, EventSource, EventStream } from '../events/event-stream'
import { isMore } from '../permissions/modes'
import type { StoredPlan } from '../ports/plan-store'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import type { Answers } from '../sessions/answers'
import type { TaskService } from '../tasks/task-service'
import type { CallIdentity } from '../tools/tool'
import { checkPlan, inOrder } from './plan-rules'

export interface PlanPorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
  readonly settings: () => Settings
  readonly templates: AgentTemplates
  readonly profiles: AgentProfiles
  readonly answers: Pick<Answers, 'answer'>
  readonly tasks: Pick<TaskService, 'createMany'>
}

export interface PlanChange extends Partial<PlanBody> {
  readonly revision?: number | undefined
}

export interface Plans {
  get(id: string): Plan
  list(query: Parameters<Store['plans']['list']>[0]): { readonly items: Plan[]; readonly nextCursor: string | null }
  /** AppError CONFLICT once it is decided, or when somebody else changed it. */
  patch(id: string, change: { readonly [Key in keyof PlanChange]?: PlanChange[Key] | undefined }, traceId: string): Plan
  approve(id: string, revision: number | undefined, traceId: string): Plan
  sendBack(id: string, message: string, traceId: string): Plan
  /** Throws AppError for a plan that makes no sense. */
  check(sessionId: string, body: PlanBody): void
  /** In the transaction that asks the person. The result is the id of the plan. */
  propose(emit: Emit, body: PlanBody, requestId: string, sessionId: string, call: CallIdentity): string
  /** In the transaction that records the answer of a person: all tasks are made, or AppError and nothing is. */
  decide(emit: Emit, request: HumanRequest, answer: Answer, traceId: string): void
}

export function createPlans(ports: PlanPorts): Plans {
  const { store, events, clock, newId, templates, answers } = ports
  const getPlan = (id: string): StoredPlan => {
    const plan = store.plans.get(id)
    if (!plan) throw notFound('Plan', id)
    return plan
  }
  const check = (sessionId: string, { tasks }: Pick<PlanBody, 'tasks'>) => {
    checkPlan(tasks, (name) => templates.find(name) !== null)
    checkModes(ports, sessionId, tasks)
  }
  const assertOpen = (plan: StoredPlan, revision: number | undefined) => {
    if (plan.state !== 'proposed') throw new AppError('CONFLICT', `This plan is not open any more: it is ${words[plan.state]}.`)
    if (revision !== undefined && revision !== plan.revision) throw new AppError('CONFLICT', 'This plan was changed meanwhile. Look at it again; nothing was changed.', { data: { revision: plan.revision } })
  }

  return {
    check,
    get: (id) => present(getPlan(id)),
    list: (query) => {
      const { items, nextCursor } = store.plans.list(query)
      return { items: items.map(present), nextCursor }
    },
    patch: (id, { revision, title, tasks, stopOnFailure }, traceId) => events.transact((emit) => {
      const plan = getPlan(id)
      assertOpen(plan, revision)
      if (tasks !== undefined) check(plan.sessionId, { tasks })
      store.plans.patch(id, { ...(title !== undefined && { title }), ...(tasks !== undefined && { tasks }), ...(stopOnFailure !== undefined && { stopOnFailure }), revision: plan.revision + 1 })
      return tellPlan(store, emit, id, traceId)
    }),
    approve: (id, revision, traceId) => {
      const plan = getPlan(id)
      // Asked again, it has been done.
      if (plan.state !== 'approved' && plan.state !== 'ended') {
        assertOpen(plan, revision)
        answers.answer(plan.requestId, { decision: 'once' }, traceId)
      }
      return present(getPlan(id))
    },
    sendBack: (id, message, traceId) => {
      const plan = getPlan(id)
      assertOpen(plan, undefined)
      answers.answer(plan.requestId, { decision: 'reject', message }, traceId)
      return present(getPlan(id))
    },
    propose: (emit, body, requestId, sessionId, call) => {
      const id = newId()
      store.plans.insert({
        id, sessionId, runId: call.runId, callKey: call.key, requestId, state: 'proposed', title: body.title, tasks: body.tasks, stopOnFailure: body.stopOnFailure, taskIds: {},
        message: null, revision: 1, createdAt: clock.now(), decidedAt: null, endedAt: null,
      })
      tellPlan(store, emit, id, call.traceId)
      return id
    },
    decide: (emit, request, answer, traceId) => {
      const plan = store.plans.findByRequest(request.id)
      if (plan?.state !== 'proposed') return
      const taskIds = answer.decision === 'reject' ? {} : makeTasks(ports, emit, plan, traceId)
      store.plans.patch(plan.id, { state: answer.decision === 'reject' ? 'changes' : 'approved', taskIds, message: answer.message ?? null, decidedAt: clock.now() })
      tellPlan(store, emit, plan.id, traceId)
    },
  }
}

const words: Readonly<Record<Plan['state'], string>> = { proposed: 'open', approved: 'approved', changes: 'sent back', withdrawn: 'withdrawn', ended: 'ended' }

export function present({ callKey: _callKey, ...plan }: StoredPlan): Plan {
  return plan
}

export function tellPlan(store: Pick<Store, 'plans'>, emit: Emit, id: string, traceId: string): Plan {
  const stored = store.plans.get(id)
  if (!stored) throw notFound('Plan', id)
  const plan = present(stored)
  const { tasks: _tasks, ...head } = plan
  const source: EventSource = { sessionId: plan.sessionId, runId: plan.runId, traceId }
  emit({ topic: 'plan.update', payload: { plan: head } }, source)
  return plan
}

function checkModes({ profiles }: PlanPorts, sessionId: string, tasks: readonly PlanTask[]): void {
  const most = profiles.modeOf(sessionId)
  const more = tasks.find(({ mode }) => mode !== null && isMore(mode, most))
  if (more) throw new AppError('PERMISSION_DENIED', `The agent works in mode ${most}, so “${more.title}” cannot work in mode ${more.mode}. Nothing was changed.`)
}

function makeTasks(ports: PlanPorts, emit: Emit, plan: StoredPlan, traceId: string): Record<string, string> {
  const { store, newId, profiles } = ports
  checkPlan(plan.tasks, (name) => ports.templates.find(name) !== null)
  checkModes(ports, plan.sessionId, plan.tasks)
  const ids = Object.fromEntries(plan.tasks.map(({ key }) => [key, newId()]))
  const mode = profiles.modeOf(plan.sessionId)
  const workspaceId = store.sessions.get(plan.sessionId)?.workspaceId ?? null
  ports.tasks.createMany(emit, inOrder(plan.tasks).map((task) => ({
    id: ids[task.key] ?? newId(), title: task.title, instruction: task.instruction, template: task.template, mode: task.mode ?? mode, budget: task.budget, workspaceId,
    dependsOn: task.dependsOn.map((key) => ids[key] ?? ''), context: `Part “${task.key}” of the plan “${plan.title}”.`,
  })), { source: { by: 'agent', sessionId: plan.sessionId, runId: plan.runId }, traceId })
  return ids
}
