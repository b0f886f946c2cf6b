import type { Entry, EntryPayload } from '#contract/entries'
import type { HumanRequest } from '#contract/human-requests'
import type { Run, Step } from '#contract/runs'
import type { Session } from '#contract/sessions'
import type { Task } from '#contract/tasks'

/** Whole values of the contract for tests; what a test is about is given, the rest is plain. */

const usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, totalTokens: 0, estimated: false }

export function aSession(id: string, updatedAt = 0, over: Partial<Session> = {}): Session {
  return {
    id, workspaceId: 'w1', title: id, model: null, mode: 'ask', status: 'idle', archived: false, pinned: false, deletedAt: null, activeHeadId: 'h1',
    heads: [{ id: 'h1', entryId: null, createdAt: 0 }], openRequests: 0, queuedRuns: 0, usage, costUsd: 0, createdAt: 0, updatedAt, ...over,
  }
}

export function anEntry(id: string, parentId: string | null, payload: EntryPayload = { kind: 'user_message', text: id }, over: Partial<Entry> = {}): Entry {
  return { id, sessionId: 's1', parentId, runId: 'r1', stepId: null, at: 0, payload, ...over }
}

export function aRun(id: string, over: Partial<Run> = {}): Run {
  return {
    id, sessionId: 's1', headId: 'h1', state: 'completed', text: 'do it', attachments: [], order: 0, promptTry: null, joins: false, joinedRunId: null, entryId: null, model: 'demo/scripted', mode: 'ask', steps: 0,
    usage, costUsd: 0, error: null, createdAt: 0, startedAt: 0, endedAt: 0, ...over,
  }
}

export function aStep(id: string, over: Partial<Step> = {}): Step {
  return {
    id, runId: 'r1', sessionId: 's1', number: 1, kind: 'model', state: 'completed', name: 'demo/scripted', purpose: 'turn', callId: null,
    entryId: null, startedAt: 0, endedAt: 0, partialText: null, usage: null, costUsd: 0, error: null, ...over,
  }
}

export function aRequest(id: string, over: Partial<HumanRequest> = {}): HumanRequest {
  return {
    id, sessionId: 's1', runId: 'r1', callId: 'call', kind: 'approval', status: 'open', toolName: 'write_file', arguments: {}, title: 'May it?',
    reason: '', decisions: ['once', 'reject'], choices: [], createdAt: 0, answeredAt: null, parkedAt: null, answer: null, ...over,
  }
}

export function aTask(id: string, over: Partial<Task> = {}): Task {
  return {
    id, title: id, when: { kind: 'adhoc', notBefore: null }, template: 'general', workspaceId: 'w1', model: null, mode: 'ask', priority: 'normal', tags: [],
    dependsOn: [], budget: { maxCostUsd: null, maxTokens: null, maxMinutes: null }, attempts: { max: 1, backoffSeconds: 30, factor: 2 }, deadline: null,
    checklist: [], review: false, state: 'backlog', reason: null, pausedReason: null, order: 0, parentId: null, scheduleId: null, dueAt: null, nextDueAt: null,
    blockedBy: [], children: { done: 0, total: 0 }, attempt: 0, sessionId: null, runId: null, usage, costUsd: 0,
    source: { by: 'person', sessionId: null, runId: null }, error: null, revision: 1, createdAt: 0, updatedAt: 0, activityAt: null, startedAt: null, endedAt: null, ...over,
  }
}
