import type { Answer, HumanRequest } from '#contract/human-requests'
import type { People } from '../agent/people'
import { AppError, notFound } from '../errors'
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

export interface AnswersPorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
  /** Inside a transaction: commands may reach these hosts in the session or the folder from now on. */
  readonly allowHosts: (hosts: readonly string[], scope: 'session' | 'workspace', targetId: string, emit: Emit, source: EventSource) => void
}

export function createAnswers({ store, events, clock, newId, allowHosts }: AnswersPorts): Answers {
  const waiting = new Map<string, (answer: Answer) => void>()
  const listeners = new Set<(request: HumanRequest, traceId: string) => void>()

  const get = (id: string): HumanRequest => {
    const request = store.requests.get(id)
    if (!request) throw notFound('Human request', id)
    return request
  }

  const grant = (request: HumanRequest, scope: 'session' | 'workspace', emit: Emit, source: EventSource) => {
    const { workspaceId } = getSession(store, request.sessionId)
    if (scope === 'workspace' && workspaceId === null) return
    const hosts = request.preview?.kind === 'command' ? (request.preview.confinement?.hosts ?? []) : []
    if (hosts.length > 0) return allowHosts(hosts, scope, scope === 'session' ? request.sessionId : (workspaceId ?? ''), emit, source)
    store.grants.insert({
      id: newId(), scope, sessionId: scope === 'session' ? request.sessionId : null, workspaceId: scope === 'workspace' ? workspaceId : null,
      toolName: request.toolName, createdAt: clock.now(),
    })
  }

  const close = (request: HumanRequest, answer: Answer, traceId: string) => events.transact((emit) => {
    const source = { sessionId: request.sessionId, runId: request.runId, traceId }
    if (!store.requests.close(request.id, 'answered', answer, clock.now())) return get(request.id)
    if (answer.decision === 'session') grant(request, 'session', emit, source)
    if (answer.decision === 'always') grant(request, 'workspace', emit, source)
    const answered = get(request.id)
    emit({ topic: 'human.request', payload: { request: answered } }, source)
    tellSession(store, emit, request.sessionId, source)
    return answered
  })

  return {
    waitFor: (requestId, signal) => new Promise((resolve, reject) => {
      const known = get(requestId)
      if (known.answer) {
        resolve(known.answer)
        return
      }
      const onAbort = () => {
        waiting.delete(requestId)
        reject(signal.reason)
      }
      if (signal.aborted) {
        onAbort()
        return
      }
      signal.addEventListener('abort', onAbort, { once: true })
      waiting.set(requestId, (answer) => {
        signal.removeEventListener('abort', onAbort)
        resolve(answer)
      })
    }),
    answer: (requestId, answer, traceId) => {
      const request = get(requestId)
      assertAnswerable(request, answer)
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

function assertAnswerable(request: HumanRequest, answer: Answer): void {
  if (request.status === 'cancelled') throw new AppError('CONFLICT', 'This request was withdrawn: its run has ended.')
  if (!request.decisions.includes(answer.decision)) {
    throw new AppError('INVALID_PARAMETERS', `This request takes ${request.decisions.join(' or ')}, not ${answer.decision}. ${request.reason}`)
  }
  if (request.kind === 'question' && answer.decision !== 'reject' && !answer.message) {
    throw new AppError('INVALID_PARAMETERS', 'A question is answered with a message.')
  }
  if (request.status === 'answered' && (request.answer?.decision !== answer.decision || request.answer.message !== answer.message)) {
    throw new AppError('CONFLICT', 'This request has been answered already, in another way.')
  }
}
