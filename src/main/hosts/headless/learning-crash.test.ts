import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ScriptedReply } from '../../../testing/model-server'
import { type CrashHarness, everyMoment, inTwos, type OpenedStore, startCrashHarness, transactionsOf } from '../../../testing/crash-harness'

const job: readonly ScriptedReply[] = [
  { toolCalls: [{ id: 'c1', name: 'write_file', arguments: { path: 'b.txt', content: 'one\n' } }] },
  { text: 'The whole job is done: the file is written, and nothing else had to be changed for it.' },
]
const isWhole = process.env['TRESTLE_CRASH_ALL'] === '1'

let harness: CrashHarness
beforeAll(async () => {
  harness = await startCrashHarness((answered) => job[answered], { learnt: () => '[{"kind":"fragment","scope":"workspace","text":"The counter of the job stands in b.txt."}]' })
})
afterAll(() => harness.close())

function standing(store: OpenedStore) {
  const runs = store.sessions.list({ archived: false, limit: 10 }).items.flatMap(({ id }) => store.runs.listBySession(id, 10))
  return {
    texts: store.memory.walk(0, 1_000).items.map(({ kind, revision, forgottenAt }) => `${kind} ${revision} ${forgottenAt}`).sort(),
    waiting: store.learning.waiting(10), asked: runs.flatMap(({ id }) => store.steps.listByRun(id)).filter(({ purpose }) => purpose === 'learning').length, runs: runs.map(({ state }) => state),
  }
}

it('learns from a turn once, wherever the process is killed after it', { timeout: 600_000 }, async () => {
  const whole = await harness.live(await harness.newHome('whole'), { learn: true })
  const total = transactionsOf(whole)
  const ended = Number(whole.lines.find((line) => 'ended' in line)?.['ended'])
  const behind = everyMoment(total).filter(({ transaction }) => transaction >= ended - 1)
  await inTwos(isWhole ? behind : behind.slice(-4).filter(({ moment }) => moment === 'before'), async (dieAt) => {
    const place = `${dieAt.moment}-${dieAt.transaction}`
    const home = await harness.newHome(place)
    await harness.live(home, { learn: true, dieAt })
    const second = await harness.live(home, { learn: true })
    expect(second.lines.at(-1), `${place} ${JSON.stringify(second.lines.slice(-5))}`).toMatchObject({ completed: true })
    const { texts, waiting, asked, runs } = await harness.inspect(home, standing)
    expect({ texts, waiting, runs }, place).toEqual({ texts: ['fragment 1 null'], waiting: [], runs: ['completed'] })
    // Asked again where the answer was lost, and counted each time.
    expect([1, 2], place).toContain(asked)
    await rm(home, { recursive: true })
  })
})
