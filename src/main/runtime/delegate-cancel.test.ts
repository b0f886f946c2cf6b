import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startWorkbench } from '../../testing/workbench'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

it('stopping an agent ends the processes of those far below it, within two seconds', async () => {
  const bench = await startWorkbench((request) => {
    const asked = request.messages.findLast((message) => message.role === 'user')?.text
    if (asked === 'Begin.') return { toolCalls: [{ name: 'delegate', arguments: { instruction: 'Middle' } }] }
    if (asked === 'Middle') return { toolCalls: [{ name: 'delegate', arguments: { instruction: 'Bottom' } }] }
    return { toolCalls: [{ name: 'run_command', arguments: { command: 'sleep 300 & echo $!; echo $! > pid; wait' } }] }
  })
  try {
    const { runId } = await bench.client.sessions.send({ id: bench.session.id, text: 'Begin.' })
    await bench.until((event) => event.topic === 'tool.output' && existsSync(join(bench.folder, 'pid')) && readFileSync(join(bench.folder, 'pid'), 'utf8').endsWith('\n'))
    const pid = Number(readFileSync(join(bench.folder, 'pid'), 'utf8'))
    expect(isAlive(pid)).toBe(true)
    expect(await bench.client.runs.cancel({ id: runId })).toMatchObject({ state: 'cancelled' })
    // The system may take a moment to forget it.
    await expect.poll(() => isAlive(pid), { timeout: 2_000, interval: 10 }).toBe(false)
    expect((await bench.client.agents.tree({ id: runId })).items.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled'])
  } finally {
    await bench.close()
  }
}, 20_000)
