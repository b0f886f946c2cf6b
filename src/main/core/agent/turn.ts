import type { Entry, EntryPayload } from '#contract/entries'
import type { Run } from '#contract/runs'
import type { Limits } from '#contract/settings'
import { assertNever } from '../errors'
import type { Emit, EventSource, EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'

/** One run at work: its place in the journal and what the loop must know between steps. All of it can be rebuilt from the store. */
export interface Turn {
  readonly run: Run
  readonly source: EventSource
  readonly limits: Limits
  /** Root to head; grows with what the turn adds. */
  readonly path: readonly Entry[]
  /** Adds an entry behind the newest one, inside the transaction at hand. */
  append(emit: Emit, payload: EntryPayload, stepId: string | null): Entry
}

export interface TurnPorts {
  readonly store: Store
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
}

export function openTurn({ store, clock, newId }: TurnPorts, run: Run, limits: Limits, traceId: string): Turn {
  const source: EventSource = { sessionId: run.sessionId, runId: run.id, traceId }
  const head = store.sessions.get(run.sessionId)?.heads.find(({ id }) => id === run.headId)
  const path = head?.entryId ? store.journal.path(head.entryId) : []
  return {
    run, source, limits, path,
    append: (emit, payload, stepId) => {
      const entry: Entry = {
        id: newId(), sessionId: run.sessionId, parentId: path.at(-1)?.id ?? null, runId: run.id, stepId, at: clock.now(), payload,
      }
      store.journal.append(entry, run.headId)
      path.push(entry)
      emit({ topic: 'session.entry', payload: { entry, headId: run.headId } }, source)
      return entry
    },
  }
}

/** What the journal says comes next. Everything a resumed run needs follows from this. */
export type NextMove =
  | { readonly move: 'answer_calls'; readonly callIds: readonly string[]; readonly reply: Entry }
  | { readonly move: 'call_model' }
  | { readonly move: 'finished'; readonly finishReason: 'stop' | 'length' | 'content_filter' }

export function nextMove(path: readonly Entry[]): NextMove {
  const answered = new Set<string>()
  for (let index = path.length - 1; index >= 0; index -= 1) {
    const entry = path[index]
    if (!entry) break
    const { payload } = entry
    if (payload.kind === 'tool_result') answered.add(payload.callId)
    if (payload.kind === 'user_message') return { move: 'call_model' }
    if (payload.kind === 'assistant_message') {
      switch (payload.finishReason) {
        case 'cut':
          continue
        case 'aborted':
          return { move: 'call_model' }
        case 'stop':
        case 'tool_calls':
        case 'length':
        case 'content_filter': {
          if (payload.toolCalls.length === 0) return { move: 'finished', finishReason: payload.finishReason === 'tool_calls' ? 'stop' : payload.finishReason }
          const callIds = payload.toolCalls.map(({ id }) => id).filter((id) => !answered.has(id))
          return callIds.length > 0 ? { move: 'answer_calls', callIds, reply: entry } : { move: 'call_model' }
        }
        default:
          return assertNever(payload.finishReason)
      }
    }
  }
  return { move: 'call_model' }
}

const SAME_FAILURES = 3

/** The failure that the same call came to three times in a row since the run was last started, nothing having worked in between; else null. */
export function repeatedFailure(path: readonly Entry[], runId: string): string | null {
  const failures: { readonly callId: string; readonly text: string }[] = []
  const inputs = new Map<string, string>()
  for (let index = path.length - 1; index >= 0; index -= 1) {
    const entry = path[index]
    if (entry?.runId !== runId || entry.payload.kind === 'run_ended') break
    const { payload } = entry
    // A person has said something meanwhile: that may be the way out.
    if (payload.kind === 'user_message') break
    if (payload.kind === 'assistant_message') for (const call of payload.toolCalls) inputs.set(call.id, JSON.stringify(call.arguments))
    if (failures.length === SAME_FAILURES) {
      if (failures.every(({ callId }) => inputs.has(callId))) break
      continue
    }
    if (payload.kind !== 'tool_result') continue
    if (payload.outcome === 'success') return null
    failures.push({ callId: payload.callId, text: `${payload.toolName}: ${payload.content}` })
  }
  const signatures = new Set(failures.map(({ callId, text }) => `${inputs.get(callId) ?? ''} ${text}`))
  return failures.length === SAME_FAILURES && signatures.size === 1 ? (failures[0]?.text ?? null) : null
}
