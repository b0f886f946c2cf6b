import { parentPort, workerData } from 'node:worker_threads'
import { errnoOf } from '../../shared/directory'
import { DamagedObject } from './objects'
import type { Reply, Request, ThreadData } from './protocol'
import { openStore } from './store'

/** The thread of the content store: answers one message per call. Never lets an error of a call end the thread. */
const port = parentPort
if (!port) throw new Error('this is a thread of the content store')
const say = (reply: Reply) => { port.postMessage(reply) }

const store = openStore(workerData as ThreadData)
say({ id: 0, result: store.quarantined })

port.on('message', ({ id, method, args }: Request) => {
  const onProgress = (done: number, total: number) => { say({ id, progress: [done, total] }) }
  // The port's types were checked where the call was made.
  const call = store[method] as (...all: readonly unknown[]) => Promise<unknown>
  Promise.resolve().then(() => call(...args, onProgress)).then(
    (result) => {
      say({ id, result })
      if (method === 'close') port.close()
    },
    (error: unknown) => { say({ id, error: describe(error) }) },
  )
})

function describe(error: unknown): { code: string | null; message: string; hash?: string } {
  if (error instanceof DamagedObject) return { code: 'CONTENT_DAMAGED', message: error.message, hash: error.hash }
  return { code: errnoOf(error), message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
