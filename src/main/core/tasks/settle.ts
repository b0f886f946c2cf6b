import type { ErrorBody, ErrorCode } from '#contract/errors'
import type { HumanRequest } from '#contract/human-requests'
import type { Run } from '#contract/runs'
import { assertNever } from '../errors'
import type { Emit } from '../events/event-stream'
import type { StoredTask, StoredTaskRun } from '../ports/task-store'
import { lastWords } from '../sessions/last-words'
import { type AttemptPorts, errorOf, noteWorked, touch } from './attempt-records'
import { changeTask, getTask } from './change-task'

/** A person can do something about these, and then the same attempt goes on. */
const parked: ReadonlySet<ErrorCode> = new Set([
  'NO_CREDITS', 'TOKEN_LIMIT_EXCEEDED', 'TIME_LIMIT_EXCEEDED', 'NO_MODEL', 'MODEL_UNKNOWN', 'KEY_MISSING', 'KEY_REFUSED', 'SECRETS_UNAVAILABLE',
  'WORKSPACE_UNAVAILABLE', 'WORKSPACE_UNTRUSTED', 'DISK_FULL',
])

/** The same comes of it again. */
const hopeless: ReadonlySet<ErrorCode> = new Set(['CONTENT_REFUSED', 'PROVIDER_REJECTED', 'CONTEXT_TOO_LONG', 'MAX_DEPTH_EXCEEDED', 'INVALID_PARAMETERS'])

const MAX_WAIT_MS = 24 * 60 * 60 * 1000

/** Brings a task whose attempt is open to what the record of its run says; once, however often it is called. */
export function settleAttempt(ports: AttemptPorts, attempt: StoredTaskRun, traceId: string): void {
  const { store, events } = ports
  const current = store.taskRuns.get(attempt.id)
  if (!current || current.endedAt !== null || current.runId === null) return
  const task = getTask(store, current.taskId)
  if (task.state !== 'running' && task.state !== 'needs_you') return
  const run = followed(ports, current)
  if (!run) {
    events.transact((emit) => park(ports, emit, task, current, { reason: 'Its conversation was deleted. Retry it, or cancel it.', ends: true }, traceId))
    return
  }
  events.transact((emit) => settle(ports, emit, task, current, run, traceId))
}

/** The run of the attempt; or the newest of its conversation, when a person has sent something else after it. */
function followed({ store }: AttemptPorts, { runId, sessionId }: StoredTaskRun): Run | null {
  const run = runId === null ? null : store.runs.get(runId)
  if (!run || sessionId === null || run.state === 'queued' || run.state === 'running' || run.state === 'waiting') return run
  // Prompts that wait until they are started are no part of the attempt.
  const next = store.runs.listInStates(['running', 'waiting', 'queued'], sessionId).find(({ state, promptTry }) => state !== 'queued' || promptTry === null)
  return next ?? run
}

function settle(ports: AttemptPorts, emit: Emit, task: StoredTask, attempt: StoredTaskRun, run: Run, traceId: string): void {
  const { store } = ports
  if (run.id !== attempt.runId) {
    store.taskRuns.patch(attempt.id, { runId: run.id })
    store.tasks.patch(task.id, { runId: run.id })
  }
  switch (run.state) {
    case 'queued':
    case 'running': {
      const asked = askedBelow(ports, run.id)
      if (asked) return park(ports, emit, task, attempt, { reason: `${asked.asker?.title ?? 'An agent'}: ${asked.title}`, cause: 'One of its agents asks' }, traceId)
      return goOn(ports, emit, task, attempt, traceId)
    }
    case 'waiting': {
      const [request] = store.requests.listOpenByRun(run.id)
      if (!request) return goOn(ports, emit, task, attempt, traceId)
      return park(ports, emit, task, attempt, { reason: request.title, cause: 'Its agent asks' }, traceId)
    }
    case 'interrupted': {
      const [request] = store.requests.listOpenByRun(run.id)
      if (request) return park(ports, emit, task, attempt, { reason: request.title, cause: 'What a call came to is not known' }, traceId)
      return
    }
    case 'completed':
      return complete(ports, emit, task, attempt, run, traceId)
    case 'failed':
      return fail(ports, emit, task, attempt, errorOf(run), traceId)
    case 'cancelled':
      return park(ports, emit, task, attempt, { reason: 'You stopped its run. Retry goes on where it stopped; or send its agent a message.', cause: 'Its run was stopped' }, traceId)
    default:
      assertNever(run.state)
  }
}

