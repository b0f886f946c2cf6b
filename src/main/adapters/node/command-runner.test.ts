import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CommandRequest } from '#core/ports/command-runner'
import { createCommandRunner } from './command-runner'
import { parsePs, parseStat, processesOf, readProcesses } from './processes/process-table'
import { newId } from './system'

let cwd: string
let marker: string
beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'trestle-run-')))
  marker = newId()
})
afterEach(() => rm(cwd, { recursive: true, force: true }))

const never = new AbortController().signal
const secrets = { OPENAI_API_KEY: 'sk-secret', ANTHROPIC_API_KEY: 'secret', AWS_SECRET_ACCESS_KEY: 'secret', SSH_AUTH_SOCK: '/run/agent', DBUS_SESSION_BUS_ADDRESS: 'unix:x', NODE_OPTIONS: '--no-warnings', LD_PRELOAD: '' }
const runner = createCommandRunner({ environment: { ...process.env, ...secrets, LC_ALL: 'C.UTF-8' } })

async function run(command: string, changes: Partial<CommandRequest> = {}, signal = never) {
  let output = ''
  const onOutput = (text: string) => {
    output += text
    changes.onOutput?.(text)
  }
  const result = await runner.run({ command, cwd, timeoutMs: 20_000, sandbox: null, marker, maxOutputBytes: 1_000_000, ...changes, onOutput }, signal)
  return { ...result, output }
}

/** Processes that still carry the mark of the command. */
async function leftovers() {
  return (await readProcesses(marker)).filter((entry) => entry.marked)
}

describe('a command', () => {
  test('gives its exit code and both streams in order', async () => {
    expect(await run('echo one; echo two >&2; echo three; exit 3')).toEqual({ exitCode: 3, signal: null, ended: 'exited', confined: null, output: 'one\ntwo\nthree\n' })
  })

  test('runs in its folder with its input closed', async () => {
    expect(await run('pwd; cat; read x || echo no input')).toMatchObject({ output: `${cwd}\nno input\n` })
  })

  test('reports the shell\'s own complaints and the signal that ended it', async () => {
    expect(await run('if')).toMatchObject({ exitCode: 2, output: expect.stringContaining('yntax error') })
    expect(await run('kill -9 $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL', ended: 'exited' })
  })

  test('knows nothing of our environment but what is listed', async () => {
    const { output } = await run('env')
    const names = output.trim().split('\n').map((line) => line.split('=')[0] ?? '')
    const listed = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TMP', 'TEMP', 'HOSTNAME', 'TERM', 'PAGER', 'GIT_PAGER', 'GIT_TERMINAL_PROMPT', 'TRESTLE_COMMAND', 'LC_ALL', 'PWD', '_', 'SHLVL', 'OLDPWD']
    expect(names.filter((name) => !listed.includes(name) && !name.startsWith('LC_'))).toEqual([])
    expect(output).not.toContain('secret')
    expect(output).toContain('TERM=dumb\n')
  })

  test('keeps characters whole over the borders of chunks, escapes as they are, and drops NUL', async () => {
    const { output } = await run(`printf '\\033[31mr\\000ed\\n'; printf '\\303'; sleep 0.05; printf '\\251\\n'; head -c 300000 /dev/zero | tr '\\0' 'x' | sed 's/x/€/g'; printf '\\377'`)
    expect(output).toBe(`\u001b[31mred\né\n${'€'.repeat(300_000)}\uFFFD`)
  })

  test('streams while it runs', async () => {
    const seen: string[] = []
    const controller = new AbortController()
    const onOutput = (text: string) => {
      seen.push(text)
      controller.abort()
    }
    expect(await run('echo first; sleep 100; echo never', { onOutput }, controller.signal)).toMatchObject({ ended: 'cancelled', output: 'first\n' })
    expect(seen).toEqual(['first\n'])
  })

  test('is not started when it was cancelled before, and fails in words without its folder', async () => {
    expect(await run('touch started', {}, AbortSignal.abort())).toEqual({ exitCode: null, signal: null, ended: 'cancelled', confined: null, output: '' })
    await expect(run('true', { cwd: join(cwd, 'none') })).rejects.toMatchObject({ code: 'WORKSPACE_UNAVAILABLE' })
    await expect(run(`: ${'x'.repeat(3_000_000)}`)).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
  })

  test('a listener that throws ends the command and is not swallowed', async () => {
    const bug = new Error('listener')
    await expect(run('echo x; sleep 100', { onOutput: () => { throw bug } })).rejects.toBe(bug)
    expect(await leftovers()).toEqual([])
  })
})

