import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TerminalMessage } from '#contract/terminals'
import { startWorkbench, type Workbench } from '../../testing/workbench'

let bench: Workbench
let id: string
beforeEach(async () => {
  bench = await startWorkbench([])
  id = bench.workspace.id
})
afterEach(() => bench.close())

/** Reads what a terminal shows, as a window does. */
async function attach(terminal: string, { acknowledge = true } = {}) {
  const stop = new AbortController()
  const seen: TerminalMessage[] = []
  const shown = { text: '', end: 0 }
  const waiting = new Set<() => void>()
  const reading = (async () => {
    for await (const message of await bench.client.terminals.output({ id: terminal }, { signal: stop.signal })) {
      seen.push(message)
      if (message.kind === 'reset') shown.text = ''
      if (message.kind === 'output') {
        shown.text += message.data
        shown.end = message.offset + message.data.length
        if (acknowledge) await bench.client.terminals.seen({ id: terminal, offset: shown.end })
      }
      for (const look of waiting) look()
    }
  })().catch(() => undefined)
  const until = (fits: () => boolean) => new Promise<void>((resolve) => {
    const look = () => { if (fits()) resolve() }
    waiting.add(look)
    look()
  })
  return { seen, shown, until, reading, detach: async () => { stop.abort(); await reading } }
}
/** One that has ended and that nobody has looked at yet is still in the table. */
const alive = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))

it('shows what the shell says, takes what is typed, and keeps it for a window that comes back', async () => {
  const terminal = await bench.client.terminals.create({ id, columns: 100, rows: 30 })
  expect(terminal).toMatchObject({ title: 'Terminal 1', state: 'running', workspaceId: id })
  const first = await attach(terminal.id)
  await bench.client.terminals.input({ id: terminal.id, data: 'echo from-"the"-shell; pwd; stty size\r' })
  await first.until(() => first.shown.text.includes('from-the-shell') && first.shown.text.includes(bench.folder) && first.shown.text.includes('30 100'))
  await first.detach()
  const again = await attach(terminal.id)
  await again.until(() => again.shown.text.includes('from-the-shell'))
  expect(again.seen[0]).toEqual({ kind: 'reset', offset: 0, replayUntil: first.shown.end })
  await bench.client.terminals.resize({ id: terminal.id, columns: 61, rows: 17 })
  await bench.client.terminals.input({ id: terminal.id, data: 'stty size\r' })
  await again.until(() => again.shown.text.includes('17 61'))
  await bench.client.terminals.input({ id: terminal.id, data: 'exit 3\r' })
  await again.until(() => again.seen.at(-1)?.kind === 'ended')
  expect((await bench.client.terminals.list({ id })).items).toMatchObject([{ state: 'ended', exitCode: 3 }])
  expect((await bench.client.terminals.rename({ id: terminal.id, title: 'Build' })).title).toBe('Build')
  await bench.client.terminals.close({ id: terminal.id })
  expect((await bench.client.terminals.list({ id })).items).toEqual([])
})

it('runs only in a folder that is trusted', async () => {
  await bench.client.workspaces.trust({ id, trusted: false })
  await expect(bench.client.terminals.create({ id })).rejects.toMatchObject({ code: 'WORKSPACE_UNTRUSTED' })
})

it('ends with the trust in its folder, and so does what it started', async () => {
  const pids = join(bench.home, 'pids')
  const terminal = await bench.client.terminals.create({ id })
  const { seen, until } = await attach(terminal.id, { acknowledge: false })
  await bench.client.terminals.input({ id: terminal.id, data: `sleep 1000 & echo $! > ${pids}\r` })
  await expect.poll(() => existsSync(pids) && readFileSync(pids, 'utf8').trim()).toMatch(/^\d+$/)
  await bench.client.workspaces.trust({ id, trusted: false })
  await until(() => seen.at(-1)?.kind === 'ended')
  expect([alive(Number(readFileSync(pids, 'utf8'))), (await bench.client.terminals.list({ id })).items]).toEqual([false, []])
})

it('does not start when the trust goes while it starts', async () => {
  await Promise.allSettled([bench.client.terminals.create({ id }), bench.client.workspaces.trust({ id, trusted: false })])
  expect((await bench.client.terminals.list({ id })).items).toEqual([])
})

it('knows nothing of our environment but what is allowed', async () => {
  process.env['TRESTLE_TEST_SECRET'] = 'sk-do-not-show'
  const terminal = await bench.client.terminals.create({ id })
  const { shown, until } = await attach(terminal.id)
  await bench.client.terminals.input({ id: terminal.id, data: 'env; echo d"on"e\r' })
  await until(() => shown.text.includes('\ndone'))
  delete process.env['TRESTLE_TEST_SECRET']
  expect(shown.text).toContain('TERM=xterm-256color')
  expect(shown.text).not.toMatch(/sk-do-not-show|TRESTLE_TEST_SECRET|npm_|VITEST/)
})

it('closing ends everything that the shell started, also what hid from it', async () => {
  const terminal = await bench.client.terminals.create({ id })
  const pids = join(bench.home, 'pids')
  writeFileSync(pids, '')
  await bench.client.terminals.input({ id: terminal.id, data: `sleep 1000 & echo $! >> ${pids}; (setsid nohup sleep 1000 >/dev/null 2>&1 & echo $! >> ${pids}); echo r"ead"y >> ${pids}\r` })
  await expect.poll(() => readFileSync(pids, 'utf8')).toContain('ready')
  const started = readFileSync(pids, 'utf8').split('\n').map(Number).filter((pid) => pid > 1)
  expect(started.map(alive)).toEqual([true, true])
  await bench.client.terminals.close({ id: terminal.id })
  expect(started.map(alive)).toEqual([false, false])
})

it('stopping Trestle ends its terminals', async () => {
  const terminal = await bench.client.terminals.create({ id })
  const pids = join(bench.home, 'pids')
  await bench.client.terminals.input({ id: terminal.id, data: `echo $$ > ${pids}\r` })
  await expect.poll(() => existsSync(pids) && readFileSync(pids, 'utf8').trim()).toMatch(/^\d+$/)
  const pid = Number(readFileSync(pids, 'utf8'))
  await bench.runtime.stop(0)
  expect(alive(pid)).toBe(false)
})

it('a program that floods waits for its reader, and everything else goes on', async () => {
  const terminal = await bench.client.terminals.create({ id })
  const { shown, until, detach } = await attach(terminal.id, { acknowledge: false })
  await bench.client.terminals.input({ id: terminal.id, data: 'yes flooding\r' })
  await until(() => shown.end > 400_000)
  const listed = await bench.client.terminals.list({ id })
  expect(listed.items).toHaveLength(1)
  const held = shown.end
  // It has stopped: what comes now is only what was on its way.
  await bench.client.settings.get({})
  expect(shown.end - held).toBeLessThan(1_000_000)
  await bench.client.terminals.seen({ id: terminal.id, offset: shown.end })
  await until(() => shown.end > held + 100_000)
  await detach()
  // Without a reader it runs on, and what is kept is bounded.
  const again = await attach(terminal.id)
  await again.until(() => again.seen[0]?.kind === 'reset')
  const [open] = again.seen
  expect(open?.kind === 'reset' && open.replayUntil - open.offset).toBeLessThanOrEqual(1_000_000)
  await again.detach()
})

it('there are only so many', async () => {
  for (let count = 0; count < 20; count += 1) await bench.client.terminals.create({ id })
  await expect(bench.client.terminals.create({ id })).rejects.toMatchObject({ code: 'CONFLICT' })
}, 60_000)
