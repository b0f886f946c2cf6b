import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClaimedJob, JobQueue } from '../../src/main/core/ports/job-queue'
import { newId, systemClock } from '../../src/main/adapters/node/system'
import { openStore } from '../../src/main/adapters/sqlite'
import { createSqliteJobQueue } from '../../src/main/adapters/sqlite/job-queue'
import { openConnection } from '../../src/main/adapters/sqlite/connection'
import { startPostgres, startRedis } from '../queue-servers'
import { bullQueue, type PeerQueue, pgQueue } from '../queue-peers'
import { report } from '../report'

const ONE_BY_ONE = 2_000
const BULK = 10_000
const AT_ONCE = 10
const LATENCIES = 200
const GAP_MS = 5
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const claim = { kind: 'bench', owner: 'bench', leaseMs: 30_000, limit: AT_ONCE }

interface Figures {
  readonly oneByOne: number
  readonly bulk: number
  readonly drain: number
  readonly p50: number
  readonly p99: number
}

/** Ours as the others are used: a worker with ten places that is woken, not polled. */
function ourQueue(queue: JobQueue): PeerQueue {
  return {
    add: async (key) => void (await queue.enqueue([{ key, kind: 'bench', payload: key }])),
    addMany: async (keys) => {
      for (let from = 0; from < keys.length; from += 1_000) await queue.enqueue(keys.slice(from, from + 1_000).map((key) => ({ key, kind: 'bench', payload: key })))
    },
    work(handle) {
      let places = AT_ONCE
      let claiming = false
      let stopped = false
      const start = async (job: ClaimedJob) => {
        await handle(job.payload)
        void queue.complete(job.lease)
        places += 1
        void fill()
      }
      const fill = async () => {
        if (claiming || stopped || places === 0) return
        claiming = true
        const jobs = await queue.claim({ ...claim, limit: places })
        claiming = false
        places -= jobs.length
        for (const job of jobs) void start(job)
        if (jobs.length > 0) void fill()
      }
      const end = queue.onReady(() => void fill())
      void fill()
      return Promise.resolve(() => {
        stopped = true
        end()
        return Promise.resolve()
      })
    },
    close: () => Promise.resolve(),
  }
}

function promised<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => { resolve = done })
  return { promise, resolve }
}

async function measure(queue: PeerQueue): Promise<Figures> {
  const perSecond = (count: number, ms: number) => (count * 1000) / ms
  let from = performance.now()
  for (let index = 0; index < ONE_BY_ONE; index += 1) await queue.add(`one-${index}`)
  const oneByOne = perSecond(ONE_BY_ONE, performance.now() - from)
  from = performance.now()
  await queue.addMany(Array.from({ length: BULK }, (_, index) => `bulk-${index}`))
  const bulk = perSecond(BULK, performance.now() - from)

  let left = ONE_BY_ONE + BULK
  const drained = promised<number>()
  from = performance.now()
  const stop = await queue.work(() => {
    if ((left -= 1) === 0) drained.resolve(0)
    return Promise.resolve()
  })
  await drained.promise
  const drain = perSecond(ONE_BY_ONE + BULK, performance.now() - from)
  await stop()

  const started = new Map<string, (at: number) => void>()
  const stopIdle = await queue.work((key) => {
    started.get(key)?.(performance.now())
    return Promise.resolve()
  })
  await systemClock.sleep(300)
  const latencies: number[] = []
  for (let index = 0; index < LATENCIES; index += 1) {
    const key = `idle-${index}`
    const arrived = promised<number>()
    started.set(key, arrived.resolve)
    const asked = performance.now()
    await queue.add(key)
    latencies.push((await arrived.promise) - asked)
    await systemClock.sleep(GAP_MS)
  }
  await stopIdle()
  const sorted = latencies.sort((left, right) => left - right)
  return { oneByOne, bulk, drain, p50: sorted[Math.floor(LATENCIES / 2)] ?? 0, p99: sorted[Math.floor(LATENCIES * 0.99)] ?? 0 }
}

async function measureOurs(): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const path = join(folder, 'trestle.db')
  const opened = openStore({ path, backupFolder: join(folder, 'backups'), clock: systemClock, newId, logger: silent })
  // The same queue with room for all of them.
  const db = openConnection(path)
  const { queue, stop } = createSqliteJobQueue({ db, store: { transaction: (work) => db.transaction(work).immediate() }, clock: systemClock, limits: { open: 1_000_000 } })
  const figures = await measure(ourQueue(queue))
  stop()
  db.close()
  await opened.close()
  await rm(folder, { recursive: true, force: true })
  return figures
}

async function main(): Promise<void> {
  const ours = await measureOurs()
  const peers: [string, Figures][] = []
  for (const appendfsync of ['always', 'everysec'] as const) {
    const redis = await startRedis(appendfsync)
    if (!redis) continue
    const queue = bullQueue(redis.port, AT_ONCE)
    peers.push([`bullmq, redis ${appendfsync}`, await measure(queue)])
    await queue.close()
    await redis.stop()
  }
  const postgres = await startPostgres()
  if (postgres) {
    const queue = await pgQueue(postgres.connection, AT_ONCE)
    peers.push(['pg-boss, PostgreSQL', await measure(queue)])
    await queue.close()
    await postgres.stop()
  }
  const units = { oneByOne: ['enqueue', 'jobs/s'], bulk: ['enqueue-bulk', 'jobs/s'], drain: ['drain', 'jobs/s'], p50: ['latency.p50', 'ms'], p99: ['latency.p99', 'ms'] } as const
  for (const figure of ['oneByOne', 'bulk', 'drain', 'p50', 'p99'] as const) {
    const [name, unit] = units[figure]
    if (peers.length === 0) report({ name: `queue.${name}`, value: ours[figure], unit })
    for (const [peer, figures] of peers) report({ name: `queue.${name}`, value: ours[figure], unit, peer, peerValue: figures[figure] })
  }
}

await main()
process.exit(0)
