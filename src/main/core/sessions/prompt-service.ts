import type { Attachment } from '#contract/attachments'
import type { PromptPolicy, PromptQueue } from '#contract/prompts'
import type { Run } from '#contract/runs'
import { AppError, notFound } from '../errors'
import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import { changeQueue, waitingPrompts } from './prompt-queue'
import { getSession } from './publish'
import type { RunManager } from './run-manager'

export interface PromptService {
  list(sessionId: string): { readonly queue: PromptQueue; readonly items: Run[] }
  /** At the end. It is on disk when this returns. */
  add(sessionId: string, prompt: { readonly text: string; readonly attachments: readonly Attachment[] }, traceId: string): Run
  set(sessionId: string, policy: PromptPolicy, traceId: string): PromptQueue
  /** AppError CONFLICT when nothing waits. */
  start(sessionId: string, traceId: string): PromptQueue
  /** The one at work goes on. */
  stop(sessionId: string, traceId: string): PromptQueue
  /** AppError RESOURCE_NOT_FOUND for what does not wait. */
  remove(sessionId: string, runId: string, traceId: string): Promise<void>
  /** How many were taken out. */
  clear(sessionId: string, traceId: string): Promise<number>
}

export function createPromptService({ store, events, runs }: {
  readonly store: Store
  readonly events: EventStream
  readonly runs: Pick<RunManager, 'send' | 'cancel' | 'startWaiting'>
}): PromptService {
  const change = (sessionId: string, patch: Partial<PromptQueue>, traceId: string) => {
    getSession(store, sessionId)
    return events.transact((emit) => changeQueue(store, emit, sessionId, patch, traceId))
  }
  return {
    list: (sessionId) => {
      getSession(store, sessionId)
      return { queue: store.prompts.get(sessionId), items: waitingPrompts(store, sessionId) }
    },
    add: (sessionId, prompt, traceId) => runs.send(sessionId, { ...prompt, isPrompt: true }, traceId),
    set: (sessionId, { onFailure, retries, goBack }, traceId) => change(sessionId, {
      ...(onFailure !== undefined && { onFailure }), ...(retries !== undefined && { retries }), ...(goBack !== undefined && { goBack }),
    }, traceId),
    start: (sessionId, traceId) => {
      getSession(store, sessionId)
      if (waitingPrompts(store, sessionId).length === 0) throw new AppError('CONFLICT', 'Nothing waits in the prompt queue. Add something first: /queue add.')
      const queue = change(sessionId, { state: 'started', reason: null }, traceId)
      runs.startWaiting(sessionId)
      return queue
    },
    stop: (sessionId, traceId) => change(sessionId, { state: 'stopped', reason: null }, traceId),
    remove: async (sessionId, runId, traceId) => {
      getSession(store, sessionId)
      if (!waitingPrompts(store, sessionId).some(({ id }) => id === runId)) throw notFound('Waiting prompt', runId)
      await runs.cancel(runId, traceId)
    },
    clear: async (sessionId, traceId) => {
      getSession(store, sessionId)
      // Stopped first: none of them may start in between.
      change(sessionId, { state: 'stopped', reason: null }, traceId)
      const waiting = waitingPrompts(store, sessionId)
      for (const { id } of waiting) await runs.cancel(id, traceId)
      return waiting.length
    },
  }
}
