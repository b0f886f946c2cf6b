import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ScriptedReply } from '../../../testing/model-server'
import { contentOf, type CrashHarness, type DieAt, everyMoment, inTwos, type OpenedStore, startCrashHarness, transactionsOf } from '../../../testing/crash-harness'

const write = (path: string): ScriptedReply => ({ toolCalls: [{ id: `write-${path}`, name: 'write_file', arguments: { path, content: `${path}\n` } }] })

function reply(answered: number, asked: string): ScriptedReply | undefined {
  const file = /Write (\w+\.txt)/.exec(asked)?.[1] ?? 'unknown.txt'
  return answered === 0 ? write(file) : { text: `${file} is written.` }
}

/** By default a few of the moments, others each time the number of transactions changes. */
const isWhole = process.env['TRESTLE_CRASH_ALL'] === '1'
const MOMENTS = 4

let harness: CrashHarness
beforeAll(async () => {
  harness = await startCrashHarness(reply)
})
afterAll(() => harness.close())

function standing(store: OpenedStore) {
  const tasks = store.tasks.list({ order: 'created', limit: 20 }).items
  const requests = store.requests.list({ limit: 20 }).items.filter(({ kind }) => kind === 'workflow')
  return {
    runs: store.workflows.listRuns({ limit: 10 }).items.map(({ state, output, steps }) => `${state} ${output} ${steps.map((step) => `${step.key} ${step.state}`).join(', ')}`),
    tasks: tasks.map(({ title, state }) => `${title} ${state}`).sort(),
    attempts: tasks.flatMap(({ title, id }) => store.taskRuns.list(id, { limit: 10 }).items.map(({ number, state }) => `${title} ${number} ${state}`)).sort(),
    requests: requests.map(({ title, status }) => `${title} ${status}`),
  }
}

it('a workflow loses no step, starts none twice and asks once, wherever the process is killed', { timeout: 1_800_000 }, async () => {
  const total = transactionsOf(await harness.live(await harness.newHome('whole'), { workflow: true }))
  expect(total).toBeGreaterThan(30)
  const check = async (dieAt: DieAt) => {
    const place = `${dieAt.moment}-${dieAt.transaction}`
    const home = await harness.newHome(place)
    await harness.live(home, { workflow: true, dieAt })
    const second = await harness.live(home, { workflow: true })
    expect(second.lines.at(-1), `${place} ${JSON.stringify(second.lines.slice(-5))}`).toMatchObject({ completed: true })
    expect(await harness.inspect(home, standing), place).toEqual({
      runs: ['completed three.txt is written. one done, two done, look done, three done'], tasks: ['one done', 'three done', 'two done'],
      attempts: ['one 1 completed', 'three 1 completed', 'two 1 completed'], requests: ['Approve “Look” of the workflow “The flow”? answered'],
    })
    expect(await Promise.all(['one', 'two', 'three'].map((name) => contentOf(home, `${name}.txt`))), place).toEqual(['one.txt\n', 'two.txt\n', 'three.txt\n'])
    await rm(home, { recursive: true })
  }
  const moments = everyMoment(total)
  const step = isWhole ? 1 : Math.floor(moments.length / MOMENTS)
  await inTwos(moments.filter((_, index) => index % step === step - 1), check)
})
