import type { Agent, AgentNode } from '#contract/agents'
import type { Run } from '#contract/runs'
import type { Store } from '../ports/store'
import type { StoredTask } from '../ports/task-store'
import { agentName, getRun } from '../sessions/publish'
import { GENERAL } from './builtin-templates'

const MAX_NODES = 500

/** A run with all agents below it: what it delegated, the tasks that it made, and theirs. Parents come first. */
export function agentTree(store: Store, runId: string): AgentNode[] {
  const nodes: AgentNode[] = []
  const seen = new Set<string>()
  const visit = (run: Run, parentId: string | null, task: StoredTask | null) => {
    if (seen.has(run.id) || nodes.length >= MAX_NODES) return
    seen.add(run.id)
    nodes.push(runNode(store, run, parentId, task))
    const below = [
      ...store.agents.children(run.id).map(({ sessionId, createdAt }) => ({ at: createdAt, sessionId, task: null })),
      ...store.tasks.madeByRun(run.id).map((made) => ({ at: made.createdAt, sessionId: made.sessionId, task: made })),
    ].toSorted((left, right) => left.at - right.at)
    for (const child of below) {
      const runs = child.sessionId === null ? [] : runsOf(store, child.sessionId, child.task)
      if (runs.length === 0 && child.task && nodes.length < MAX_NODES) nodes.push(taskNode(child.task, run.id))
      for (const each of runs) visit(each, run.id, child.task)
    }
  }
  visit(getRun(store, runId), null, null)
  return nodes
}

/** An agent by its run. Throws AppError RESOURCE_NOT_FOUND. */
export function agentOf(store: Store, runId: string): Agent {
  const run = getRun(store, runId)
  const node = runNode(store, run, store.agents.get(run.sessionId)?.parentRunId ?? null, taskOf(store, run))
  return { ...node, name: agentName({ template: node.template, sessionId: run.sessionId }) }
}

/** Those that work, wait or were interrupted, oldest first; at most 500. */
export function agentsNow(store: Store): Agent[] {
  const runs = store.runs.listInStates(['running', 'waiting', 'interrupted', 'queued']).filter(({ promptTry, state }) => state !== 'queued' || promptTry === null)
  return runs.slice(0, MAX_NODES).map(({ id }) => agentOf(store, id))
}

function taskOf(store: Store, { sessionId }: Run): StoredTask | null {
  const agent = store.agents.get(sessionId)
  const attempt = agent?.level === 'task' ? store.taskRuns.findBySession(sessionId) : null
  return attempt ? store.tasks.get(attempt.taskId) : null
}

/** Of an agent, the run that counts: the newest at work, else the newest; and those before it that started agents of their own. */
function runsOf(store: Store, sessionId: string, task: StoredTask | null): Run[] {
  const all = store.runs.listBySession(sessionId, 20).filter(({ joinedRunId }) => joinedRunId === null)
  const shown = task?.runId ? all.find(({ id }) => id === task.runId) : all.find(({ state }) => state === 'running' || state === 'waiting')
  const main = shown ?? all[0]
  return all.filter((run) => run === main || store.agents.children(run.id).length > 0).toReversed()
}

function runNode(store: Store, run: Run, parentId: string | null, task: StoredTask | null): AgentNode {
  const agent = store.agents.get(run.sessionId)
  const open = run.state === 'running' || run.state === 'waiting' ? store.steps.listByRun(run.id).findLast(({ endedAt }) => endedAt === null) : undefined
  return {
    id: run.id, parentId, level: task ? 'task' : (agent?.level ?? 'parent'), runId: run.id, sessionId: run.sessionId, taskId: task?.id ?? null, callId: agent?.callId ?? null,
    template: agent?.template ?? GENERAL, title: task?.title ?? store.sessions.get(run.sessionId)?.title ?? '', state: run.state,
    step: open ? { kind: open.kind, name: open.name, startedAt: open.startedAt } : null, steps: run.steps,
    openRequests: store.requests.listOpenByRun(run.id).length, usage: run.usage, costUsd: run.costUsd, handedOver: (agent?.handedOverAt ?? null) !== null,
    reason: task?.reason ?? run.error?.message ?? null, startedAt: run.startedAt, endedAt: run.endedAt,
  }
}

const states: Readonly<Partial<Record<StoredTask['state'], AgentNode['state']>>> = { done: 'completed', failed: 'failed', dead_letter: 'failed', missed: 'failed', cancelled: 'cancelled' }

function taskNode(task: StoredTask, parentId: string): AgentNode {
  return {
    id: task.id, parentId, level: 'task', runId: null, sessionId: null, taskId: task.id, callId: null, template: task.template, title: task.title,
    state: states[task.state] ?? 'queued', step: null, steps: 0, openRequests: 0, usage: task.usage, costUsd: task.costUsd, handedOver: false, reason: task.reason,
    startedAt: task.startedAt, endedAt: task.endedAt,
  }
}
