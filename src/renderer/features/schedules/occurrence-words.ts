import type { Occurrence } from '#contract/schedules'

export const occurrenceWords: Readonly<Record<Occurrence['state'], string>> = {
  claimed: 'at work', queued: 'waits for the one before', done: 'done', failed: 'failed', cancelled: 'cancelled', skipped: 'skipped', missed: 'missed', asked: 'waits for you to decide',
}
