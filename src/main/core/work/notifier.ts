import { isInner } from '#contract/agent-origin'
import type { EventEnvelope } from '#contract/events'
import type { Settings } from '#contract/settings'
import type { Notification } from '#contract/work'
import type { EventStream } from '../events/event-stream'
import { followEvents } from '../events/follow-events'
import type { SessionStore } from '../ports/store'
import type { Logger, NewId } from '../ports/system'
import { safeTitle } from './safe-title'

const KEPT = 500

export interface NotifierPorts {
  readonly events: EventStream
  readonly sessions: Pick<SessionStore, 'get'>
  readonly settings: () => Settings
  readonly newId: NewId
  readonly logger: Logger
}

/** Tells what a person who looks elsewhere should know, once each. The result stops it. */
export function startNotifier({ events, sessions, settings, newId, logger }: NotifierPorts): () => void {
  const told = new Set<string>()

  const consider = (event: EventEnvelope): void => {
    const worth = worthTelling(event)
    if (worth === null || told.has(worth.key)) return
    told.add(worth.key)
    if (told.size > KEPT) told.delete([...told][0] ?? '')
    const session = worth.sessionId === null ? null : sessions.get(worth.sessionId)
    // What an agent comes to is told to the one that waits for it.
    if ((session === null && worth.sessionId !== null) || (session !== null && worth.kind !== 'needs-you' && isInner(session.agent)) || !isWanted(settings(), worth.kind)) return
    const notification: Notification = { id: newId(), kind: worth.kind, ...words(worth.kind, safeTitle(session?.title ?? '')), sessionId: worth.sessionId }
    events.transact((emit) => { emit({ topic: 'notification', payload: notification }, { sessionId: worth.sessionId, runId: null, traceId: event.traceId }) })
  }

  return followEvents({
    events,
    topics: ['human.request', 'run.update', 'system.notice'],
    consider: (message) => {
      if (message.topic !== 'stream.open') consider(message)
    },
    // A full disk, say. The agents go on; what is open is in the window all the same.
    onError: (error) => logger.warn('notification.failed', { error }),
  })
}

interface WorthTelling {
  readonly key: string
  readonly kind: Notification['kind']
  readonly sessionId: string | null
}

function worthTelling(event: EventEnvelope): WorthTelling | null {
  if (event.topic === 'human.request') {
    const { id, status, sessionId } = event.payload.request
    return status === 'open' ? { key: id, kind: 'needs-you', sessionId } : null
  }
  if (event.topic === 'system.notice') return event.payload.level === 'error' ? { key: event.payload.id, kind: 'alert', sessionId: null } : null
  if (event.topic !== 'run.update') return null
  const { id, state, sessionId, endedAt, joinedRunId } = event.payload.run
  // A message that became a part of another turn has ended nothing.
  if ((state !== 'completed' && state !== 'failed') || joinedRunId !== null) return null
  return { key: `${id} ${endedAt}`, kind: state === 'completed' ? 'finished' : 'failed', sessionId }
}

function isWanted({ notifications }: Settings, kind: Notification['kind']): boolean {
  switch (kind) {
    case 'needs-you': return notifications.needsYou
    case 'finished': return notifications.finished
    case 'failed': return notifications.failed
    case 'alert': return notifications.alerts
  }
}

function words(kind: Notification['kind'], title: string): Pick<Notification, 'title' | 'body'> {
  switch (kind) {
    case 'needs-you': return { title: 'An agent needs you', body: `“${title}” waits for your decision.` }
    case 'finished': return { title: 'A turn is finished', body: `“${title}” is done.` }
    case 'alert': return { title: 'Trestle needs your attention', body: 'Something is wrong with its data. The window says what, and what to do.' }
    case 'failed': return { title: 'A turn failed', body: `“${title}” stopped with an error. What it did until then is kept.` }
  }
}
