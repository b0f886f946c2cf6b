import { Worker } from 'node:worker_threads'
import { AppError } from '#core/errors'
import type { ReadReply, ReadRequest } from './worker/protocol'

const LONGEST_MS = 10_000
const MOST_MEGABYTES = 256

export interface Readability {
  read(html: string, url: string, signal: AbortSignal): Promise<ReadReply>
}

/** In a thread per page, bounded in time and memory: pages are written by anybody. */
export function createReadability(longestMs = LONGEST_MS): Readability {
  return {
    read: async (html, url, signal) => {
      // Half a megabyte that most days need not.
      const { source } = await import('./worker/main?thread')
      signal.throwIfAborted()
      return new Promise((resolve, reject) => {
        const request: ReadRequest = { html, url }
        const thread = new Worker(source, { eval: true, name: 'web-page', workerData: request, env: {}, resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES } })
        const end = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', abort)
          void thread.terminate()
        }
        const fail = (cause: unknown) => {
          end()
          reject(new AppError('NETWORK_ERROR', 'The page is too complicated to be read as text. It can be asked for as it is, with raw.', { cause }))
        }
        const abort = () => {
          end()
          reject(signal.reason as Error)
        }
        const timer = setTimeout(() => fail(new Error('time is up')), longestMs)
        signal.addEventListener('abort', abort, { once: true })
        thread.once('message', (reply: ReadReply) => {
          end()
          resolve(reply)
        })
        thread.once('error', fail)
      })
    },
  }
}