describe('ends with nothing left:', () => {
  test('endless output, at the byte', async () => {
    const result = await run('yes', { maxOutputBytes: 100_001 })
    expect(result).toMatchObject({ ended: 'too_much_output', signal: 'SIGTERM' })
    expect(result.output.length).toBe(100_001)
    expect(await leftovers()).toEqual([])
  })

  test('output that fits exactly is not too much', async () => {
    expect(await run('printf 12345', { maxOutputBytes: 5 })).toEqual({ exitCode: 0, signal: null, ended: 'exited', confined: null, output: '12345' })
    expect(await run('printf 123456', { maxOutputBytes: 5 })).toMatchObject({ ended: 'too_much_output', output: '12345' })
  })

  test('a timeout', async () => {
    expect(await run('sleep 100 & sleep 100', { timeoutMs: 50 })).toMatchObject({ ended: 'timeout' })
    expect(await leftovers()).toEqual([])
  })

  test('a tree that ignores SIGTERM', async () => {
    const controller = new AbortController()
    const onOutput = (text: string) => text.includes('ready') && controller.abort()
    const command = `trap '' TERM; (trap '' TERM; sleep 100; sleep 100) & echo ready; while :; do sleep 1; done`
    expect(await run(command, { onOutput }, controller.signal)).toMatchObject({ ended: 'cancelled', signal: 'SIGKILL' })
    expect(await leftovers()).toEqual([])
  })

  test('children in the background, which hold the pipe open', async () => {
    expect(await run('sleep 100 & (sleep 100; echo never) & echo done')).toMatchObject({ exitCode: 0, ended: 'exited', output: 'done\n' })
    expect(await leftovers()).toEqual([])
  })

  test.each([
    ['nohup', 'nohup sleep 100 >/dev/null 2>&1 & echo done'],
    ['a session of its own', 'setsid sleep 100 & echo done'],
    ['a double fork into a new session', '(setsid sh -c "sleep 100 & sleep 100 &" &) ; echo done'],
    ['a daemon that ignores SIGTERM and SIGHUP', `(setsid sh -c "trap '' TERM HUP; while :; do sleep 1; done" &) ; echo done`],
    ['a child that dropped our environment', '(env -i sleep 100 >/dev/null &) ; echo done'],
    ['a daemon that dropped our environment, session and pipe', '(env -i setsid sh -c "sleep 100 & sleep 100 &" >/dev/null 2>&1 &) ; sleep 0.1; echo done'],
  ])('%s', async (_name, command) => {
    const before = await sleepers()
    expect(await run(command)).toMatchObject({ exitCode: 0, output: 'done\n' })
    expect(await leftovers()).toEqual([])
    expect(await sleepers()).toEqual(before)
  })

  test('many commands at once, whose children are born while the others are looked for', async () => {
    const command = 'for i in 1 2 3; do (env -i setsid sh -c "env -i setsid sh -c \'sleep 100 & sleep 100\' &" >/dev/null 2>&1 &); done'
    const markers = Array.from({ length: 40 }, () => newId())
    const lanes = [0, 1, 2, 3].map(async (lane) => {
      for (const own of markers.filter((_, index) => index % 4 === lane)) await run(command, { marker: own })
    })
    await Promise.all(lanes)
    for (const own of markers) expect((await readProcesses(own)).filter((entry) => entry.marked)).toEqual([])
  })

  test('a tree that keeps forking', async () => {
    const controller = new AbortController()
    const onOutput = (text: string) => text.includes('ready') && controller.abort()
    const command = `f() { n=$1; [ "$n" -gt 0 ] && { (f $((n-1))) & (setsid sh -c 'sleep 100' &); }; while :; do (sleep 0.01) & sleep 0.02; done; }; (f 4) & sleep 0.3; echo ready; wait`
    expect(await run(command, { onOutput }, controller.signal)).toMatchObject({ ended: 'cancelled' })
    expect(await leftovers()).toEqual([])
  })

  test('a command of a process of ours that was killed', async () => {
    const child = spawn('/bin/sh', ['-c', 'setsid sleep 100 & echo ready; exec sleep 100'], { detached: true, env: { PATH: process.env['PATH'], TRESTLE_COMMAND: marker }, stdio: ['ignore', 'pipe', 'ignore'] })
    await once(child.stdout, 'data')
    const other = newId()
    await runner.killLeftovers(other)
    expect((await leftovers()).length).toBe(2)
    await runner.killLeftovers('')
    await runner.killLeftovers(marker)
    expect(await leftovers()).toEqual([])
  })
})

describe('the process table', () => {
  test('survives names with brackets and leaves zombies out', () => {
    expect(parseStat('42 (a) b (c)) S 7 8 9 0 -1')).toEqual({ pid: 42, parent: 7, group: 8, session: 9 })
    expect(parseStat('42 (x) Z 7 8 9 0')).toBe(null)
  })

  test('reads what ps prints', () => {
    const table = '    1     0     1 Ss   /sbin/launchd\n   50     1    50 S    sleep 9 PATH=/bin TRESTLE_COMMAND=mark-1234 X=1\n   51     1    51 Z    (gone)\n   52    50    52 R+   sh TRESTLE_COMMAND=mark-12345\n'
    expect(parsePs(table, 'mark-1234')).toEqual([
      { pid: 1, parent: 0, group: 1, session: 0, marked: false },
      { pid: 50, parent: 1, group: 50, session: 0, marked: true },
      { pid: 52, parent: 50, group: 52, session: 0, marked: false },
    ])
  })

  test('takes the marked, their sessions and groups, and all descendants, and nobody else', () => {
    const entry = (pid: number, parent: number, group: number, session: number, marked = false) => ({ pid, parent, group, session, marked })
    const table = [entry(1, 0, 1, 1), entry(9, 1, 9, 9), entry(10, 9, 10, 10, true), entry(11, 1, 10, 10), entry(12, 1, 12, 12, true), entry(13, 12, 13, 13), entry(14, 13, 14, 14), entry(15, 1, 15, 15), entry(16, 9, 9, 9)]
    expect(processesOf(table, null, 9).map((found) => found.pid).sort()).toEqual([10, 11, 12, 13, 14])
    expect(processesOf(table.map((row) => ({ ...row, marked: false })), 10, 9).map((found) => found.pid)).toEqual([10, 11])
  })
})

/** Sleeps of 100 seconds, whoever started them. */
async function sleepers(): Promise<string[]> {
  const table = await readProcesses(marker)
  const lines = await Promise.all(table.map((entry) => readFile(`/proc/${entry.pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line === 'sleep\u0000100\u0000')
}
