import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'
import type { Reason } from './decide'

/** Without a look for that long, Trestle was not there: the machine slept, or its clock was set. */
const GONE_AFTER_MS = 90_000
/** Small steps of a time server are no jump. */
const JUMP_MS = 5_000
const KEPT_MS = 400 * 24 * 3_600_000

export interface PresenceWatch {
  /** Notes that Trestle is there now. `back`: the clock was set back meanwhile. */
  look(): { readonly back: boolean }
  /** Since when it was there without a break. */
  since(): number
  /** Why nothing could start at a time at which Trestle was not there. */
  absence(at: number): Reason
  /** When it was there last before this start; null at the first. */
  readonly lastSeen: number | null
}

/** Begins a stretch of presence. What a process notes every half minute answers later why something did not run. */
export function watchPresence({ store, clock }: { readonly store: Pick<Store, 'schedules' | 'transaction'>; readonly clock: Clock }): PresenceWatch {
  const { schedules } = store
  const lastSeen = schedules.newestPresence()?.seenAt ?? null
  let since = clock.now()
  let last = { now: since, elapsed: clock.elapsed() }
  const begin = (beganBy: 'start' | 'wake' | 'clock') => {
    since = clock.now()
    store.transaction(() => {
      schedules.insertPresence({ beganAt: since, seenAt: since, beganBy })
      schedules.prunePresence(since - KEPT_MS)
    }, 'later')
  }
  begin('start')

  return {
    lastSeen,
    since: () => since,
    look() {
      const [now, elapsed] = [clock.now(), clock.elapsed()]
      const moved = now - last.now
      const back = moved - (elapsed - last.elapsed) < -JUMP_MS
      last = { now, elapsed }
      if (back) begin('clock')
      else if (moved > GONE_AFTER_MS) begin('wake')
      else store.transaction(() => schedules.setSeen(now), 'later')
      return { back }
    },
    absence(at) {
      const presence = schedules.presenceAt(at)
      if (presence?.beganBy === 'wake') return 'asleep'
      return presence?.beganBy === 'clock' ? 'clock_changed' : 'app_closed'
    },
  }
}
