import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning } from '../is-running'
import { median } from '../median'
import { report } from '../report'
import { startWorkbench } from '../../src/testing/workbench'

const ROUNDS = 5
const CHILDREN = 3
const LIMIT_MS = 2_000

/**
 * A turn with three agents side by side, each of which has an agent of its own that runs a command with a process behind it. From the
 * press on Stop until no run of them goes on and none of their processes is left.
 */
async function main(): Promise<void> {
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) took.push(await cancelOnce())
  const sorted = took.toSorted((left, right) => left - right)
  report({ name: 'agents.cancel.median', value: median(took), unit: 'ms' })
  report({ name: 'agents.cancel.worst', value: sorted.at(-1) ?? 0, unit: 'ms' })
  if ((sorted.at(-1) ?? 0) > LIMIT_MS) throw new Error(`stopping agents took more than ${LIMIT_MS} ms`)
}

async function cancelOnce(): Promise<number> {
  const bench = await startWorkbench((request) => {
    const asked = request.messages.findLast((message) => message.role === 'user')?.text ?? ''
    const call = (name: string, input: Record<string, unknown>) => ({ name, arguments: input })
    if (asked === 'Begin.') return { toolCalls: Array.from({ length: CHILDREN }, (_, index) => call('delegate', { instruction: `Middle ${index}` })) }
    if (asked.startsWith('Middle')) return { toolCalls: [call('delegate', { instruction: asked.replace('Middle', 'Bottom') })] }
    const number = asked.replace('Bottom ', '')
    return { toolCalls: [call('run_command', { command: `sleep 300 & echo $! > pid-${number}; wait` })] }
  })
  try {
    const { runId } = await bench.client.sessions.send({ id: bench.session.id, text: 'Begin.' })
    while (pidsOf(bench.folder).length < CHILDREN) await new Promise((resolve) => setTimeout(resolve, 20))
    const pids = pidsOf(bench.folder)
    const start = performance.now()
    await bench.client.runs.cancel({ id: runId })
    while (pids.some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 2))
    const took = performance.now() - start
    const { items } = await bench.client.agents.tree({ id: runId })
    if (items.length !== 1 + 2 * CHILDREN || items.some(({ state }) => state !== 'cancelled')) throw new Error(`not all were stopped: ${items.map(({ state }) => state).join(' ')}`)
    return took
  } finally {
    await bench.close()
  }
}

function pidsOf(folder: string): number[] {
  return readdirSync(folder).filter((name) => name.startsWith('pid-')).map((name) => Number(readFileSync(join(folder, name), 'utf8'))).filter((pid) => pid > 0)
}

await main()
