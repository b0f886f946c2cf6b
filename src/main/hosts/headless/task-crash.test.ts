import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundleForNode } from '../../../testing/bundle-for-node'
import { startModelServer, type ModelServer, type ScriptedReply } from '../../../testing/model-server'
import { newId, systemClock } from '../../adapters/node/system'
import { openStore } from '../../adapters/sqlite'

/** Effects that can be read back, and one that cannot. */
const job: readonly ScriptedReply[] = [
  { toolCalls: [{ id: 'c1', name: 'write_file', arguments: { path: 'b.txt', content: 'one\n' } }] },
  { toolCalls: [{ id: 'c2', name: 'run_command', arguments: { command: 'echo ran >> counter.txt' } }] },
  { text: 'The whole job is done.' },
]
/** Every moment of every transaction takes minutes: by default one of the two. */
const everyMoment = process.env['TRESTLE_CRASH_ALL'] === '1'

let server: ModelServer
let program: string
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trestle-task-crash-'))
  program = await bundleForNode('src/main/hosts/headless/testing/crash-host.ts', folder)
  server = await startModelServer(({ body }) => {
    const messages = Array.isArray(body['messages']) ? body['messages'] : []
    return job[messages.filter((message) => message.role === 'tool').length] ?? {}
  })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

type DieAt = { readonly transaction: number; readonly moment: 'before' | 'after' }
interface Life {
  readonly signal: string | null
  readonly lines: readonly Readonly<Record<string, unknown>>[]
}

function live(home: string, dieAt: DieAt | null): Promise<Life> {
  const order = { profile: join(home, 'profile'), workspace: join(home, 'work'), modelUrl: `${server.url}/v1`, dieAt, unknown: 'reject', task: true }
  return new Promise((resolve) => {
    execFile(process.execPath, [program, JSON.stringify(order)], { timeout: 30_000 }, (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>)
      if (stderr) lines.push({ stderr })
      resolve({ signal: error?.signal ?? null, lines })
    })
  })
}

async function newHome(name: string): Promise<string> {
  const home = join(folder, name)
  await mkdir(join(home, 'work'), { recursive: true })
  await mkdir(join(home, 'profile'))
  return home
}

async function inspect(home: string) {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const opened = openStore({ path: join(home, 'profile', 'trestle.db'), backupFolder: join(home, 'profile', 'backups'), clock: systemClock, newId, logger: quiet })
  try {
    const { store } = opened
    const tasks = store.tasks.list({ order: 'created', limit: 10 }).items
    const attempts = tasks.flatMap(({ id }) => store.taskRuns.list(id, { limit: 10 }).items)
    const runs = store.sessions.list({ archived: false, limit: 10 }).items.flatMap(({ id }) => store.runs.listBySession(id, 10))
    const changes = tasks.flatMap(({ id }) => store.tasks.changes(id, { limit: 100 }).items).reverse()
    return {
      tasks: tasks.map(({ id, state }) => `${id} ${state}`), attempts: attempts.map(({ number, state, runId }) => `${number} ${state} ${runId}`),
      runs: runs.map(({ id, state }) => `${id} ${state}`),
      gaps: changes.filter(({ fromState }, index) => fromState !== (changes[index - 1]?.toState ?? null)),
    }
  } finally {
    await opened.close()
  }
}

it('loses no task, doubles none and does nothing twice, wherever the process is killed', { timeout: 600_000 }, async () => {
  const whole = await live(await newHome('whole'), null)
  const total = Number(whole.lines.at(-1)?.['transactions'])
  expect(whole.lines.at(-1)).toEqual({ completed: true, transactions: expect.any(Number) })
  expect(total).toBeGreaterThan(20)
  let unknown = 0
  const check = async (dieAt: DieAt) => {
    const place = `${dieAt.moment}-${dieAt.transaction}`
    const home = await newHome(place)
    const first = await live(home, dieAt)
    const second = await live(home, null)
    expect(second.lines.at(-1), `${place} ${JSON.stringify(second.lines.slice(-5))}`).toMatchObject({ completed: true })
    const asked = second.lines.some((line) => line['asked'] === 'unknown_outcome')
    if (asked) unknown += 1
    const { tasks, attempts, runs, gaps } = await inspect(home)
    const id = String(first.lines.find((line) => 'acknowledged' in line)?.['acknowledged'] ?? tasks[0]?.split(' ')[0])
    expect(tasks, place).toEqual([`${id} done`])
    const [runId = ''] = (runs[0] ?? '').split(' ')
    expect(runs, place).toEqual([`${runId} completed`])
    expect(attempts, place).toEqual([`1 completed ${runId}`])
    expect(gaps, place).toEqual([])
    const ran = (await readFile(join(home, 'work', 'counter.txt'), 'utf8').catch(() => '')).split('\n').filter(Boolean).length
    // Unknown means that either is possible; twice is not.
    if (asked) expect(ran, place).toBeLessThanOrEqual(1)
    else expect(ran, place).toBe(1)
    await rm(home, { recursive: true })
  }
  const moments = Array.from({ length: total }, (_, index) => index + 1).flatMap((transaction): DieAt[] => {
    const both: DieAt[] = [{ transaction, moment: 'before' }, { transaction, moment: 'after' }]
    return everyMoment ? both : both.slice(transaction % 2, (transaction % 2) + 1)
  })
  for (let start = 0; start < moments.length; start += 2) await Promise.all(moments.slice(start, start + 2).map(check))
  expect(unknown).toBeGreaterThanOrEqual(1)
})
