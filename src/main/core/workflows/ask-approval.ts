import type { HumanRequest } from '#contract/human-requests'
import type { WorkflowStep } from '#contract/workflows'
import { GENERAL } from '../agents/builtin-templates'
import type { Emit } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { StoredWorkflowRun } from '../ports/workflow-store'
import type { Clock, NewId } from '../ports/system'
import { changeRun, tellSession } from '../sessions/publish'
import type { SessionService } from '../sessions/session-service'

export interface AskPorts {
  readonly store: Store
  readonly clock: Clock
  readonly newId: NewId
  readonly sessions: Pick<SessionService, 'create'>
}

export interface Approval {
  readonly key: WorkflowStep['key']
  /** What is asked. */
  readonly title: string
  readonly message: string
}

/**
 * Asks a person, in the transaction at hand: a request of a run without turns, which waits in the conversation of the workflow and has ended
 * with the answer. The result is the request and the conversation.
 */
export function askApproval(ports: AskPorts, emit: Emit, run: StoredWorkflowRun, { key, title, message }: Approval, traceId: string): { readonly requestId: string; readonly sessionId: string } {
  const { store, clock, newId } = ports
  const sessionId = run.sessionId !== null && store.sessions.get(run.sessionId)?.deletedAt === null ? run.sessionId : newConversation(ports, run, traceId)
  const now = clock.now()
  const session = store.sessions.get(sessionId)
  if (!session) throw new Error('the conversation of a workflow is not there')
  const runId = newId()
  const source = { sessionId, runId, traceId }
  store.runs.insert({ id: runId, sessionId, headId: session.activeHeadId, text: title, attachments: [], model: session.model, mode: session.mode, createdAt: now })
  changeRun(store, emit, { id: runId, sessionId }, { state: 'waiting', startedAt: now }, source)
  const request: HumanRequest = {
    id: newId(), sessionId, runId, callId: key, kind: 'workflow', workflowRunId: run.id, status: 'open', toolName: 'workflow', arguments: {},
    title, reason: message, decisions: ['once', 'reject'], choices: [],
    createdAt: now, answeredAt: null, parkedAt: null, answer: null,
  }
  store.requests.insert(request)
  emit({ topic: 'human.request', payload: { request } }, source)
  tellSession(store, emit, sessionId, source)
  return { requestId: request.id, sessionId }
}

function newConversation({ store, clock, sessions }: AskPorts, { name, workspaceId, mode, source }: StoredWorkflowRun, traceId: string): string {
  const { id } = sessions.create({ title: `Workflow: ${name}`.slice(0, 200), workspaceId, mode }, traceId)
  store.agents.insert({
    sessionId: id, level: 'task', template: GENERAL, depth: 0, runId: null, parentSessionId: source.sessionId, parentRunId: source.runId, callKey: null, callId: null,
    instruction: name, limits: { maxSteps: null, maxMinutes: null, maxTokens: null, maxCostUsd: null }, handedOverAt: null, createdAt: clock.now(),
  })
  return id
}