/** What the agents that a run started ask people. */
function askedBelow({ store }: Pick<AttemptPorts, 'store'>, runId: string): HumanRequest | null {
  for (const { sessionId } of store.agents.children(runId)) {
    for (const run of store.runs.listInStates(['running', 'waiting', 'interrupted'], sessionId)) {
      const asked = store.requests.listOpenByRun(run.id)[0] ?? askedBelow({ store }, run.id)
      if (asked) return asked
    }
  }
  return null
}

function goOn(ports: AttemptPorts, emit: Emit, task: StoredTask, attempt: StoredTaskRun, traceId: string): void {
  if (attempt.state !== 'running') ports.store.taskRuns.patch(attempt.id, { state: 'running', error: null })
  if (task.state === 'needs_you') changeTask(ports, emit, task.id, { to: 'running', by: 'trestle', traceId, cause: 'Goes on', patch: { error: null } })
}

interface Parking {
  readonly reason: string
  readonly cause?: string
  readonly error?: ErrorBody
  /** The attempt cannot go on. */
  readonly ends?: boolean
}

function park(ports: AttemptPorts, emit: Emit, task: StoredTask, attempt: StoredTaskRun, { reason, cause, error, ends = false }: Parking, traceId: string): void {
  if (task.state === 'needs_you' && task.reason === reason && !ends) return
  touch(ports, emit, attempt, traceId)
  noteWorked(ports.store, attempt)
  ports.store.taskRuns.patch(attempt.id, ends ? { state: 'cancelled', endedAt: ports.clock.now() } : { state: 'waiting', ...(error && { error }) })
  changeTask(ports, emit, task.id, { to: 'needs_you', by: 'trestle', traceId, cause: cause ?? reason, patch: { reason, error: error ?? null } })
}

function end(ports: AttemptPorts, emit: Emit, attempt: StoredTaskRun, state: 'completed' | 'failed', error: ErrorBody | null, traceId: string): void {
  touch(ports, emit, attempt, traceId)
  noteWorked(ports.store, attempt)
  ports.store.taskRuns.patch(attempt.id, { state, error, endedAt: ports.clock.now() })
}

function complete(ports: AttemptPorts, emit: Emit, task: StoredTask, attempt: StoredTaskRun, run: Run, traceId: string): void {
  end(ports, emit, attempt, 'completed', null, traceId)
  const open = task.checklist.filter(({ done }) => !done).length
  const reason = open > 0 ? `${open} of ${task.checklist.length} things that must be true are not ticked.` : task.review ? 'Look at it and accept it, or send it back.' : null
  const result = lastWords(ports.store, run)
  changeTask(ports, emit, task.id, { to: reason === null ? 'done' : 'review', by: 'trestle', traceId, cause: 'Its run was completed', patch: { reason, result, error: null } })
}

function fail(ports: AttemptPorts, emit: Emit, task: StoredTask, attempt: StoredTaskRun, error: ErrorBody, traceId: string): void {
  const cause = `Attempt ${attempt.number} failed: ${error.message}`
  if (parked.has(error.code)) return park(ports, emit, task, attempt, { reason: error.message, cause, error }, traceId)
  end(ports, emit, attempt, 'failed', error, traceId)
  const { max, backoffSeconds, factor } = task.attempts
  const made = attempt.number - task.countFrom
  if (!hopeless.has(error.code) && made < max) {
    const waitMs = Math.min(MAX_WAIT_MS, backoffSeconds * 1000 * factor ** (made - 1)) * (0.5 + ports.random() / 2)
    changeTask(ports, emit, task.id, {
      to: 'ready', by: 'trestle', traceId, cause, patch: { startAfter: Math.round(ports.clock.now() + waitMs), error, reason: `Attempt ${made} of ${max} failed; the next one comes by itself. ${error.message}` },
    })
    return
  }
  changeTask(ports, emit, task.id, { to: max > 1 && !hopeless.has(error.code) ? 'dead_letter' : 'failed', by: 'trestle', traceId, cause, patch: { error, reason: error.message } })
}
