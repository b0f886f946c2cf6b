import type { PromptQueue } from '#contract/prompts'
import type { Run } from '#contract/runs'
import type { Emit, EventSource } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import { changeRun, getSession, tellSession } from './publish'
import { titleFrom } from './titles'

export interface PromptPorts {
  readonly store: Store
  readonly clock: Clock
  readonly newId: NewId
}

/** What may start next in a session: what a person sent first, then its prompts while they are worked through. */
export function nextRun(store: Pick<Store, 'runs' | 'prompts'>, sessionId: string): Run | null {
  const waiting = store.runs.listInStates(['queued'], sessionId)
  const message = waiting.find(({ promptTry }) => promptTry === null)
  if (message) return message
  const [prompt] = waiting
  return prompt && store.prompts.get(sessionId).state === 'started' ? prompt : null
}

/** Those that wait, the next one first. */
export function waitingPrompts(store: Pick<Store, 'runs'>, sessionId: string): Run[] {
  return store.runs.listInStates(['queued'], sessionId).filter(({ promptTry }) => promptTry !== null)
}

/** With the event; inside a transaction. */
export function changeQueue(store: Store, emit: Emit, sessionId: string, patch: Partial<PromptQueue>, traceId: string): PromptQueue {
  const queue = { ...store.prompts.get(sessionId), ...patch }
  store.prompts.put(queue)
  emit({ topic: 'prompts.update', payload: { queue } }, { sessionId, runId: null, traceId })
  return queue
}

/** What follows from the end of a run, in the transaction that records the end: so a crash cannot come between. */
export function settlePrompt(ports: PromptPorts, emit: Emit, run: Run, source: EventSource): void {
  if (run.promptTry === null) return
  const { store } = ports
  const { sessionId } = run
  const queue = store.prompts.get(sessionId)
  const stop = (reason: string | null) => void changeQueue(store, emit, sessionId, { state: 'stopped', reason }, source.traceId)
  const name = `“${titleFrom(run.text)}”`
  if (run.state === 'cancelled' && queue.state === 'started') return stop(`You stopped ${name}. Start the queue to go on with the next.`)
  if (run.state === 'failed') return settleFailure(ports, emit, run, queue, source, stop)
  if (run.state === 'completed' && queue.state === 'started' && waitingPrompts(store, sessionId).length === 0) stop(null)
}

function settleFailure(ports: PromptPorts, emit: Emit, run: Run, { onFailure, retries, goBack, state }: PromptQueue, source: EventSource, stop: (reason: string | null) => void): void {
  const { store } = ports
  const name = `“${titleFrom(run.text)}”`
  const said = run.error?.message ?? ''
  if (goBack) goBackBefore(ports, emit, run, source)
  const tries = run.promptTry ?? 1
  if (onFailure === 'retry' && tries <= retries) tryAgain(ports, emit, run, source)
  else if (onFailure !== 'skip') stop(onFailure === 'retry' ? `${name} failed ${tries} times. ${said}` : `${name} failed. ${said}`)
  else if (state === 'started' && waitingPrompts(store, run.sessionId).length === 0) stop(`${name} failed. ${said}`)
}

/** The conversation goes on from where it was before the message of this run; the branch with it stays. */
function goBackBefore({ store, newId, clock }: PromptPorts, emit: Emit, run: Run, source: EventSource): void {
  const asked = run.entryId === null ? null : store.journal.get(run.entryId)
  const session = getSession(store, run.sessionId)
  // Somebody looks at another branch meanwhile: theirs stays.
  if (!asked || session.activeHeadId !== run.headId) return
  const head = { id: newId(), entryId: asked.parentId, createdAt: clock.now() }
  store.sessions.insertHead(session.id, head)
  store.sessions.patch(session.id, { activeHeadId: head.id, updatedAt: clock.now() })
  tellSession(store, emit, session.id, source)
}

/** The same again, in front of all others. */
function tryAgain({ store, newId, clock }: PromptPorts, emit: Emit, run: Run, source: EventSource): void {
  const { sessionId, text, attachments } = run
  const { activeHeadId, model, mode } = getSession(store, sessionId)
  const id = newId()
  store.runs.insert({ id, sessionId, headId: activeHeadId, text, attachments, model, mode, createdAt: clock.now(), promptTry: (run.promptTry ?? 1) + 1 })
  changeRun(store, emit, { id, sessionId }, { order: run.order }, { ...source, runId: id })
}
