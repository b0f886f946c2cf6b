import { isInner } from '#contract/agent-origin'
import type { Answer, HumanRequest } from '#contract/human-requests'
import type { Emit } from '../events/event-stream'
import type { Turn, TurnPorts } from './turn'

/** Where a turn waits for a person. */
export interface People {
  /** Resolves with the answer; rejects with the signal's reason when it aborts. The request must be open. */
  waitFor(requestId: string, signal: AbortSignal): Promise<Answer>
}

/** What a turn does around waiting: it shows that it waits, and gives others its place meanwhile. */
export interface Waiting {
  readonly begin: () => void
  readonly end: (signal: AbortSignal) => Promise<void>
  /** Gives others its place while the work only waits for them. */
  readonly aside: <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>
}

export type NewRequest = Pick<HumanRequest, 'kind' | 'callId' | 'toolName' | 'arguments' | 'title' | 'reason' | 'decisions' | 'choices'> &
  Partial<Pick<HumanRequest, 'preview' | 'flow'>>

/** What else is written with a question, and what it adds to it. */
type OnOpen = (emit: Emit, requestId: string) => Pick<HumanRequest, 'planId'>

/** Finds or asks the question of a call and waits for its answer. A request that was answered before a restart is not asked again. */
export async function askPerson(
  ports: TurnPorts & { readonly people: People; readonly waiting: Waiting }, turn: Turn, request: NewRequest, signal: AbortSignal, onOpen?: OnOpen,
): Promise<{ readonly requestId: string; readonly answer: Answer }> {
  const known = ports.store.requests.findByCall(turn.run.id, request.callId, request.kind)
  const usable = known?.status === 'cancelled' || (known && !isSame(known, request)) ? null : known
  if (usable?.answer) return { requestId: usable.id, answer: usable.answer }
  const requestId = usable?.id ?? ports.events.transact((emit) => {
    if (known?.status === 'open') withdraw(ports, turn, known, emit)
    return openRequest(ports, turn, request, emit, onOpen)
  })
  ports.waiting.begin()
  try {
    return { requestId, answer: await ports.people.waitFor(requestId, signal) }
  } finally {
    await ports.waiting.end(signal)
  }
}

/** After a restart a call may be held by less than what was agreed to, or may send more: that is another question. */
function isSame(known: HumanRequest, request: NewRequest): boolean {
  return JSON.stringify(confinementOf(known.preview)) === JSON.stringify(confinementOf(request.preview)) && JSON.stringify(known.flow ?? null) === JSON.stringify(request.flow ?? null)
}

function confinementOf(preview: HumanRequest['preview']): unknown {
  return preview?.kind === 'command' ? (preview.confinement ?? null) : null
}

function withdraw({ store, clock }: Pick<TurnPorts, 'store' | 'clock'>, turn: Turn, request: HumanRequest, emit: Emit): void {
  store.requests.close(request.id, 'cancelled', null, clock.now())
  const closed = store.requests.get(request.id)
  if (closed) emit({ topic: 'human.request', payload: { request: closed } }, turn.source)
}

export function openRequest({ store, clock, newId }: Pick<TurnPorts, 'store' | 'clock' | 'newId'>, turn: Pick<Turn, 'run' | 'source'>, request: NewRequest, emit: Emit, onOpen?: OnOpen): string {
  const id = newId()
  const asker = askerOf(store, turn.run.sessionId)
  const opened: HumanRequest = {
    ...request, ...(asker && { asker }), ...onOpen?.(emit, id), id, sessionId: turn.run.sessionId, runId: turn.run.id, status: 'open',
    createdAt: clock.now(), answeredAt: null, parkedAt: null, answer: null,
  }
  store.requests.insert(opened)
  emit({ topic: 'human.request', payload: { request: opened } }, turn.source)
  return opened.id
}

/** Who asks, where it is not the agent of a person: it may be far below. */
function askerOf({ agents, sessions }: Pick<TurnPorts['store'], 'agents' | 'sessions'>, sessionId: string): HumanRequest['asker'] {
  const agent = agents.get(sessionId)
  if (!agent || !isInner(agent)) return undefined
  let rootSessionId = sessionId
  for (let above: typeof agent | null = agent; above && isInner(above) && above.parentSessionId !== null; above = agents.get(above.parentSessionId)) rootSessionId = above.parentSessionId
  return { title: sessions.get(sessionId)?.title ?? '', template: agent.template, rootSessionId }
}
