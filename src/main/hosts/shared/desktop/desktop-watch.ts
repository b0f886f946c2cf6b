import type { EventEnvelope } from '#contract/events'
import type { Notification } from '#contract/work'
import type { EventStream } from '#core/events/event-stream'
import type { TrayState } from './tray-template'

export interface DesktopWatchOptions {
  readonly events: Pick<EventStream, 'subscribe'>
  /** Asked anew after changes, at most every `settleMs`. */
  readonly readState: () => Promise<TrayState>
  readonly onState: (state: TrayState) => void
  readonly isWatched: () => boolean
  readonly onNotification: (notification: Notification) => void
  readonly after: (ms: number, callback: () => void) => () => void
}

const SETTLE_MS = 250
const countingTopics: ReadonlySet<string> = new Set(['session.update', 'session.removed', 'run.update', 'human.request', 'work.update'])

/** Keeps the tray true, and tells what a person should know while no window has the focus. The result stops it. */
export function watchForDesktop({ events, readState, onState, isWatched, onNotification, after }: DesktopWatchOptions): () => void {
  const stop = new AbortController()
  let cancel: (() => void) | null = null
  const refresh = (): void => void readState().then((state) => { if (!stop.signal.aborted) onState(state) }, () => undefined)
  const consider = (event: EventEnvelope): void => {
    if (event.topic === 'notification' && !isWatched()) onNotification(event.payload)
    if (!countingTopics.has(event.topic)) return
    cancel ??= after(SETTLE_MS, () => {
      cancel = null
      refresh()
    })
  }
  const follow = async (): Promise<void> => {
    for await (const message of events.subscribe({}, stop.signal)) if (message.topic !== 'stream.open') consider(message)
  }
  refresh()
  void follow()
  return () => {
    stop.abort()
    cancel?.()
  }
}
