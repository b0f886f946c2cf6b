import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SettingsSchema } from '#contract/settings'
import { TaskSpecSchema } from '#contract/tasks'
import { openMemoryStore } from '../../adapters/sqlite'
import { createManualClock } from '../../../testing/manual-clock'
import { createEventStream } from '../events/event-stream'
import { createDueTimes } from '../schedules/due-times'
import { changeTask, present } from './change-task'
import { createTemplates } from '../agents/templates'
import { createTaskService } from './task-service'

/** Set to 10,000 for the long run. */
const GRAPHS = Number(process.env['TRESTLE_GRAPHS'] ?? 150)

function open() {
  const clock = createManualClock()
  const store = openMemoryStore({ clock })
  const events = createEventStream({ store, clock })
  let count = 0
  const newId = () => `task-${String(++count).padStart(7, '0')}`
  const settings = () => SettingsSchema.parse({ tasks: { maxOpen: 100_000 } })
  const service = createTaskService({
    store, events, clock, newId, settings, templates: createTemplates(settings), dueTimes: createDueTimes(), preflight: () => Promise.resolve({ missing: null, approvals: null }),
    stopAttempt: () => Promise.resolve(),
  })
  const come = (id: string, ...states: readonly ('running' | 'done' | 'failed')[]) => events.transact((emit) => {
    for (const to of states) changeTask({ store, clock }, emit, id, { to, by: 'trestle', cause: 'test', traceId: 'test' })
  })
  return { store, service, come }
}

const origin = { source: { by: 'person', sessionId: null, runId: null }, traceId: 'test' } as const
/** What each of up to ten waits for, all of it before it; which of them fail; where somebody would add a way back. */
const graph = fc.integer({ min: 1, max: 10 }).chain((size) => fc.record({
  edges: fc.tuple(...Array.from({ length: size }, (_, index) => fc.uniqueArray(fc.nat(Math.max(0, index - 1)), { maxLength: index === 0 ? 0 : 4 }))),
  fails: fc.array(fc.boolean(), { minLength: size, maxLength: size }),
  order: fc.array(fc.nat(), { minLength: size, maxLength: size }),
  back: fc.tuple(fc.nat(size - 1), fc.nat(size - 1)),
}))

it(`starts a task only after all that it waits for, shows what keeps it, and refuses circles: ${GRAPHS} graphs`, async () => {
  const { store, service, come } = open()
  await fc.assert(fc.asyncProperty(graph, async ({ edges, fails, order, back }) => {
    const ids: string[] = []
    for (const dependsOn of edges) {
      const spec = TaskSpecSchema.parse({ title: `Task ${ids.length}`, instruction: 'Do it.', dependsOn: dependsOn.map((index) => ids[index] ?? '') })
      ids.push((await service.create({ ...spec, start: 'ready' }, origin)).id)
    }
    const place = (id: string) => ids.indexOf(id)
    const reaches = (from: number, to: number): boolean => from === to || (edges[from] ?? []).some((next) => reaches(next, to))
    const [from, to] = back
    const add = () => service.patch(ids[from] ?? '', { dependsOn: [...(edges[from] ?? []), to].map((index) => ids[index] ?? '') }, undefined, origin)
    if (reaches(to, from)) expect(add).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETERS' }))
    const ended = new Map<number, 'done' | 'failed'>()
    for (const pick of order) {
      const startable = ids.map((id) => store.tasks.get(id)).filter((task) => task?.state === 'ready' && task.blockedBy.length === 0)
      const task = startable[pick % Math.max(1, startable.length)]
      if (!task) break
      const index = place(task.id)
      expect((edges[index] ?? []).every((other) => ended.get(other) === 'done')).toBe(true)
      const end = fails[index] === true ? 'failed' : 'done'
      come(task.id, 'running', end)
      ended.set(index, end)
    }
    for (const [index, id] of ids.entries()) {
      const task = store.tasks.get(id)
      if (!task || ended.has(index)) continue
      const open = (edges[index] ?? []).filter((other) => ended.get(other) !== 'done')
      expect(task.blockedBy.map(place).toSorted()).toEqual(open.toSorted())
      const stuck = open.filter((other) => ended.get(other) === 'failed')
      if (stuck.length > 0) expect(present(store, task).reason).toMatch(/^Waits for “Task \d+”, which ended without success \(Failed\)\.$/)
      else expect(open.length).toBeGreaterThan(0)
    }
    for (const id of ids.toReversed()) await service.remove(id, origin)
  }), { numRuns: GRAPHS })
}, 900_000)
