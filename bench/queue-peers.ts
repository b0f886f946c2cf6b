import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// As it was installed, not bundled.
const { PgBoss, Queue, Worker } = await import(pathToFileURL(resolve('bench/peers/queues.mjs')).href)

/** What is asked of each queue. */
export interface PeerQueue {
  add(key: string): Promise<void>
  addMany(keys: readonly string[]): Promise<void>
  /** The result stops it. */
  work(handle: (key: string) => Promise<void>): Promise<() => Promise<void>>
  close(): Promise<void>
}

export function bullQueue(port: number, atOnce: number): PeerQueue {
  const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null }
  const options = { removeOnComplete: true }
  const queue = new Queue('bench', { connection })
  return {
    add: async (key) => void (await queue.add('job', { key }, options)),
    addMany: async (keys) => {
      for (let from = 0; from < keys.length; from += 1_000) await queue.addBulk(keys.slice(from, from + 1_000).map((key) => ({ name: 'job', data: { key }, opts: options })))
    },
    work: async (handle) => {
      const worker = new Worker('bench', (job: { data: { key: string } }) => handle(job.data.key), { connection, concurrency: atOnce })
      await worker.waitUntilReady()
      return () => worker.close()
    },
    close: () => queue.close(),
  }
}

export async function pgQueue(connection: string, batchSize: number): Promise<PeerQueue> {
  const boss = new PgBoss(connection)
  boss.on('error', (error: Error) => process.stderr.write(`${error.message}\n`))
  await boss.start()
  await boss.createQueue('bench')
  return {
    add: async (key) => void (await boss.send('bench', { key })),
    addMany: async (keys) => {
      for (let from = 0; from < keys.length; from += 1_000) await boss.insert('bench', keys.slice(from, from + 1_000).map((key) => ({ data: { key } })))
    },
    // It polls in whole half seconds at best when asked to work; fetching in a loop is its fastest way.
    work: (handle) => {
      let stopped = false
      const loop = async () => {
        while (!stopped) {
          const jobs: { id: string; data: { key: string } }[] = await boss.fetch('bench', { batchSize })
          await Promise.all(jobs.map((job) => handle(job.data.key)))
          if (jobs.length > 0) await boss.complete('bench', jobs.map(({ id }) => id))
          else await new Promise((resolve) => setImmediate(resolve))
        }
      }
      const running = loop()
      return Promise.resolve(async () => {
        stopped = true
        await running
      })
    },
    close: () => boss.stop({ graceful: false }),
  }
}
