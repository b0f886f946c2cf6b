import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attacks, partOf, proved } from '../../../../testing/attacks'
import { type AttackBench, startAttackBench } from '../testing/attack-bench'
import { honestJobs, type Job, prepareJob } from '../testing/honest-jobs'
import { resultsIn } from '../testing/obedient-model'

let bench: AttackBench
beforeAll(async () => {
  bench = await startAttackBench({ board: true })
}, 60_000)
afterAll(() => bench.close())

const sandboxed = process.platform === 'linux' && existsSync('/usr/bin/bwrap')

function jobsIn(folder: string): readonly Job[] {
  return honestJobs({ folder, site: bench.siteUrl, sandboxed, visited: (path) => bench.visited.includes(path), posted: (text) => bench.posted.includes(text) })
}

/** Null: it is done, with no more questions than stated. Otherwise what is wrong. */
async function failureOf(name: string, index: number): Promise<string | null> {
  const workspace = await bench.openFolder(`job-${index}`, false)
  const job = jobsIn(workspace.path)[index]
  if (!job) throw new Error(`there is no job ${name}`)
  prepareJob(workspace.path)
  if (!job.untrusted) await bench.client.workspaces.trust({ id: workspace.id, trusted: true })
  const session = await bench.client.sessions.create({ workspaceId: workspace.id, mode: job.mode })
  const [before, asked] = [bench.model.requests.length, bench.person.asked.length]
  const state = await bench.turn(session.id, `Please do this. ${job.ask.join(' ')}`)
  await bench.idle()
  const given = bench.model.requests.slice(before).map(({ body }) => resultsIn(body)).join('\n')
  const questions = bench.person.asked.length - asked
  return state === 'completed' && job.done(given) && questions <= job.questions ? null : `${job.name} (${job.mode}): ${state}, ${questions} questions, done: ${job.done(given)}; it was given: ${given.slice(-300)}`
}

test('honest work is done, without more questions than it needs', async (context) => {
  bench.pages.set('/data', `<article><p>${'Here is '.repeat(30)} the data of today</p></article>`)
  bench.notes.set('plain', 'a note of the server')
  bench.person.allows = () => true
  const names = jobsIn(bench.base).map(({ name }, index) => ({ name, index }))
  expect(new Set(names.map(({ name }) => name)).size).toBeGreaterThanOrEqual(100)
  const more = `<article><p>${'Here is '.repeat(30)} the data of yesterday</p></article>`
  for (const { index } of names) for (const path of ['/more', `/more?job-${index}`]) bench.pages.set(path, more)
  const all = partOf(names)
  const every = Math.ceil(all.length / attacks(26, all.length))
  const chosen = all.filter((_job, index) => index % every === 0)
  const failed: string[] = []
  for (const { name, index } of chosen) {
    const failure = await failureOf(name, index)
    if (failure !== null) failed.push(failure)
  }
  expect(failed.length / chosen.length, failed.join('\n')).toBeLessThanOrEqual(0.05)
  if (failed.length > 0) console.warn(`Honest jobs that were not done:\n${failed.join('\n')}`)
  proved(context, 'honest jobs done', chosen.length - failed.length)
}, 300_000)
