import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../adapters/sqlite'
import { newId, systemClock } from '../../adapters/node/system'
import { startModelServer, type ModelServer, type ScriptedReply } from '../../../testing/model-server'
import { bundleForNode } from '../../../testing/bundle-for-node'

/** A job with each kind of step: a read, effects that can be read back, and one that cannot. */
const job: readonly ScriptedReply[] = [
  { text: 'I look first.', toolCalls: [{ id: 'c1', name: 'read_file', arguments: { path: 'a.txt' } }, { id: 'c2', name: 'list_files', arguments: {} }] },
  { toolCalls: [{ id: 'c3', name: 'write_file', arguments: { path: 'out/b.txt', content: 'one\ntwo\n' } }] },
  { toolCalls: [{ id: 'c4', name: 'edit_file', arguments: { path: 'out/b.txt', old_text: 'two', new_text: 'three' } }] },
  { toolCalls: [{ id: 'c5', name: 'run_command', arguments: { command: 'echo ran >> counter.txt' } }] },
  { toolCalls: [{ id: 'c6', name: 'move_file', arguments: { from: 'a.txt', to: 'moved.txt' } }, { id: 'c7', name: 'delete_file', arguments: { path: 'old.txt' } }] },
  { text: 'The whole job is done.' },
]
const rounds = [2, 3, 4, 5, 7]

let server: ModelServer
let program: string
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trestle-crash-'))
  program = await bundleForNode('src/main/hosts/headless/testing/crash-host.ts', folder)
  // Stateless: what to say next follows from the results that the request holds, as with a real model.
  server = await startModelServer(({ body }) => {
    const messages = Array.isArray(body['messages']) ? body['messages'] : []
    const answered = messages.filter((message) => message.role === 'tool').length
    return job[rounds.filter((count) => answered >= count).length] ?? {}
  })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

interface DieAt {
  readonly transaction: number
  readonly moment: 'before' | 'after'
}

interface Life {
  readonly signal: string | null
  readonly lines: readonly Readonly<Record<string, unknown>>[]
}

/** `dies`: at a transaction, or right before the first one that finds a file. */
function live(home: string, dies: DieAt | string | null, unknown: 'once' | 'reject' = 'reject'): Promise<Life> {
  const order = { profile: join(home, 'profile'), workspace: join(home, 'work'), modelUrl: `${server.url}/v1`, unknown, dieAt: typeof dies === 'string' ? null : dies, dieOnceThere: typeof dies === 'string' ? dies : null }
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
  await writeFile(join(home, 'work', 'a.txt'), 'first\n')
  await writeFile(join(home, 'work', 'old.txt'), 'old\n')
  return home
}

const contentOf = (home: string, path: string) => readFile(join(home, 'work', path), 'utf8').catch(() => null)

/** What the database says at the end, and whether it holds everything that was told before the kill. */
async function inspect(home: string, told: Life) {
  const opened = openStore({ path: join(home, 'profile', 'trestle.db'), backupFolder: join(home, 'profile', 'backups'), clock: systemClock, newId, logger: quiet })
  try {
    const [session] = opened.store.sessions.list({ archived: false, limit: 1 }).items
    const head = session?.heads.find(({ id }) => id === session.activeHeadId)?.entryId ?? ''
    const path = opened.store.journal.path(head)
    const [run] = opened.store.runs.listBySession(session?.id ?? '', 1)
    const steps = opened.store.steps.listByRun(run?.id ?? '')
    const results = path.flatMap(({ payload }) => (payload.kind === 'tool_result' ? [`${payload.callId} ${payload.outcome}`] : []))
    return {
      state: run?.state,
      results: results.sort(),
      lost: told.lines.filter((line) => 'entry' in line && !path.some(({ id }) => id === line['entry'])),
      changed: told.lines.filter((line) => 'step' in line && !steps.some(({ id, state }) => id === line['step'] && state === line['state'])),
      ran: steps.filter(({ name }) => name === 'run_command').map(({ state }) => state),
    }
  } finally {
    await opened.close()
  }
}
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

describe('a process that is killed', () => {
  it('loses nothing it told of and repeats nothing it did, at any step boundary', { timeout: 300_000 }, async () => {
    const whole = await newHome('whole')
    const undisturbed = await live(whole, null)
    const total = Number(undisturbed.lines.at(-1)?.['transactions'])
    expect(undisturbed.lines.at(-1)).toEqual({ completed: true, transactions: expect.any(Number) })
    expect(total).toBeGreaterThan(25)

    const cases = Array.from({ length: total }, (_, index) => index + 1).flatMap((transaction): DieAt[] => [{ transaction, moment: 'before' }, { transaction, moment: 'after' }])
    let unknown = 0
    const check = async (dieAt: DieAt) => {
      const place = `${dieAt.moment}-${dieAt.transaction}`
      const home = await newHome(place)
      const first = await live(home, dieAt)
      // Now and then two things are written as one: then the very last ones are not reached.
      if (first.signal === null && dieAt.transaction > total - 3 && first.lines.at(-1)?.['completed'] === true) return
      expect(first.signal, place).toBe('SIGKILL')
      const second = await live(home, null)
      expect(second.lines.at(-1), place).toMatchObject({ completed: true })
      expect(Number(second.lines.find((line) => 'usableAfterMs' in line)?.['usableAfterMs']), place).toBeLessThan(2000)
      const asked = second.lines.some((line) => line['asked'] === 'unknown_outcome')
      if (asked) unknown += 1
      const { results, ...end } = await inspect(home, first)
      expect(end, place).toEqual({ state: 'completed', lost: [], changed: [], ran: [asked ? 'unknown' : expect.any(String)].concat(end.ran.slice(1)) })
      expect(end.ran.filter((state) => state === 'completed'), place).toHaveLength(asked ? 0 : 1)
      expect(results, place).toEqual(['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'].map((id) => `${id} ${asked && id === 'c5' ? 'unknown' : 'success'}`))
      expect(await contentOf(home, 'out/b.txt'), place).toBe('one\nthree\n')
      expect(await contentOf(home, 'moved.txt'), place).toBe('first\n')
      expect([await contentOf(home, 'a.txt'), await contentOf(home, 'old.txt')], place).toEqual([null, null])
      const ran = ((await contentOf(home, 'counter.txt')) ?? '').split('\n').filter(Boolean).length
      // Unknown means that either is possible; twice is not.
      if (asked) expect(ran, place).toBeLessThanOrEqual(1)
      else expect(ran, place).toBe(1)
      await rm(home, { recursive: true })
    }
    await inTwos(cases, check)
    // Right after the intent, right before the result, and at what is recorded in between.
    expect(unknown).toBeGreaterThanOrEqual(2)
  })

  it('runs a call of unknown outcome again only when the person says so', async () => {
    const home = await newHome('again')
    expect((await live(home, 'counter.txt')).signal).toBe('SIGKILL')
    expect(await contentOf(home, 'counter.txt')).toBe('ran\n')
    const second = await live(home, null, 'once')
    expect(second.lines.filter((line) => 'asked' in line)).toContainEqual({ asked: 'unknown_outcome' })
    expect(second.lines.at(-1)).toMatchObject({ completed: true })
    expect(await contentOf(home, 'counter.txt')).toBe('ran\nran\n')
  }, 60_000)
})

/** The machine may have few cores, and each case has processes of its own. */
async function inTwos<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  await Promise.all([1, 2].map(async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }))
}
