import type { EventEnvelope } from '#contract/events'
import type { HumanRequest } from '#contract/human-requests'
import type { Run, Step } from '#contract/runs'
import type { MemoryStore } from '#core/ports/memory-store'
import type { HumanRequestStore, JournalStore, RunStore, StepStore } from '#core/ports/store'

/** What rows of events leave out and is read again from where it is. */
export interface EventSources {
  readonly journal: Pick<JournalStore, 'get'>
  readonly runs: Pick<RunStore, 'get'>
  readonly steps: Pick<StepStore, 'get'>
  readonly requests: Pick<HumanRequestStore, 'get'>
  readonly memory: Pick<MemoryStore, 'get'>
}

export interface EventRow {
  readonly seq: number
  readonly topic: EventEnvelope['topic']
  readonly at: number
  readonly session_id: string | null
  readonly run_id: string | null
  readonly trace_id: string
  readonly ref: string | null
  readonly payload: string
}

/**
 * A row keeps what changes with the event; what stays the same is read again by `ref`. The text of a run and the call of
 * a request can be megabytes, an entry too, and none of them is written twice. The payload of every other topic is small, and the row as it is.
 */
export function dehydrate(event: EventEnvelope): { readonly ref: string | null; readonly rest: object } {
  switch (event.topic) {
    case 'session.entry':
      return { ref: event.payload.entry.id, rest: { headId: event.payload.headId } }
    case 'run.update': {
      const { id, sessionId: _session, text: _text, createdAt: _created, ...rest } = event.payload.run
      return { ref: id, rest: withoutNulls(rest) }
    }
    case 'step.update': {
      const { id, runId: _run, sessionId: _session, number: _number, kind: _kind, name: _name, purpose: _purpose, callId: _call, startedAt: _started, ...rest } =
        event.payload.step
      return { ref: id, rest: withoutNulls(rest) }
    }
    case 'human.request': {
      const { id, status, answeredAt, parkedAt, answer } = event.payload.request
      return { ref: id, rest: { status, answeredAt, parkedAt, answer } }
    }
    // What is remembered is kept in one place, so that it can be erased there.
    case 'memory.update':
      return { ref: event.payload.item.id, rest: {} }
    default:
      return { ref: null, rest: event.payload }
  }
}

const changingOfRun = { entryId: null, model: null, costUsd: null, error: null, startedAt: null, endedAt: null } satisfies Partial<Run>
const changingOfStep = { entryId: null, endedAt: null, partialText: null, usage: null, costUsd: null, error: null } satisfies Partial<Step>

export function hydrate(row: EventRow, sources: EventSources): EventEnvelope | null {
  const payload = payloadOf(row, sources)
  if (payload === null) return null
  const envelope = { seq: row.seq, topic: row.topic, at: row.at, sessionId: row.session_id, runId: row.run_id, traceId: row.trace_id, payload }
  return envelope as EventEnvelope
}

function payloadOf({ topic, ref, payload }: EventRow, { journal, runs, steps, requests, memory }: EventSources): object | null {
  const rest: object = JSON.parse(payload)
  if (ref === null) return rest
  switch (topic) {
    case 'session.entry': {
      const entry = journal.get(ref)
      return entry && { entry, ...rest }
    }
    case 'run.update': {
      const run: Run | null = runs.get(ref)
      return run && { run: { ...run, ...changingOfRun, ...rest } }
    }
    case 'step.update': {
      const step: Step | null = steps.get(ref)
      return step && { step: { ...step, ...changingOfStep, ...rest } }
    }
    case 'human.request': {
      const request: HumanRequest | null = requests.get(ref)
      return request && { request: { ...request, ...rest } }
    }
    case 'memory.update': {
      const item = memory.get(ref)
      return item && { item }
    }
    default:
      return rest
  }
}

function withoutNulls(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
