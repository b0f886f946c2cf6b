import { SettingsSchema } from '#contract/settings'
import { type TaskSpec, TaskSpecSchema, type When, WhenSchema } from '#contract/tasks'
import { z } from 'zod'
import { openMemoryStore } from '../../../adapters/sqlite'
import { createManualClock } from '../../../../testing/manual-clock'
import { createEventStream } from '../../events/event-stream'
import { createTaskService } from '../../tasks/task-service'
import { createTemplates } from '../../agents/templates'
import { createDueTimes } from '../due-times'
import { createScheduleService } from '../schedule-service'
import { createScheduler } from '../scheduler'

export const at = (text: string) => Date.parse(text)

type WhenInput = z.input<typeof WhenSchema>

/** Schedules over a real store, with a clock of its own and nobody who works: tasks stay ready until the test ends them. */
export function openDesk(start: string, shared?: { readonly store: ReturnType<typeof openMemoryStore>; readonly clock: ReturnType<typeof createManualClock> }) {
  const clock = shared?.clock ?? createManualClock(at(start))
  const store = shared?.store ?? openMemoryStore({ clock })
  const events = createEventStream({ store, clock })
  const dueTimes = createDueTimes()
  const stopped: string[] = []
  const logged: unknown[] = []
  let count = 0
  const newId = () => `${shared ? 'second' : 'id'}-${String(++count).padStart(4, '0')}`
  const log = (event: string, fields?: object) => void logged.push([event, fields])
  const logger = { debug: () => undefined, info: () => undefined, warn: log, error: log }
  /** What is missing for a task to work by itself. */
  let missing: string | null = null
  const preflight = () => Promise.resolve({ missing, approvals: null })
  const settings = () => SettingsSchema.parse({})
  const tasks = createTaskService({
    store, events, clock, newId, settings, templates: createTemplates(settings), dueTimes, preflight,
    stopAttempt: (taskId) => {
      stopped.push(taskId)
      return Promise.resolve()
    },
  })
  const schedules = createScheduleService({ store, events, clock, dueTimes, tasks, preflight })
  const origin = { source: { by: 'person', sessionId: null, runId: null }, traceId: 'test' } as const
  let end: (() => void) | null = null
  const open = (timeZoneData = '2026a') => {
    const scheduler = createScheduler({ store, events, clock, dueTimes, tasks, logger, newTraceId: () => 'test', timeZoneData })
    end = scheduler.start()
    return scheduler
  }
  let scheduler = open()

  return {
    store, clock, tasks, schedules, origin, stopped, logged, newId,
    lack: (what: string | null) => { missing = what },
    /** Everything that is due by now has its row. */
    look: () => scheduler.look(),
    async create(when: WhenInput, fields: Partial<TaskSpec> = {}): Promise<string> {
      return (await tasks.create({ ...TaskSpecSchema.parse({ title: 'Report', instruction: 'Write it.', when, ...fields }), start: 'ready' }, origin)).id
    },
    /** Timers fire in between, as they would. */
    async pass(ms: number) {
      const until = clock.elapsed() + ms
      while (clock.elapsed() < until) {
        clock.advance(Math.min(5_000, until - clock.elapsed()))
        await scheduler.look()
      }
    },
    async sleepUntil(time: string) {
      clock.setNow(at(time))
      clock.advance(1)
      await scheduler.look()
    },
    close() {
      end?.()
      end = null
    },
    async reopen(time: string, timeZoneData?: string) {
      end?.()
      await scheduler.look()
      clock.setNow(at(time))
      scheduler = open(timeZoneData)
      await scheduler.look()
    },
    /** What became of the due times, oldest first: `09:00 claimed`, `10:00 missed asleep`. */
    rows: (id: string) => store.schedules.listOccurrences(id, { limit: 500 }).items.toReversed().map(({ dueAt, state, reason, lastDueAt, number }) => [
      clockTime(dueAt), state, reason, lastDueAt === null ? null : `until ${clockTime(lastDueAt)} (${number ?? 'many'})`,
    ].filter((part) => part !== null).join(' ')),
    active: (id: string) => store.schedules.activeTasks(id),
    async finish(id: string) {
      await tasks.move(id, 'done', undefined, origin)
      // The end is told in the next turns of the event loop.
      await clock.turn()
      await clock.turn()
      await scheduler.look()
    },
  }
}

function clockTime(time: number): string {
  return new Date(time).toISOString().slice(11, 19).replace(/:00$/, '')
}

export const hourly = (fields: Partial<Extract<When, { kind: 'scheduled' }>> = {}): WhenInput => ({ kind: 'scheduled', cron: '0 * * * *', timeZone: 'UTC', ...fields })
