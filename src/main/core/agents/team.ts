import type { AuditLog } from '../audit/audit-log'
import { AppError, notFound } from '../errors'
import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { RunManager } from '../sessions/run-manager'
import type { TaskActions } from '../tasks/task-actions'
import { createTeamTools, type CoordinateInput } from '../tools/team-tools'
import type { CallIdentity, Tool } from '../tools/tool'
import { agentTree } from './agent-tree'

export interface TeamPorts {
  readonly store: Store
  readonly events: EventStream
  readonly audit: Pick<AuditLog, 'append'>
  readonly actions: () => Pick<TaskActions, 'cancel' | 'retry' | 'comment'>
  readonly runs: () => Pick<RunManager, 'send'>
}

/** The tools with which an agent looks after its own. */
export function teamTools(ports: TeamPorts): readonly Tool[] {
  const { store, events, audit } = ports
  return createTeamTools({
    below: (runId) => belowText(store, runId),
    find: (sessionId, id) => ownTask(store, sessionId, id),
    coordinate: (sessionId, input, call) => coordinate(ports, sessionId, input, call),
    log: (sessionId, { text, severity }, { runId, callId, traceId }) => events.transact(() => audit.append({ kind: 'activity', severity, title: text, content: { callId, by: store.agents.get(sessionId)?.template ?? 'general' } }, { sessionId, runId, traceId })),
  })
}

function belowText(store: Store, runId: string): string {
  const [, ...below] = agentTree(store, runId)
  if (below.length === 0) return 'You started no agent and made no task in this turn.'
  return below.map(({ taskId, id, level, template, title, state, step, steps, usage, openRequests, reason }) => {
    const now = step === null ? '' : `, now ${step.name}`
    const asks = openRequests === 0 ? '' : ', waits for the person'
    return `- ${taskId ?? id} [${state}] ${title} (${level}, ${template}): ${steps} steps, ${usage.totalTokens} tokens${now}${asks}${reason === null ? '' : `. ${reason}`}`
  }).join('\n')
}

/** One that this conversation made, and nobody else's. */
function ownTask(store: Store, sessionId: string, id: string) {
  const task = store.tasks.get(id)
  if (!task) throw notFound('Task', id)
  if (task.source.by !== 'agent' || task.source.sessionId !== sessionId) throw new AppError('PERMISSION_DENIED', `“${task.title}” was not made by you. Nothing was changed.`)
  return task
}

async function coordinate({ store, actions, runs }: TeamPorts, sessionId: string, { id, do: what, message }: CoordinateInput, { runId, traceId }: CallIdentity): Promise<string> {
  const task = ownTask(store, sessionId, id)
  const origin = { source: { by: 'agent' as const, sessionId, runId }, traceId }
  switch (what) {
    case 'stop':
      return `Stopped: ${(await actions().cancel(id, origin)).title}.`
    case 'retry':
      if (message !== '') actions().comment(id, message, origin)
      return `Tried again: ${(await actions().retry(id, origin)).title}.`
    case 'tell': {
      if (message === '') throw new AppError('INVALID_PARAMETERS', 'Say what to tell: message. Nothing was done.')
      if (task.state === 'running' && task.sessionId !== null) {
        runs().send(task.sessionId, { text: message, steer: true }, traceId)
        return 'Told: it reads that before its next step.'
      }
      actions().comment(id, message, origin)
      return 'Noted on the task: its agent reads it when it begins.'
    }
  }
}
