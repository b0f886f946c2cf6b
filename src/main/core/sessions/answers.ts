import type { Answer, HumanRequest } from '#contract/human-requests'
import type { NewPermissionRule } from '#contract/permissions'
import type { Audit, AuditEntry } from '../audit/audit-log'
import type { People } from '../agent/people'
import { AppError, notFound } from '../errors'
import { commandWords } from '../permissions/grant-cover'
import type { Emit, EventSource, EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import { getSession, tellSession } from './publish'

export interface Answers extends People {
  /** Once. The same answer again is accepted; another one is AppError CONFLICT. */
  answer(requestId: string, answer: Answer, traceId: string): HumanRequest
  /** Withdraws what a run still asks; inside a transaction. */
  withdraw(runId: string, emit: Emit, source: EventSource): void
  /** Called with a request that was answered while no turn waited for it. */
  onAnsweredUnattended(listener: (request: HumanRequest, traceId: string) => void): () => void
}

const words = { once: 'Allowed once', session: 'Allowed for the session', always: 'Always allowed', reject: 'Rejected' } as const

export interface AnswersPorts {
  readonly audit: Audit
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
  /** In the transaction that records an answer; what it throws undoes that. */
  readonly onDecided?: (emit: Emit, request: HumanRequest, answer: Answer, traceId: string) => void
  /** Inside a transaction: commands may reach these hosts in the session or the folder from now on. */
  readonly allowHosts: (hosts: readonly string[], place: Pick<NewPermissionRule, 'scope' | 'targetId' | 'expiresAt'>, emit: Emit, source: EventSource) => void
}

export function createAnswers({ store, events, clock, newId, audit, onDecided, allowHosts }: AnswersPorts): Answers {
  const waiting = new Map<string, (answer: Answer) => void>()
  const listeners = new Set<(request: HumanRequest, traceId: string) => void>()

  const get = (id: string): HumanRequest => {
    const request = store.requests.get(id)
    if (!request) throw notFound('Human request', id)
    return request
  }

  const grant = (request: HumanRequest, { grant: narrower }: Answer, scope: 'session' | 'workspace', emit: Emit, source: EventSource) => {
    const { workspaceId } = getSession(store, request.sessionId)
    if (scope === 'workspace' && workspaceId === null) return
    const hosts = hostsOf(request)
    if (hosts.length > 0) return allowHosts(hosts, { scope, targetId: scope === 'session' ? request.sessionId : workspaceId, expiresAt: narrower?.until ?? null }, emit, source)
    const grant = {
      id: newId(), scope, sessionId: scope === 'session' ? request.sessionId : null, workspaceId: scope === 'workspace' ? workspaceId : null,
      toolName: request.toolName, pattern: narrower?.pattern ?? null, expiresAt: narrower?.until ?? null, createdAt: clock.now(),
    }
    store.grants.insert(grant)
    audit.append({ kind: 'grant', severity: 'medium', title: `${request.toolName} may run without asking in the ${scope === 'session' ? 'session' : 'folder'}`, content: grant }, source)
    store.grants.removeExpired(clock.now())
  }

  const close = (request: HumanRequest, answer: Answer, traceId: string) => events.transact((emit) => {
    const source = { sessionId: request.sessionId, runId: request.runId, traceId }
    if (!store.requests.close(request.id, 'answered', answer, clock.now())) return get(request.id)
    onDecided?.(emit, request, answer, traceId)
    audit.append(approvalEntry(request, answer), source)
    if (answer.decision === 'session') grant(request, answer, 'session', emit, source)
    if (answer.decision === 'always') grant(request, answer, 'workspace', emit, source)
    const answered = get(request.id)
    emit({ topic: 'human.request', payload: { request: answered } }, source)
    tellSession(store, emit, request.sessionId, source)
    return answered
  })

  return {
    waitFor: (requestId, signal) => waitFor(waiting, get(requestId), signal),
    answer: (requestId, answer, traceId) => {
      const request = get(requestId)
      assertAnswerable(request, answer, clock.now())
      if (request.status === 'answered') return request
      const answered = close(request, answer, traceId)
      const waiter = waiting.get(requestId)
      waiting.delete(requestId)
      if (waiter) waiter(answer)
      else for (const listener of listeners) listener(answered, traceId)
      return answered
    },
    withdraw: (runId, emit, source) => {
      for (const request of store.requests.listOpenByRun(runId)) {
        waiting.delete(request.id)
        if (!store.requests.close(request.id, 'cancelled', null, clock.now())) continue
        emit({ topic: 'human.request', payload: { request: get(request.id) } }, source)
      }
    },
    onAnsweredUnattended: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function approvalEntry({ id, kind, title, toolName, callId, arguments: given, preview }: HumanRequest, { decision, message, grant }: Answer): AuditEntry {
  return {
    kind: 'approval', severity: decision === 'always' || decision === 'session' ? 'medium' : 'low', title: `${kind === 'question' ? 'Answered' : words[decision]}: ${title}`,
    content: { requestId: id, kind, decision, tool: toolName, callId, arguments: given, ...(message !== undefined && { message }), ...(grant && { grant }), ...(preview?.kind === 'command' && { confinement: preview.confinement }) },
  }
}

function waitFor(waiting: Map<string, (answer: Answer) => void>, { id, answer: known }: HumanRequest, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (known) return resolve(known)
    const onAbort = () => {
      waiting.delete(id)
      reject(signal.reason)
    }
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    waiting.set(id, (answer) => {
      signal.removeEventListener('abort', onAbort)
      resolve(answer)
    })
  })
}

/** Of a command that would reach them: an approval is for these, whatever the command. */
function hostsOf({ preview }: HumanRequest): readonly string[] {
  return preview?.kind === 'command' ? (preview.confinement?.hosts ?? []) : []
}

/** Throws AppError for a pattern that would never cover anything, or that would be left out of account. */
function assertPattern(request: HumanRequest, pattern: string): void {
  if (request.preview?.kind !== 'command') return
  if (hostsOf(request).length > 0) throw new AppError('INVALID_PARAMETERS', 'What is allowed here are the hosts, for every command. Leave the pattern out.')
  if ((commandWords(pattern)?.length ?? 0) === 0) throw new AppError('INVALID_PARAMETERS', 'For commands it is the words that they begin with, as in npm test, without anything else that a shell would do.')
}

function isSameAnswer(given: Answer | null, again: Answer): boolean {
  return given?.decision === again.decision && given.message === again.message
    && (given.grant?.until ?? null) === (again.grant?.until ?? null) && (given.grant?.pattern ?? null) === (again.grant?.pattern ?? null)
}

function assertAnswerable(request: HumanRequest, answer: Answer, now: number): void {
  if (request.status === 'cancelled') throw new AppError('CONFLICT', 'This request was withdrawn: its run has ended.')
  if (!request.decisions.includes(answer.decision)) {
    throw new AppError('INVALID_PARAMETERS', `This request takes ${request.decisions.join(' or ')}, not ${answer.decision}. ${request.reason}`)
  }
  if (request.kind === 'question' && answer.decision !== 'reject' && !answer.message) {
    throw new AppError('INVALID_PARAMETERS', 'A question is answered with a message.')
  }
  if (answer.grant && answer.decision !== 'session' && answer.decision !== 'always') {
    throw new AppError('INVALID_PARAMETERS', 'Only an answer that allows more than this one call can say until when and for what.')
  }
  if (request.status === 'open' && typeof answer.grant?.until === 'number' && answer.grant.until <= now) {
    throw new AppError('INVALID_PARAMETERS', 'That time is over already. Choose one that is to come; nothing was decided.')
  }
  if (typeof answer.grant?.pattern === 'string') assertPattern(request, answer.grant.pattern)
  if (request.status === 'answered' && !isSameAnswer(request.answer, answer)) {
    throw new AppError('CONFLICT', 'This request has been answered already, in another way.')
  }
}
