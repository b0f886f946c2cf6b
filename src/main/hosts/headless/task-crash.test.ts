import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ScriptedReply } from '../../../testing/model-server'
import { type CrashHarness, type DieAt, everyMoment, inTwos, lineCount, type OpenedStore, startCrashHarness, transactionsOf } from '../../../testing/crash-harness'

/** Effects that can be read back, and one that cannot. */
const job: readonly ScriptedReply[] = [
  { toolCalls: [{ id: 'c1', name: 'write_file', arguments: { path: 'b.txt', content: 'one\n' } }] },
  { toolCalls: [{ id: 'c2', name: 'run_command', arguments: { command: 'echo ran >> counter.txt' } }] },
  { text: 'The whole job is done.' },
]
/** Every moment of every transaction takes minutes: by default one of the two. */
const isWhole = process.env['TRESTLE_CRASH_ALL'] === '1'

let harness: CrashHarness
beforeAll(async () => {
  harness = await startCrashHarness((answered) => job[answered])
})
afterAll(() => harness.close())

function standing(store: OpenedStore) {
  const tasks = store.tasks.list({ order: 'created', limit: 10 }).items
  const attempts = tasks.flatMap(({ id }) => store.taskRuns.list(id, { limit: 10 }).items)
  const runs = store.sessions.list({ archived: false, limit: 10 }).items.flatMap(({ id }) => store.runs.listBySession(id, 10))
  const changes = tasks.flatMap(({ id }) => store.tasks.changes(id, { limit: 100 }).items).reverse()
  return {
    tasks: tasks.map(({ id, state }) => `${id} ${state}`), attempts: attempts.map(({ number, state, runId }) => `${number} ${state} ${runId}`),
    runs: runs.map(({ id, state }) => `${id} ${state}`),
    gaps: changes.filter(({ fromState }, index) => fromState !== (changes[index - 1]?.toState ?? null)),
  }
}

it('loses no task, doubles none and does nothing twice, wherever the process is killed', { timeout: 600_000 }, async () => {
  const total = transactionsOf(await harness.live(await harness.newHome('whole'), { task: true }))
  expect(total).toBeGreaterThan(20)
  let unknown = 0
  const check = async (dieAt: DieAt) => {
    const place = `${dieAt.moment}-${dieAt.transaction}`
    const home = await harness.newHome(place)
    const first = await harness.live(home, { task: true, dieAt })
    const second = await harness.live(home, { task: true })
    expect(second.lines.at(-1), `${place} ${JSON.stringify(second.lines.slice(-5))}`).toMatchObject({ completed: true })
    const asked = second.lines.some((line) => line['asked'] === 'unknown_outcome')
    if (asked) unknown += 1
    const { tasks, attempts, runs, gaps } = await harness.inspect(home, standing)
    const id = String(first.lines.find((line) => 'acknowledged' in line)?.['acknowledged'] ?? tasks[0]?.split(' ')[0])
    expect(tasks, place).toEqual([`${id} done`])
    const [runId = ''] = (runs[0] ?? '').split(' ')
    expect(runs, place).toEqual([`${runId} completed`])
    expect(attempts, place).toEqual([`1 completed ${runId}`])
    expect(gaps, place).toEqual([])
    const ran = await lineCount(home, 'counter.txt')
    // Unknown means that either is possible; twice is not.
    if (asked) expect(ran, place).toBeLessThanOrEqual(1)
    else expect(ran, place).toBe(1)
    await rm(home, { recursive: true })
  }
  const moments = everyMoment(total).filter(({ transaction, moment }) => isWhole || (transaction % 2 === 0) === (moment === 'before'))
  await inTwos(moments, check)
  expect(unknown).toBeGreaterThanOrEqual(1)
})
