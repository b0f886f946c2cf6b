import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
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

const WARM_UP = 500
const ONE_BY_ONE = 2_000
const PRODUCERS = 10
const BULK = 10_000
const AT_ONCE = 10
/** Jobs that are claimed at once; ten of them are at work. */
const BATCH = 50
const LATENCIES = 200
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const claim = { kind: 'bench', owner: 'bench', leaseMs: 30_000, limit: BATCH }

interface Figures {
  readonly oneByOne: number
  readonly producers: number
  readonly bulk: number
  readonly drain: number
  readonly p50: number
  readonly p99: number
}

/** Ours as the others are used: a worker with ten places that is woken, not polled. What is done goes to the disk with the next claim. */
function ourQueue(queue: JobQueue): PeerQueue {
  return {
    add: async (key) => void (await queue.enqueue([{ key, kind: 'bench', payload: key }])),
    addMany: async (keys) => {
      for (let from = 0; from < keys.length; from += 1_000) await queue.enqueue(keys.slice(from, from + 1_000).map((key) => ({ key, kind: 'bench', payload: key })))
    },
    work(handle) {
      let working = false
      let again = false
      let stopped = false
      const runAll = async (jobs: ClaimedJob[]) => {
        const next = jobs.values()
        const place = async () => {
          for (const job of next) {
            await handle(job.payload)
            void queue.complete(job.lease)
          }
        }
        await Promise.all(Array.from({ length: AT_ONCE }, place))
      }
      const fill = async () => {
        again = true
        if (working) return
        working = true
        while (again && !stopped) {
          again = false
          const jobs = await queue.claim(claim)
          if (jobs.length === 0) continue
          again = true
          await runAll([...jobs])
        }
        working = false
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
  // Files have their size, code is compiled.
  for (let index = 0; index < WARM_UP; index += 1) await queue.add(`warm-${index}`)
  let from = performance.now()
  for (let index = 0; index < ONE_BY_ONE; index += 1) await queue.add(`one-${index}`)
  const oneByOne = perSecond(ONE_BY_ONE, performance.now() - from)
  from = performance.now()
  await Promise.all(Array.from({ length: PRODUCERS }, async (_, producer) => {
    for (let index = 0; index < ONE_BY_ONE / PRODUCERS; index += 1) await queue.add(`producer-${producer}-${index}`)
  }))
  const producers = perSecond(ONE_BY_ONE, performance.now() - from)
  from = performance.now()
  await queue.addMany(Array.from({ length: BULK }, (_, index) => `bulk-${index}`))
  const bulk = perSecond(BULK, performance.now() - from)

  const all = WARM_UP + 2 * ONE_BY_ONE + BULK
  let left = all
  const drained = promised<number>()
  from = performance.now()
  const stop = await queue.work(() => {
    if ((left -= 1) === 0) drained.resolve(0)
    return Promise.resolve()
  })
  await drained.promise
  const drain = perSecond(all, performance.now() - from)
  await stop()

  const started = new Map<string, (at: number) => void>()
  const stopIdle = await queue.work((key) => {
    started.get(key)?.(performance.now())
    return Promise.resolve()
  })
  const startOne = async (key: string) => {
    const arrived = promised<number>()
    started.set(key, arrived.resolve)
    const asked = performance.now()
    await queue.add(key)
    return (await arrived.promise) - asked
  }
  // The worker is there and idle once it has begun with these.
  for (let index = 0; index < AT_ONCE; index += 1) await startOne(`first-${index}`)
  const latencies: number[] = []
  for (let index = 0; index < LATENCIES; index += 1) {
    latencies.push(await startOne(`idle-${index}`))
  }
  await stopIdle()
  const sorted = latencies.sort((left, right) => left - right)
  return { oneByOne, producers, bulk, drain, p50: sorted[Math.floor(LATENCIES / 2)] ?? 0, p99: sorted[Math.floor(LATENCIES * 0.99)] ?? 0 }
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

/** What the disk gives: so often a page that is there already is written over and reaches it. Nothing that is durable one by one is faster. */
async function syncsPerSecond(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const file = openSync(join(folder, 'disk'), 'w+')
  const page = Buffer.alloc(4096, 1)
  writeSync(file, Buffer.alloc(256 * page.length))
  fdatasyncSync(file)
  const from = performance.now()
  for (let index = 0; index < 1_000; index += 1) {
    writeSync(file, page, 0, page.length, (index % 256) * page.length)
    fdatasyncSync(file)
  }
  const figure = 1_000_000 / (performance.now() - from)
  closeSync(file)
  await rm(folder, { recursive: true, force: true })
  return figure
}

async function main(): Promise<void> {
  const ours = await measureOurs()
  report({ name: 'queue.disk', value: await syncsPerSecond(), unit: 'syncs/s' })
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
    const queue = await pgQueue(postgres.connection, BATCH)
    peers.push(['pg-boss, PostgreSQL', await measure(queue)])
    await queue.close()
    await postgres.stop()
  }
  const units = { oneByOne: ['enqueue', 'jobs/s'], producers: ['enqueue-10-producers', 'jobs/s'], bulk: ['enqueue-bulk', 'jobs/s'], drain: ['drain', 'jobs/s'], p50: ['latency.p50', 'ms'], p99: ['latency.p99', 'ms'] } as const
  for (const figure of ['oneByOne', 'producers', 'bulk', 'drain', 'p50', 'p99'] as const) {
    const [name, unit] = units[figure]
    if (peers.length === 0) report({ name: `queue.${name}`, value: ours[figure], unit })
    for (const [peer, figures] of peers) report({ name: `queue.${name}`, value: ours[figure], unit, peer, peerValue: figures[figure] })
  }
}

await main()
process.exit(0)
