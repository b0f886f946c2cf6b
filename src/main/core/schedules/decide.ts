import type { MisfirePolicy, OverlapPolicy } from '#contract/schedules'
import type { StoredOccurrenceState } from '../ports/schedule-store'

/** Why a due time did not start, as it is kept. */
export type Reason = 'app_closed' | 'asleep' | 'clock_changed' | 'paused' | 'overlap' | 'window_passed' | 'cap_reached' | 'too_many' | 'declined'

export interface Verdict {
  readonly dueAt: number
  readonly state: StoredOccurrenceState
  readonly reason: Reason | null
  /** Of several due times that share a verdict: the last of them, and how many they are; null: too many to count. */
  readonly lastDueAt: number | null
  readonly number: number | null
}

export interface Situation {
  readonly misfire: MisfirePolicy
  readonly overlap: OverlapPolicy
  readonly paused: boolean
  /** Due times that went by while nothing could start, oldest first. */
  readonly late: readonly number[]
  /** What follows on `late` and was not looked at one by one; the newest of it is in `late` again as its last. */
  readonly unseen: { readonly from: number; readonly until: number } | null
  /** Due times that come on time, oldest first. */
  readonly fresh: readonly number[]
  /** Whether an occurrence is at work, waits for its turn to start, or for a person. */
  readonly busy: boolean
  /** Occurrences that wait for the one before. */
  readonly queued: number
  readonly now: number
  /** Why nothing could start then. */
  readonly absence: (dueAt: number) => Reason
}

export interface Decision {
  /** In the order of their due times. */
  readonly verdicts: readonly Verdict[]
  /** What is at work has to be stopped first; then decide anew. */
  readonly cancels: boolean
}

/** More are not asked about one by one. */
const MAX_ASKED = 200

/** What becomes of due times. Pure: the whole of misfire and overlap policies is here. */
export function decide(situation: Situation): Decision {
  const { late, fresh, unseen, paused, now } = situation
  if (paused) return { verdicts: [...late, ...fresh].map((dueAt) => verdict(dueAt, 'skipped', 'paused')).concat(rest(unseen, 'skipped', 'paused')).sort(byTime), cancels: false }
  const made = makeUp(situation)
  const verdicts = [...made.verdicts, ...rest(unseen, 'missed', restReason(situation))]
  const place = placer(situation)
  for (const dueAt of made.starts) verdicts.push(place(dueAt, situation.misfire.policy === 'all'))
  for (const dueAt of fresh) verdicts.push(place(dueAt, false))
  const cancels = situation.overlap === 'cancel' && situation.busy && verdicts.some(({ state, dueAt }) => state === 'claimed' && dueAt <= now)
  return { verdicts: verdicts.sort(byTime), cancels }
}

function makeUp({ misfire, late, fresh, now, absence }: Situation): { readonly verdicts: Verdict[]; readonly starts: readonly number[] } {
  const missed = (times: readonly number[]) => times.map((dueAt) => verdict(dueAt, 'missed', absence(dueAt)))
  switch (misfire.policy) {
    case 'skip': return { verdicts: missed(late), starts: [] }
    case 'once': {
      const newest = late.at(-1)
      // Whatever comes on time is the one.
      if (newest === undefined || fresh.length > 0) return { verdicts: missed(late), starts: [] }
      const before = missed(late.slice(0, -1))
      if (now - newest > misfire.windowMinutes * 60_000) return { verdicts: [...before, verdict(newest, 'missed', 'window_passed')], starts: [] }
      return { verdicts: before, starts: [newest] }
    }
    case 'all': return { verdicts: late.slice(misfire.cap).map((dueAt) => verdict(dueAt, 'missed', 'cap_reached')), starts: late.slice(0, misfire.cap) }
    case 'ask': return {
      verdicts: late.map((dueAt, index) => (index < MAX_ASKED ? verdict(dueAt, 'asked', absence(dueAt)) : verdict(dueAt, 'missed', 'too_many'))), starts: [],
    }
  }
}

/** What is made up for waits for its turn; what is on time follows the overlap policy. */
function placer({ overlap, busy, queued }: Situation): (dueAt: number, waits: boolean) => Verdict {
  let occupied = busy
  let waiting = queued
  const start = (dueAt: number) => {
    occupied = true
    return verdict(dueAt, 'claimed', null)
  }
  const wait = (dueAt: number) => {
    waiting += 1
    return verdict(dueAt, 'queued', null)
  }
  // To cancel what is at work already is for the first; those that came together with it give way to it.
  let cancelled = false
  return (dueAt, waits) => {
    if (overlap === 'allow') return start(dueAt)
    if (!occupied && waiting === 0) return start(dueAt)
    if (waits) return wait(dueAt)
    if (overlap === 'queue' && waiting === 0) return wait(dueAt)
    if (overlap === 'cancel' && busy && !cancelled) {
      cancelled = true
      return start(dueAt)
    }
    return verdict(dueAt, 'skipped', 'overlap')
  }
}

function restReason({ misfire, absence, unseen }: Situation): Reason {
  if (misfire.policy === 'all') return 'cap_reached'
  return misfire.policy === 'ask' ? 'too_many' : absence(unseen?.from ?? 0)
}

function rest(unseen: Situation['unseen'], state: 'missed' | 'skipped', reason: Reason): Verdict[] {
  return unseen ? [{ dueAt: unseen.from, state, reason, lastDueAt: unseen.until, number: null }] : []
}

function verdict(dueAt: number, state: StoredOccurrenceState, reason: Reason | null): Verdict {
  return { dueAt, state, reason, lastDueAt: null, number: 1 }
}

function byTime(left: Verdict, right: Verdict): number {
  return left.dueAt - right.dueAt
}

/** Neighbours that nothing started share a row, once there are more than `limit` of them. */
export function summarise(verdicts: readonly Verdict[], limit: number): readonly Verdict[] {
  if (verdicts.filter(({ state }) => state === 'missed' || state === 'skipped').length <= limit) return verdicts
  const joined: Verdict[] = []
  for (const next of verdicts) {
    const last = joined.at(-1)
    const joins = last && (next.state === 'missed' || next.state === 'skipped') && last.state === next.state && last.reason === next.reason
    if (!joins) joined.push(next)
    else joined[joined.length - 1] = {
      ...last, lastDueAt: next.lastDueAt ?? next.dueAt, number: last.number === null || next.number === null ? null : last.number + next.number,
    }
  }
  return joined
}
