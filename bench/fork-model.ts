import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { z } from 'zod'

const ReadySchema = z.object({ url: z.string() })

/** Starts `model-server.mjs`; the benchmarks run from the root of the project. */
export async function forkModelServer(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const child = fork(resolve('bench/model-server.mjs'), { execArgv: [] })
  const [message] = await once(child, 'message')
  return { url: ReadySchema.parse(message).url, stop: () => child.disconnect() }
}
