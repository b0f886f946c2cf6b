import type { Run, RunState } from '#contract/runs'
import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'
import { getRun } from './publish'

const ended: ReadonlySet<RunState> = new Set(['completed', 'failed', 'cancelled', 'interrupted'])

export function hasEnded(run: Run): boolean {
  return ended.has(run.state)
}

/** The run once it has ended, or as it is after `timeoutMs` or when the signal aborts. */
export async function waitForEnd(
  { store, events, clock }: { readonly store: Store; readonly events: EventStream; readonly clock: Clock },
  runId: string, timeoutMs: number, signal: AbortSignal,
): Promise<Run> {
  const { sessionId } = getRun(store, runId)
  const enough = new AbortController()
  const stop = () => { enough.abort() }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const cancelTimer = clock.after(timeoutMs, stop)
  try {
    // The first message says that the subscription stands, so that no end is missed.
    for await (const _message of events.subscribe({ topics: ['run.update'], sessionId }, enough.signal)) {
      if (hasEnded(getRun(store, runId))) break
    }
  } finally {
    cancelTimer()
    signal.removeEventListener('abort', stop)
  }
  return getRun(store, runId)
}
