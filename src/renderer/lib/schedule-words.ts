import type { MisfirePolicy, OverlapPolicy } from '#contract/schedules'

/** What happens to due times at which nothing could start. */
export function misfireWords(misfire: MisfirePolicy): string {
  switch (misfire.policy) {
    case 'skip': return 'Due times that went by while nothing could start are left out.'
    case 'once': return `Of due times that went by, the newest is made up for, if it is not older than ${minutesWords(misfire.windowMinutes)}.`
    case 'all': return `Due times that went by are all made up for, the oldest first, ${misfire.cap} at most.`
    case 'ask': return 'Due times that went by are kept until you decide about them.'
  }
}

/** What happens when it is due while the one before still runs. */
export function overlapWords(overlap: OverlapPolicy): string {
  switch (overlap) {
    case 'skip': return 'While one still runs, the next one is left out.'
    case 'queue': return 'While one still runs, the next one waits for it; one waits at most.'
    case 'cancel': return 'When the next one is due, one that still runs is stopped.'
    case 'allow': return 'They may run side by side.'
  }
}

export function minutesWords(minutes: number): string {
  if (minutes % 1440 === 0) return minutes === 1440 ? 'a day' : `${minutes / 1440} days`
  if (minutes % 60 === 0) return minutes === 60 ? 'an hour' : `${minutes / 60} hours`
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}
