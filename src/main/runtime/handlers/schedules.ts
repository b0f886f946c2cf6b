import type { Origin } from '#core/tasks/task-service'
import { type CallContext, os } from '../implementer'
import type { Services } from '../services'

export function scheduleHandlers({ events, schedules }: Services) {
  /** What is told is on disk. */
  const settled = () => {
    events.settle()
    return schedules
  }
  return {
    list: os.schedules.list.handler(({ input }) => {
      const { items, nextCursor } = settled().list(input)
      return { items: [...items], nextCursor }
    }),
    get: os.schedules.get.handler(({ input }) => settled().get(input.id)),
    preview: os.schedules.preview.handler(({ input: { cron, timeZone, startAt = null, endAt = null } }) =>
      schedules.preview({ kind: 'scheduled', cron, timeZone, startAt, endAt, jitterSeconds: 0, misfire: { policy: 'skip' }, overlap: 'skip' })),
    occurrences: os.schedules.occurrences.handler(({ input: { id, ...query } }) => {
      const { items, nextCursor } = settled().occurrences(id, query)
      return { items: [...items], nextCursor }
    }),
    upcoming: os.schedules.upcoming.handler(({ input }) => ({ items: settled().upcoming(input.until, input.limit) })),
    why: os.schedules.why.handler(({ input }) => settled().why(input.id, input.at)),
    dueTimes: os.schedules.dueTimes.handler(({ input }) => settled().dueTimes(input.id, input.from, input.to)),
    pause: os.schedules.pause.handler(({ input, context }) => schedules.pause(input.id, input.reason, originOf(context))),
    resume: os.schedules.resume.handler(({ input, context }) => schedules.resume(input.id, originOf(context))),
    backfill: os.schedules.backfill.handler(({ input, context }) => ({ created: schedules.backfill(input.id, input.from, input.to, originOf(context)) })),
    decide: os.schedules.decide.handler(({ input: { id, dueAts, run }, context }) => {
      schedules.decide(id, dueAts, run, originOf(context))
      return {}
    }),
  }
}

function originOf({ traceId }: CallContext): Origin {
  return { source: { by: 'person', sessionId: null, runId: null }, traceId }
}
