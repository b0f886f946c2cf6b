import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SettingsSchema } from '../../src/contract/settings'
import { TaskSpecSchema } from '../../src/contract/tasks'
import { createEventStream } from '../../src/main/core/events/event-stream'
import { createTemplates } from '../../src/main/core/agents/templates'
import { createDueTimes } from '../../src/main/core/schedules/due-times'
import { createScheduler } from '../../src/main/core/schedules/scheduler'
import { createTaskService } from '../../src/main/core/tasks/task-service'
import { newId, systemClock } from '../../src/main/adapters/node/system'
import { openStore } from '../../src/main/adapters/sqlite'
import { median } from '../median'
import { report } from '../report'

const SCHEDULES = 100_000
/** Due one after the other while lateness is measured. */
const DUE = 400
const EVERY_MS = 25
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Tokyo']

/** 100,000 schedules in a profile: what they hold in memory, what it costs to know what is due, and how late they start. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const opened = openStore({ path: join(folder, 'trestle.db'), backupFolder: join(folder, 'backups'), clock: systemClock, newId, logger: silent })
  const { store } = opened
  const dueTimes = createDueTimes()
  const events = createEventStream({ store, clock: systemClock })
  const settings = SettingsSchema.parse({})
  const tasks = createTaskService({
    store, events, clock: systemClock, newId, settings: () => settings, templates: createTemplates(() => settings), dueTimes, stopAttempt: () => Promise.resolve(),
    preflight: () => Promise.resolve({ missing: null, approvals: null }),
  })
  const ids: string[] = []
  for (let index = 0; index < SCHEDULES;) {
    store.transaction(() => {
      for (const until = index + 1_000; index < until; index += 1) {
        const when = { kind: 'scheduled', cron: `${index % 6 * 10} ${index % 24} * * *`, timeZone: zones[index % 4] ?? 'UTC', overlap: 'allow' } as const
        const spec = TaskSpecSchema.parse({ title: `Schedule ${index}`, instruction: 'Do it.', when })
        const id = newId()
        ids.push(id)
        store.tasks.insert({
          ...spec, id, state: 'scheduled', reason: null, pausedReason: null, parentId: null, scheduleId: null, dueAt: null, nextDueAt: Date.now() + 3_600_000 + index,
          startAfter: null, generation: 0, source: { by: 'person', sessionId: null, runId: null }, createdAt: Date.now(),
        })
      }
    }, 'later')
  }
  store.sync()
  globalThis.gc?.()

  const scheduler = createScheduler({ store, events, clock: systemClock, dueTimes, tasks, logger: silent, newTraceId: newId, timeZoneData: 'bench' })
  const stop = scheduler.start()
  await scheduler.look()
  globalThis.gc?.()
  report({ name: 'scheduler.resident', value: process.memoryUsage.rss() / 1e6, unit: 'MB' })
  const looks = Array.from({ length: 200 }, () => {
    const from = performance.now()
    store.schedules.listDue(Date.now(), 50)
    store.schedules.nextDueAt()
    return performance.now() - from
  })
  report({ name: 'scheduler.what-is-due', value: median(looks) * 1000, unit: 'µs' })

  const begin = Date.now() + 500
  const due = ids.slice(0, DUE)
  store.transaction(() => due.forEach((id, index) => {
    const at = begin + index * EVERY_MS
    store.tasks.patch(id, { when: { kind: 'planned', dates: [new Date(at).toISOString()], timeZone: 'UTC', misfire: { policy: 'skip' }, overlap: 'allow' }, nextDueAt: at })
  }))
  const stopped = new AbortController()
  const lateness: number[] = []
  const seen = (async () => {
    for await (const message of events.subscribe({ topics: ['task.update'] }, stopped.signal)) {
      if (message.topic !== 'task.update' || message.payload.task.dueAt === null) continue
      lateness.push(Date.now() - message.payload.task.dueAt)
      if (lateness.length === DUE) return
    }
  })()
  await scheduler.look()
  await seen
  stopped.abort()
  const sorted = lateness.sort((left, right) => left - right)
  report({ name: 'scheduler.lateness.p50', value: median(sorted), unit: 'ms' })
  report({ name: 'scheduler.lateness.p99', value: sorted[Math.floor(DUE * 0.99)] ?? 0, unit: 'ms' })

  const from = performance.now()
  for (const id of ids.slice(0, 10_000)) {
    const when = store.tasks.get(id)?.when
    if (when && when.kind !== 'adhoc') dueTimes.next(when, Date.now())
  }
  report({ name: 'scheduler.next-due-time', value: (performance.now() - from) / 10, unit: 'µs' })
  stop()
  await opened.close()
  await rm(folder, { recursive: true, force: true })
}

await main()
