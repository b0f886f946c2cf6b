import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ScriptedReply } from '../../../testing/model-server'
import { contentOf, type CrashHarness, type DieAt, everyMoment, inTwos, type OpenedStore, startCrashHarness, transactionsOf } from '../../../testing/crash-harness'

const write = (path: string): ScriptedReply => ({ toolCalls: [{ id: `write-${path}`, name: 'write_file', arguments: { path, content: `${path}\n` } }] })

/** A task whose agent has two agents write a file each, side by side, and then proposes a plan of two more. */
const job: readonly ScriptedReply[] = [
  { toolCalls: [{ id: 'd1', name: 'delegate', arguments: { instruction: 'Write one.txt' } }, { id: 'd2', name: 'delegate', arguments: { instruction: 'Write two.txt' } }] },
  { text: '' },
  {
    toolCalls: [{
      id: 'p1', name: 'propose_plan', arguments: {
        title: 'The rest', tasks: [{ key: 'a', title: 'Third', instruction: 'Write three.txt' }, { key: 'b', title: 'Fourth', instruction: 'Write four.txt', dependsOn: ['a'] }],
      },
    }],
  },
  { text: 'The whole job is done.' },
]

function reply(answered: number, asked: string): ScriptedReply | undefined {
  if (asked.startsWith('# The job')) return job[answered]
  const file = /Write (\w+\.txt)/.exec(asked)?.[1] ?? 'unknown.txt'
  return answered === 0 ? write(file) : { text: `${file} is written.` }
}

/** All moments take a quarter of an hour: by default a few of them, others each time the number of transactions changes. */
const isWhole = process.env['TRESTLE_CRASH_ALL'] === '1'
const MOMENTS = 6

let harness: CrashHarness
beforeAll(async () => {
  harness = await startCrashHarness(reply)
})
afterAll(() => harness.close())

function standing(store: OpenedStore) {
  const tasks = store.tasks.list({ order: 'created', limit: 20 }).items
  const attempts = tasks.flatMap(({ title, id }) => store.taskRuns.list(id, { limit: 10 }).items.map(({ number, state }) => `${title} ${number} ${state}`))
  const main = tasks.find(({ title }) => title === 'The job')
  const head = store.sessions.get(main?.sessionId ?? '')?.heads[0]?.entryId ?? ''
  const results = store.journal.path(head).flatMap(({ payload }) => (payload.kind === 'tool_result' ? [`${payload.callId} ${payload.outcome}`] : []))
  const agents = store.agents.children(main?.runId ?? '')
  return {
    tasks: tasks.map(({ title, state }) => `${title} ${state}`).sort(), attempts: attempts.sort(), results: results.sort(),
    agents: agents.map(({ instruction, sessionId }) => `${instruction}: ${store.runs.listBySession(sessionId, 10).map(({ state }) => state).join(' ')}`).sort(),
    plans: store.plans.list({ limit: 10 }).items.map(({ state }) => state),
  }
}

it('a job with a plan and two agents loses none, starts none twice and gets each result once, wherever the process is killed', { timeout: 1_800_000 }, async () => {
  const total = transactionsOf(await harness.live(await harness.newHome('whole'), { task: true }))
  expect(total).toBeGreaterThan(40)
  const check = async (dieAt: DieAt) => {
    const place = `${dieAt.moment}-${dieAt.transaction}`
    const home = await harness.newHome(place)
    await harness.live(home, { task: true, dieAt })
    const second = await harness.live(home, { task: true })
    expect(second.lines.at(-1), `${place} ${JSON.stringify(second.lines.slice(-5))}`).toMatchObject({ completed: true })
    expect(await harness.inspect(home, standing), place).toEqual({
      tasks: ['Fourth done', 'The job done', 'Third done'], attempts: ['Fourth 1 completed', 'The job 1 completed', 'Third 1 completed'],
      results: ['d1 success', 'd2 success', 'p1 success'], agents: ['Write one.txt: completed', 'Write two.txt: completed'], plans: ['ended'],
    })
    const written = await Promise.all(['one', 'two', 'three', 'four'].map((name) => contentOf(home, `${name}.txt`)))
    expect(written, place).toEqual(['one.txt\n', 'two.txt\n', 'three.txt\n', 'four.txt\n'])
    await rm(home, { recursive: true })
  }
  const moments = everyMoment(total)
  const step = isWhole ? 1 : Math.floor(moments.length / MOMENTS)
  await inTwos(moments.filter((_, index) => index % step === step - 1), check)
})
