import { assertNever } from '../../lib/assert-never'
import type { Entry, PayloadOf, Thinking, ToolCall } from '#contract/entries'
import { isInnerCall } from '#contract/inner-calls'
import type { HumanRequest } from '#contract/human-requests'
import type { Run, RunDetail, Step } from '#contract/runs'

/** `waiting`: for a person. `queued`: its turn has not come. `not run`: the run ended before. */
export type ToolState = PayloadOf<'tool_result'>['outcome'] | 'running' | 'waiting' | 'queued' | 'not run'

export interface ToolRowModel {
  readonly kind: 'tool'
  readonly key: string
  /** The message that made the call. */
  readonly entryId: string
  readonly runId: string | null
  readonly call: ToolCall
  readonly state: ToolState
  readonly result: PayloadOf<'tool_result'> | null
  readonly resultEntryId: string | null
  /** The person or a full context took its output out of what the model is sent. */
  readonly isLeftOut: boolean
  readonly approval: PayloadOf<'approval'> | null
  /** The running step, whose output can be followed. */
  readonly step: Step | null
  readonly request: HumanRequest | null
}

type MarkerPayload = PayloadOf<'summary' | 'context_discard' | 'behavior_change' | 'guardrail' | 'mode_change' | 'model_change' | 'run_ended'>

export type Row =
  | { readonly kind: 'user'; readonly key: string; readonly entry: Entry; readonly payload: PayloadOf<'user_message'> }
  | {
      readonly kind: 'assistant'
      readonly key: string
      readonly entry: Entry
      readonly payload: PayloadOf<'assistant_message'>
      /** The run whose answer this is, on the last answer of a finished run. */
      readonly retryRunId: string | null
      /** What of the memory it rests on; null: nothing. */
      readonly memory: PayloadOf<'memory_used'> | null
    }
  | ToolRowModel
  | { readonly kind: 'marker'; readonly key: string; readonly entry: Entry; readonly payload: MarkerPayload }
  /** The reply that is being written. */
  | { readonly kind: 'live'; readonly key: string; readonly step: Step }
  /** What was written of a reply before the app stopped. */
  | { readonly kind: 'partial'; readonly key: string; readonly text: string }
  /** A request without a place of its own in the conversation. */
  | { readonly kind: 'request'; readonly key: string; readonly request: HumanRequest }
  | { readonly kind: 'ended'; readonly key: string; readonly run: Run }

export interface ConversationInput {
  /** The branch, oldest first. */
  readonly entries: readonly Entry[]
  readonly requests: readonly HumanRequest[]
  /** Of this branch: the run that works now, or else the newest one. */
  readonly run: Run | null
  readonly detail: RunDetail | null
}

export function isActive(run: Pick<Run, 'state'> | null): boolean {
  return run !== null && (run.state === 'running' || run.state === 'waiting')
}

/** Entries that say nothing new, only what the next call is like. */
const changesOnly: ReadonlySet<Entry['payload']['kind']> = new Set(['context_discard', 'behavior_change', 'guardrail', 'memory_used', 'mode_change', 'model_change'])

/** The rows of a conversation from what is on record; nothing is guessed. */
export function buildRows({ entries, requests, run, detail }: ConversationInput): readonly Row[] {
  const lastEntry = entries.findLast(({ payload }) => !changesOnly.has(payload.kind))
  const rows: Row[] = []
  const calls = new Map<string, { readonly index: number; readonly runId: string | null }>()
  let used: PayloadOf<'memory_used'> | null = null
  for (const entry of entries) {
    if (entry.payload.kind === 'user_message') used = null
    if (entry.payload.kind === 'memory_used') used = entry.payload.items.length > 0 ? entry.payload : null
    if (entry.payload.kind === 'assistant_message') {
      // The newest message with nothing said after it is the answer that can be asked for again.
      const isAnswer = entry.id === lastEntry?.id && run !== null && entry.runId === run.id && run.state === 'completed'
      if (hasWords(entry.payload)) {
        rows.push({ kind: 'assistant', key: entry.id, entry, payload: entry.payload, retryRunId: isAnswer ? run.id : null, memory: entry.payload.toolCalls.length === 0 ? used : null })
      }
      for (const call of entry.payload.toolCalls) {
        calls.set(call.id, { index: rows.length, runId: entry.runId })
        rows.push(newToolRow(entry, call))
      }
      continue
    }
    addEntry(rows, calls, entry)
  }
  markLeftOut(rows, entries)
  settleCalls(rows, calls, { entries, requests, run, detail })
  const tail = tailRows({ entries, requests, run, detail })
  // The row that says how the newest turn ended, and what can be done, stands for the entry that only says so.
  const ended = tail.find((row) => row.kind === 'ended')
  const told = rows.filter((row) => !(row.kind === 'marker' && row.payload.kind === 'run_ended' && row.entry.runId === ended?.run.id))
  return [...(ended === undefined ? rows : told), ...looseRequests(rows, requests), ...tail]
}

function hasWords(payload: PayloadOf<'assistant_message'>): boolean {
  return payload.text !== '' || payload.thinking.length > 0 || payload.toolCalls.length === 0
}

