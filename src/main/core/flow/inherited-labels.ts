import type { FlowLabel, FlowSource } from '#contract/flow'
import type { Store } from '../ports/store'
import { sourcesOf } from './labels'

type Reads = Pick<Store, 'agents' | 'journal' | 'runs' | 'sessions' | 'taskRuns' | 'tasks' | 'workflows'>

/** What had been read where the words of this run come from: by the agent that asked for it or that made its task, and by those of the steps before it in a workflow. */
export function inheritedLabels(store: Reads, runId: string, sessionId: string): FlowLabel[] {
  const agent = store.agents.get(sessionId)
  const attempt = store.taskRuns.findByRun(runId)
  const task = attempt ? store.tasks.get(attempt.taskId) : null
  const labels = [
    ...(agent?.parentRunId ? labelsOfRun(store, agent.parentRunId) : []),
    ...(task ? labelsOfSteps(store, task.id) : []),
    ...(task?.source.by === 'agent' && task.source.runId !== null ? labelsOfRun(store, task.source.runId) : []),
  ]
  return labels.map(({ label, why }) => ({ label, why: why.endsWith(')') ? why : `${why} (read before, by the agent that asked)`.slice(0, 300) }))
}

/** Their results may stand in its text. */
function labelsOfSteps(store: Reads, taskId: string): FlowSource[] {
  const before = store.workflows.findRunByTask(taskId)?.steps.filter((step) => step.taskId !== null && step.taskId !== taskId && step.state === 'done') ?? []
  return before.flatMap((step) => labelsOfTask(store, step.taskId ?? ''))
}

/** What the agent of a task has read. */
export function labelsOfTask(store: Pick<Store, 'journal' | 'sessions' | 'tasks'>, taskId: string): FlowSource[] {
  const sessionId = store.tasks.get(taskId)?.sessionId ?? null
  return sessionId === null ? [] : sourcesOfSession(store, sessionId)
}

/** What an agent has read by now. */
export function labelsOfSession(store: Pick<Store, 'journal' | 'sessions'>, sessionId: string): FlowLabel[] {
  return sourcesOfSession(store, sessionId).map(({ label, why }) => ({ label, why }))
}

export function sourcesOfSession(store: Pick<Store, 'journal' | 'sessions'>, sessionId: string): FlowSource[] {
  const session = store.sessions.get(sessionId)
  return sourcesAt(store, session?.heads.find(({ id }) => id === session.activeHeadId)?.entryId ?? null)
}

function labelsOfRun(store: Reads, runId: string): FlowSource[] {
  const run = store.runs.get(runId)
  return sourcesAt(store, (run && store.sessions.get(run.sessionId)?.heads.find(({ id }) => id === run.headId)?.entryId) ?? null)
}

function sourcesAt(store: Pick<Store, 'journal'>, entryId: string | null): FlowSource[] {
  return entryId === null ? [] : sourcesOf(store.journal.path(entryId))
}
