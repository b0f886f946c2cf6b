import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { startWorkbench, type Workbench } from '../../testing/workbench'

let bench: Workbench | null = null
afterEach(async () => {
  await bench?.close()
  bench = null
})

const MAX_STOP_MS = 2_000
/** A shell with a child, and one that has left its group, its session and its terminal; all of them ignore what is polite. */
const command = (name: string) => [
  "trap '' TERM HUP INT",
  `(setsid sh -c 'trap "" TERM HUP INT; echo $$ > ${name}-daemon.pid; while :; do sleep 1; done' > /dev/null 2>&1 < /dev/null &)`,
  `sh -c 'trap "" TERM; echo $$ > ${name}-child.pid; while :; do sleep 1; done' &`,
  `echo $$ > ${name}-shell.pid; wait`,
].join('\n')

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // One that has ended and was not waited for yet does nothing any more.
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function running() {
  bench = await startWorkbench((request) => {
    const [name = 'Parent'] = /Parent|Child/.exec(JSON.stringify(request.messages)) ?? []
    return { toolCalls: [{ id: name, name: 'run_command', arguments: { command: command(name) } }] }
  })
  const { client, workspace, folder, until } = bench
  const place = { instruction: 'Run it.', workspaceId: workspace.id, mode: 'auto-edit' } as const
  const parent = await client.tasks.create({ ...place, title: 'Parent' })
  const child = await client.tasks.create({ ...place, title: 'Child', parentId: parent.id })
  const files = ['Parent', 'Child'].flatMap((name) => ['shell', 'child', 'daemon'].map((role) => join(folder, `${name}-${role}.pid`)))
  await until((event) => event.topic === 'task.update' && event.payload.task.id === child.id && event.payload.task.state === 'running')
  while (!files.every((file) => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'))) await new Promise((resolve) => setImmediate(resolve))
  const pids = files.map((file) => Number(readFileSync(file, 'utf8')))
  expect(pids.filter(isAlive)).toEqual(pids)
  return { client, parent, child, pids }
}

const isLinux = process.platform === 'linux'

it.runIf(isLinux).each(['cancel', 'remove'] as const)('%s ends every process of a task and of its children, whatever they have left, within two seconds', async (how) => {
  const { client, parent, child, pids } = await running()
  const from = performance.now()
  await client.tasks[how]({ id: parent.id })
  const tookMs = performance.now() - from
  expect(pids.filter(isAlive)).toEqual([])
  expect(tookMs).toBeLessThan(MAX_STOP_MS)
  if (how === 'cancel') expect((await client.tasks.get({ id: child.id })).state).toBe('cancelled')
  else await expect(client.tasks.get({ id: child.id })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  expect(bench?.store.runs.listInStates(['running', 'waiting', 'queued'])).toEqual([])
}, 30_000)
