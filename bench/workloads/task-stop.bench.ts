import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startWorkbench } from '../../src/testing/workbench'
import { isRunning } from '../is-running'
import { median } from '../median'
import { report } from '../report'

const ROUNDS = 5
/** Ignores what is polite, and has a child that has left its session. */
const command = "trap '' TERM; (setsid sh -c 'trap \"\" TERM; echo $$ > daemon.pid; while :; do sleep 1; done' > /dev/null 2>&1 < /dev/null &) ; while :; do sleep 1; done"

/** From the call that cancels a task to the answer: nothing of it runs any more then. */
async function measureOnce(): Promise<number> {
  const bench = await startWorkbench(() => ({ toolCalls: [{ id: 'call', name: 'run_command', arguments: { command } }] }))
  const file = join(bench.folder, 'daemon.pid')
  const { id } = await bench.client.tasks.create({ title: 'Run', instruction: 'Run it.', workspaceId: bench.workspace.id, mode: 'auto-edit' })
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await new Promise((resolve) => setImmediate(resolve))
  const from = performance.now()
  await bench.client.tasks.cancel({ id })
  const tookMs = performance.now() - from
  if (isRunning(Number(readFileSync(file, 'utf8')))) throw new Error('a process of a task is there still')
  await bench.close()
  return tookMs
}

const figures: number[] = []
for (let round = 0; round < ROUNDS; round += 1) figures.push(await measureOnce())
report({ name: 'task-stop.median', value: median(figures), unit: 'ms' })
report({ name: 'task-stop.max', value: Math.max(...figures), unit: 'ms' })
process.exit(0)
