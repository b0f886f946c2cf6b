import type { Usage } from '#contract/common'
import type { Entry, EntryPayload } from '#contract/entries'
import type { EventEnvelope, EventPayload, Topic } from '#contract/events'
import type { HumanRequest } from '#contract/human-requests'
import type { NewRun, NewSession, StepIntent, StoredWorkspace } from '#core/ports/store'

export const at = 1_700_000_000_000

export const usage: Usage = { inputTokens: 100, outputTokens: 20, cachedTokens: 30, totalTokens: 120, estimated: false }

export function workspaceSample(id: string, fields: Partial<StoredWorkspace> = {}): StoredWorkspace {
  return { id, name: `Name of ${id}`, path: `/work/${id}`, trusted: false, createdAt: at, lastOpenedAt: at, ...fields }
}

export function sessionSample(id: string, fields: Partial<NewSession> = {}): NewSession {
  return {
    id, workspaceId: null, title: `Title of ${id}`, model: null, mode: 'ask', createdAt: at,
    head: { id: `${id}-head`, entryId: null, createdAt: at },
    ...fields,
  }
}

export function entrySample(id: string, parentId: string | null, fields: Partial<Entry> = {}): Entry {
  const payload: EntryPayload = { kind: 'user_message', text: `Text of ${id}` }
  return { id, sessionId: 's1', parentId, runId: null, stepId: null, at, payload, ...fields }
}

export function runSample(id: string, fields: Partial<NewRun> = {}): NewRun {
  return { id, sessionId: 's1', headId: 's1-head', text: `Text of ${id}`, attachments: [], model: 'openai/gpt-5', mode: 'ask', createdAt: at, ...fields }
}

export function stepSample(id: string, fields: Partial<StepIntent['step']> = {}, intent: Partial<StepIntent> = {}): StepIntent {
  return {
    step: { id, runId: 'r1', sessionId: 's1', kind: 'model', name: 'openai/gpt-5', purpose: 'turn', callId: null, startedAt: at, ...fields },
    repeatable: true, fingerprint: null,
    ...intent,
  }
}

export function requestSample(id: string, fields: Partial<HumanRequest> = {}): HumanRequest {
  return {
    id, sessionId: 's1', runId: 'r1', callId: 'call-1', kind: 'approval', status: 'open', toolName: 'run_command',
    arguments: { command: 'make' }, title: 'Run make', reason: 'Commands always ask', decisions: ['once', 'reject'], choices: [],
    createdAt: at, answeredAt: null, parkedAt: null, answer: null,
    ...fields,
  }
}

export function eventSample<T extends Topic>(seq: number, topic: T, payload: EventPayload<T>): EventEnvelope {
  return { seq, topic, at, sessionId: 's1', runId: null, traceId: 'trace-1', payload } as EventEnvelope
}
