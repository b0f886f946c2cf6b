import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundleForNode } from '../../../testing/bundle-for-node'
import { type ModelServer, startModelServer } from '../../../testing/model-server'
import { inspectTasks } from './testing/inspect-tasks'

/** Set to 1,000 for the long run. */
const KILLS = Number(process.env['TRESTLE_TASK_KILLS'] ?? 5)
/** Where the points begin, so that the long run can be made in pieces: a multiple of 25. */
const FIRST = Number(process.env['TRESTLE_TASK_KILLS_FROM'] ?? 0)
const LAST = FIRST + KILLS
/** In one profile, before all that it holds is counted. */
const KILLS_PER_HOME = 25
const SPEED = 2

let folder: string
let program: string
let server: ModelServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trestle-task-kill-'))
  program = await bundleForNode('src/main/hosts/headless/testing/task-host.ts', folder)
  server = await startModelServer(({ body }) => {
    const messages: { role: string; content: unknown }[] = Array.isArray(body['messages']) ? body['messages'] : []
    const results = messages.filter(({ role }) => role === 'tool').length
    const [asked = ''] = messages.filter(({ role }) => role === 'user').map(({ content }) => JSON.stringify(content))
    const call = (name: string) => ({ toolCalls: [{ id: `${name}-${results}`, name, arguments: {} }] })
    if (asked.includes('# Retry') && !asked.includes('This is attempt')) return call('fail')
    if (asked.includes('# Hang') && results > 0) return call('hang')
    return results === 0 ? call('effect') : { text: 'Done.' }
  })
}, 60_000)
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

type Line = Readonly<Record<string, unknown>>

/** `killAfterMs`: after it has begun to work; negative: after its process was made. */
async function live(order: object, killAfterMs: number | null): Promise<readonly Line[]> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines: Line[] = []
  const kill = (afterMs: number) => setTimeout(() => child.kill('SIGKILL'), afterMs)
  let timer = killAfterMs !== null && killAfterMs < 0 ? kill(-killAfterMs) : null
  for await (const text of createInterface({ input: child.stdout })) {
    if (!text.endsWith('}')) continue
    lines.push(JSON.parse(text) as Line)
    if (killAfterMs !== null && lines.at(-1)?.['started'] === true) timer ??= kill(killAfterMs)
  }
  await exited
  if (timer) clearTimeout(timer)
  return lines
}

/** Numbers that look random and are the same for a seed. */
function between(seed: number, from: number, to: number): number {
  const mixed = Math.imul(seed ^ (seed >>> 15), 0x2c1b_3c6d) >>> 0
  return from + (Math.imul(mixed ^ (mixed >>> 12), 0x297a_2d39) >>> 0) % (to - from)
}

it(`loses no task and no due time, doubles none and does nothing twice, killed at ${KILLS} random points`, async () => {
  const totals = { tasks: 0, dueTimes: 0, unknown: 0, effects: 0 }
  for (let home = FIRST / KILLS_PER_HOME; home * KILLS_PER_HOME < LAST; home += 1) {
    const root = join(folder, `home-${home}`)
    const [profile, workspace, effects] = [join(root, 'profile'), join(root, 'work'), join(root, 'effects.txt')]
    await mkdir(profile, { recursive: true })
    await mkdir(workspace)
    const order = { profile, workspace, effects, modelUrl: `${server.url}/v1`, origin: Math.ceil(Date.now() / 1000) * 1000, speed: SPEED }
    const told: Line[] = []
    for (let kill = home * KILLS_PER_HOME; kill < Math.min(LAST, (home + 1) * KILLS_PER_HOME); kill += 1) {
      const seed = kill * 7919 + 13
      const killAfterMs = kill % 7 === 6 ? -between(seed, 100, 900) : between(seed, 0, 1_500)
      told.push(...await live({ ...order, mode: 'work', life: kill }, killAfterMs))
    }
    const last = await live({ ...order, mode: 'settle', life: -1 }, null)
    expect(last.at(-1), `home ${home}: ${JSON.stringify(last.slice(-3))}`).toEqual({ settled: true })
    const idsOf = (name: string) => told.flatMap((line) => (typeof line[name] === 'string' ? [line[name]] : []))
    const lines = (await readFile(effects, 'utf8').catch(() => '')).split('\n').filter(Boolean)
    const found = await inspectTasks({ profile, made: idsOf('made'), cancelled: idsOf('cancelled'), effects: lines })
    expect(found.problems, `home ${home}`).toEqual([])
    for (const name of ['tasks', 'dueTimes', 'unknown', 'effects'] as const) totals[name] += found[name]
    await rm(root, { recursive: true })
    if (KILLS > KILLS_PER_HOME) process.stderr.write(`task-kill: ${Math.min(LAST, (home + 1) * KILLS_PER_HOME)} of ${LAST} kills, ${JSON.stringify(totals)}\n`)
  }
  process.stderr.write(`task-kill: ${KILLS} kills, ${JSON.stringify(totals)}, 0 lost, 0 doubled\n`)
  expect(totals.tasks).toBeGreaterThan(KILLS)
  if (KILLS >= 100) expect(totals.unknown).toBeGreaterThan(0)
}, 3_600_000)

it('does not start a second time on one profile, and the first goes on alone', async () => {
  const root = join(folder, 'twice')
  const order = { profile: join(root, 'profile'), workspace: join(root, 'work'), effects: join(root, 'effects.txt'), modelUrl: `${server.url}/v1`, origin: Date.now(), speed: SPEED, life: 0 }
  await mkdir(order.profile, { recursive: true })
  await mkdir(order.workspace)
  const child = spawn(process.execPath, [program, JSON.stringify({ ...order, mode: 'work' })], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  expect(await live({ ...order, mode: 'work' }, null)).toEqual([{ refused: 'PROFILE_IN_USE' }])
  child.kill('SIGKILL')
  await exited
  expect((await live({ ...order, mode: 'settle' }, null)).at(-1)).toEqual({ settled: true })
  const effects = (await readFile(order.effects, 'utf8').catch(() => '')).split('\n').filter(Boolean)
  expect((await inspectTasks({ profile: order.profile, made: [], cancelled: [], effects })).problems).toEqual([])
}, 60_000)
