import type { Entry } from '#contract/entries'
import type { Receipt, ReceiptRecord } from '#contract/receipts'
import type { Run, Step } from '#contract/runs'
import { AppError } from '../errors'
import type { Store } from '../ports/store'
import type { Sha256 } from '../ports/system'
import { getRun } from '../sessions/publish'
import { hasEnded } from '../sessions/wait-for-end'
import { valueWithoutSecrets } from '../sessions/export/redact'
import { canonicalJson } from './canonical-json'

/** Of one look at the folder. */
const MAX_PATHS = 1_000

type Fact = Pick<ReceiptRecord, 'at' | 'kind' | 'content'>

/** Throws AppError CONFLICT while the run goes on: what is not finished cannot be vouched for. */
export function makeReceipt(store: Store, sha256: Sha256, runId: string): Receipt {
  const run = getRun(store, runId)
  if (!hasEnded(run)) throw new AppError('CONFLICT', 'This run has not ended yet. Its receipt is there when it has.')
  const attempt = store.taskRuns.findByRun(runId)
  const task = attempt && store.tasks.get(attempt.taskId)
  const ofTask = attempt && task ? { id: task.id, title: task.title, attempt: attempt.number } : null
  const records = chained(factsOf(store, run, ofTask), sha256)
  return {
    format: 'trestle-receipt-1', runId, sessionId: run.sessionId, task: ofTask,
    state: run.state, model: run.model, usage: run.usage, costUsd: run.costUsd, error: run.error, records, hash: records.at(-1)?.hash ?? '',
  }
}

/** The number of the first record that is not as it was made; null: all of them are, and what stands around them says the same. */
export function firstChanged(receipt: Receipt, sha256: Sha256): number | null {
  const made = chained(receipt.records, sha256)
  const wrong = made.findIndex(({ hash, number }, index) => hash !== receipt.records[index]?.hash || number !== receipt.records[index]?.number)
  if (wrong !== -1) return wrong + 1
  const last = receipt.records.at(-1)
  const { state, model, usage, costUsd, error, runId, sessionId, task } = receipt
  const outcome = canonicalJson(valueWithoutSecrets({ runId, sessionId, task, state, model, usage, costUsd, error }))
  return last && last.hash === receipt.hash && last.kind === 'outcome' && canonicalJson(last.content) === outcome ? null : receipt.records.length
}

function chained(facts: readonly Fact[], sha256: Sha256): ReceiptRecord[] {
  let before = ''
  return facts.map(({ at, kind, content }, index) => {
    const number = index + 1
    before = sha256(`${before}\n${canonicalJson([number, at, kind, content])}`)
    return { number, at, kind, content, hash: before }
  })
}

function factsOf(store: Store, run: Run, task: Receipt['task']): Fact[] {
  const head = store.sessions.get(run.sessionId)?.heads.find(({ id }) => id === run.headId)
  const path = head?.entryId ? store.journal.path(head.entryId) : []
  const entries = path.filter((entry) => entry.runId === run.id || entry.id === run.entryId).map(entryFact)
  // What is learnt from a run comes after it and is no part of it.
  const steps = store.steps.listByRun(run.id).filter(({ purpose }) => purpose !== 'learning').map(stepFact)
  const { id: runId, sessionId, state, model, usage, costUsd, error } = run
  const inOrder = [...entries, ...steps].map((fact, index) => ({ fact, index })).sort((left, right) => left.fact.at - right.fact.at || left.index - right.index).map(({ fact }) => fact)
  const all: Fact[] = [
    { at: run.createdAt, kind: 'header', content: { runId, sessionId, mode: run.mode, model } },
    ...inOrder,
    ...changesOf(store, run),
    ...pathsOf(store, run),
    { at: run.endedAt ?? run.createdAt, kind: 'outcome', content: { runId, sessionId, task, state, model, usage, costUsd, error } },
  ]
  return all.map(({ at, kind, content }) => ({ at, kind, content: plain(content) }))
}

const kinds: Readonly<Partial<Record<Entry['payload']['kind'], string>>> = { user_message: 'input', assistant_message: 'reply' }

function entryFact({ id, at, payload }: Entry): Fact {
  const { kind, ...content } = payload
  return { at, kind: kinds[kind] ?? kind, content: { entryId: id, ...content, ...(kind === 'approval' && { by: 'person' }) } }
}

function stepFact({ id, number, kind, name, purpose, callId, state, startedAt, endedAt, usage, costUsd, error }: Step): Fact {
  return { at: endedAt ?? startedAt, kind: 'step', content: { stepId: id, number, kind, name, purpose, callId, state, startedAt, endedAt, usage, costUsd, error } }
}

/** What the run changed in the folder, as its checkpoints counted it. */
function changesOf(store: Store, run: Run): Fact[] {
  return store.checkpoints.listByRun(run.id).filter(({ changes }) => changes !== null)
    .map(({ id, at, title, changes }) => ({ at, kind: 'files_changed', content: { checkpointId: id, title, changes } }))
}

/** Which files those were, as the folder was looked at: `alone` where nobody else of ours was at work in it. */
function pathsOf(store: Store, run: Run): Fact[] {
  const workspaceId = store.sessions.get(run.sessionId)?.workspaceId ?? null
  if (workspaceId === null) return []
  return store.intervals.listByRun(workspaceId, run.id, run.createdAt)
    .map(({ at, paths, authors }) => ({ at, kind: 'files', content: { paths: paths?.slice(0, MAX_PATHS) ?? null, more: Math.max(0, (paths?.length ?? 0) - MAX_PATHS), alone: authors.length === 1 } }))
}

/** As JSON says it: what is undefined is not there. */
function plain(content: Record<string, unknown>): Record<string, unknown> {
  const cleaned = valueWithoutSecrets(content)
  return typeof cleaned === 'object' && cleaned !== null ? Object.fromEntries(Object.entries(cleaned)) : {}
}