function newToolRow(entry: Entry, call: ToolCall): ToolRowModel {
  return { kind: 'tool', key: `${entry.id} ${call.id}`, entryId: entry.id, runId: entry.runId, call, state: 'not run', result: null, resultEntryId: null, isLeftOut: false, approval: null, step: null, request: null }
}

type CallIndex = ReadonlyMap<string, { readonly index: number; readonly runId: string | null }>

function addEntry(rows: Row[], calls: CallIndex, entry: Entry): void {
  const { payload } = entry
  switch (payload.kind) {
    case 'user_message':
      rows.push({ kind: 'user', key: entry.id, entry, payload })
      return
    case 'tool_result':
      patchTool(rows, calls.get(payload.callId)?.index, (row) => ({ ...row, result: payload, resultEntryId: entry.id, state: payload.outcome }))
      return
    case 'approval':
      patchTool(rows, calls.get(payload.callId)?.index, (row) => ({ ...row, approval: payload }))
      return
    case 'summary':
    case 'context_discard':
    case 'behavior_change':
    case 'guardrail':
    case 'mode_change':
    case 'model_change':
    case 'run_ended':
      rows.push({ kind: 'marker', key: entry.id, entry, payload })
      return
    case 'assistant_message':
    case 'memory_used':
      return
    default: assertNever(payload)
  }
}

function patchTool(rows: Row[], index: number | undefined, patch: (row: ToolRowModel) => ToolRowModel): void {
  const row = index === undefined ? undefined : rows[index]
  if (index !== undefined && row?.kind === 'tool') rows[index] = patch(row)
}

function markLeftOut(rows: Row[], entries: readonly Entry[]): void {
  const ids = new Set(entries.flatMap(({ payload }) => (payload.kind === 'context_discard' ? payload.entryIds : [])))
  if (ids.size === 0) return
  rows.forEach((row, index) => {
    if (row.kind === 'tool' && row.resultEntryId !== null && ids.has(row.resultEntryId)) rows[index] = { ...row, isLeftOut: true }
  })
}

/** What the calls without a result are doing: from the run's steps and the open requests. */
function settleCalls(rows: Row[], calls: CallIndex, { requests, run, detail }: ConversationInput): void {
  for (const [callId, { index, runId }] of calls) {
    patchTool(rows, index, (row) => {
      if (row.result !== null) return row
      const request = requests.find((item) => item.runId === runId && (item.callId === callId || isInnerCall(item.callId, callId))) ?? null
      if (request !== null) return { ...row, request, state: request.kind === 'unknown_outcome' ? 'unknown' : 'waiting' }
      if (run === null || run.id !== runId) return row
      const step = detail?.steps.findLast((item) => item.kind === 'tool' && item.callId === callId) ?? null
      if (step?.state === 'unknown') return { ...row, state: 'unknown' }
      if (!isActive(run)) return row
      return step?.state === 'intended' ? { ...row, step, state: 'running' } : { ...row, state: 'queued' }
    })
  }
}

function looseRequests(rows: readonly Row[], requests: readonly HumanRequest[]): readonly Row[] {
  const placed = new Set(rows.flatMap((row) => (row.kind === 'tool' && row.request !== null ? [row.request.id] : [])))
  return requests
    .filter((request) => !placed.has(request.id))
    .map((request) => ({ kind: 'request', key: `request ${request.id}`, request }))
}

function tailRows({ entries, run, detail }: ConversationInput): readonly Row[] {
  if (run === null) return []
  const recorded = new Set(entries.slice(-50).map((entry) => entry.stepId))
  const steps = (detail?.id === run.id ? detail.steps : []).filter(
    (step) => step.kind === 'model' && step.purpose === 'turn' && !recorded.has(step.id),
  )
  if (isActive(run)) {
    const live = steps.findLast((step) => step.state === 'intended' || step.state === 'completed')
    return live === undefined ? [] : [{ kind: 'live', key: `live ${live.id}`, step: live }]
  }
  const partial = steps.findLast((step) => step.partialText !== null && step.partialText !== '')
  const rows: Row[] = partial?.partialText ? [{ kind: 'partial', key: `partial ${partial.id}`, text: partial.partialText }] : []
  if (run.state === 'failed' || run.state === 'cancelled' || run.state === 'interrupted') rows.push({ kind: 'ended', key: `ended ${run.id}`, run })
  return rows
}

/** The run that this branch shows: the one that works, else the newest. A message taken out of the queue never was a turn. */
export function currentRun(runs: readonly Run[], headId: string): Run | null {
  const ofHead = runs.filter((run) => run.headId === headId && run.state !== 'queued' && run.joinedRunId === null && !(run.state === 'cancelled' && run.startedAt === null))
  return ofHead.find(isActive) ?? ofHead.reduce<Run | null>((newest, run) => (newest === null || run.createdAt > newest.createdAt ? run : newest), null)
}

/** Messages that wait for their turn, the next one first. */
export function queuedRuns(runs: readonly Run[]): readonly Run[] {
  return runs.filter((run) => run.state === 'queued').sort((left, right) => left.order - right.order)
}

/** The reasoning of a message as one text. */
export function thinkingText(thinking: readonly Thinking[]): string {
  return thinking.map((part) => (part.redacted === undefined ? part.text : '(hidden by the provider)')).join('\n\n')
}
