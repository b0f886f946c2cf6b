import type { EventEnvelope } from '#contract/events'
import type { Notification as Told } from '#contract/work'

/** Told long ago (the page was asleep, or has come back): it is in the window, and no news any more. */
const FRESH_MS = 60_000

export interface NotificationOptions {
  readonly now: () => number
  /** Whether a person looks at the page. */
  readonly isWatched: () => boolean
  /** Shows it; `tag` lets several pages show it once. Must do nothing without permission. */
  readonly show: (text: Pick<Told, 'title' | 'body'> & { readonly tag: string }, onClick: () => void) => void
  /** Null: the page is enough. */
  readonly open: (sessionId: string | null) => void
}

/** Notifications of the browser, for the host that has no desktop of its own. A press goes to the session and does nothing else. */
export function createNotifications({ now, isWatched, show, open }: NotificationOptions): (event: EventEnvelope) => void {
  return (event) => {
    if (event.topic !== 'notification' || isWatched() || now() - event.at > FRESH_MS) return
    const { id, title, body, sessionId } = event.payload
    show({ title, body, tag: id }, () => open(sessionId))
  }
}

/** With the browser's own notifications, where a person has allowed them. */
export function showInBrowser({ title, body, tag }: Pick<Told, 'title' | 'body'> & { readonly tag: string }, onClick: () => void): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  const shown = new Notification(title, { body, tag })
  shown.onclick = () => {
    window.focus()
    shown.close()
    onClick()
  }
}
