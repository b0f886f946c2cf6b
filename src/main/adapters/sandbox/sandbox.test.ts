import { spawn } from 'node:child_process'
import { existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '#core/ports/sandbox'
import { sandboxLimits } from '#core/sandbox/limits'
import { createCommandRunner } from '../node/command-runner'
import { newId } from '../node/system'
import { createSandbox } from './create-sandbox'

const hasBubblewrap = process.platform === 'linux' && existsSync('/usr/bin/bwrap')
const never = new AbortController().signal
const secret = 'canary-7d1f'

interface Bench {
  readonly base: string
  readonly work: string
  readonly home: string
  readonly sandbox: Sandbox
  readonly runner: ReturnType<typeof createCommandRunner>
}
const bench: { current: Bench | null } = { current: null }

beforeEach(async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-sandbox-')))
  const [home, profile] = [join(base, 'home'), join(base, 'profile')]
  const work = join(home, 'work')
  for (const folder of [join(work, '.git/hooks'), join(work, 'src/.vscode'), join(home, '.ssh'), profile, join(base, 'other')]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(work, '.git/config'), '[core]\n')
  writeFileSync(join(work, '.git/HEAD'), 'ref: refs/heads/main\n')
  for (const name of ['a.txt', 'package.json', 'src/.vscode/tasks.json']) writeFileSync(join(work, name), '{}\n')
  for (const path of [join(home, '.ssh/id'), join(home, '.bashrc'), join(profile, 'trestle.db'), join(base, 'other/file')]) writeFileSync(path, secret)
  const sandbox = createSandbox({ profile, home, resolve: (host) => Promise.resolve(names[host] ?? []) })
  await sandbox.look()
  bench.current = { base, work, home, sandbox, runner: createCommandRunner({ sandbox, environment: { ...process.env, HOME: home, API_KEY: secret } }) }
})
afterEach(() => rmSync(here().base, { recursive: true, force: true }))

const names: Readonly<Record<string, string[]>> = {
  'rebound.a.example': ['127.0.0.1'], 'metadata.a.example': ['169.254.169.254'], 'half.a.example': ['93.184.216.34', '10.0.0.1'], localhost: ['127.0.0.1'],
}

function here(): Bench {
  if (!bench.current) throw new Error('no bench')
  return bench.current
}

async function run(command: string, { hosts = [], limits = {}, maxOutputBytes = 1_000_000, timeoutMs = 20_000, sessionId = 'session-1' }: {
  hosts?: readonly string[]; limits?: Partial<typeof sandboxLimits>; maxOutputBytes?: number; timeoutMs?: number; sessionId?: string
} = {}) {
  let output = ''
  const result = await here().runner.run({
    command, cwd: here().work, timeoutMs, marker: newId(), maxOutputBytes, onOutput: (text) => { output += text },
    sandbox: { workspace: here().work, sessionId, hosts, limits: { ...sandboxLimits, ...limits } },
  }, never)
  return { ...result, output }
}

/** Everything under a folder with its content, links as such. */
function tree(folder: string, prefix = ''): Record<string, string> {
  return Object.fromEntries(readdirSync(folder, { withFileTypes: true }).flatMap((entry): [string, string][] => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return Object.entries(tree(path, `${prefix}${entry.name}/`))
    return [[`${prefix}${entry.name}`, entry.isSymbolicLink() ? 'link' : readFileSync(path, 'latin1')]]
  }))
}
const outside = () => ({ other: tree(join(here().base, 'other')), ssh: tree(join(here().home, '.ssh')), bashrc: readFileSync(join(here().home, '.bashrc'), 'utf8') })

describe.skipIf(!hasBubblewrap)('inside bubblewrap', () => {
  test('a command works: it reads and writes the workspace and a temporary folder that its session keeps', async () => {
    expect(here().sandbox.status()).toEqual({ state: 'on', kind: 'bubblewrap', network: true, why: null })
    expect(await run('cat a.txt; echo new > b.txt; mkdir -p src/deep && mv b.txt src/deep; echo kept > /tmp/note; pwd; exit 3')).toMatchObject({
      exitCode: 3, ended: 'exited', output: `{}\n${here().work}\n`, confined: { madeProtected: [], refusedHosts: [] },
    })
    expect(readFileSync(join(here().work, 'src/deep/b.txt'), 'utf8')).toBe('new\n')
    expect((await run('cat /tmp/note; ls ~')).output).toBe('kept\nwork\n')
    expect(await run('cat /tmp/note', { sessionId: 'session-2' })).toMatchObject({ exitCode: 1, output: expect.not.stringContaining('kept') })
    expect(existsSync('/tmp/note')).toBe(false)
  })

  test('commits can be made', async () => {
    rmSync(join(here().work, '.git'), { recursive: true })
    await once(spawn('git', ['init', '-q'], { cwd: here().work }), 'exit')
    expect(await run('git -c user.name=a -c user.email=a@b.c -c safe.directory="*" add a.txt && git -c user.name=a -c user.email=a@b.c commit -qm one && git log --format=%s')).toMatchObject({ exitCode: 0, output: 'one\n', confined: { madeProtected: [] } })
  })

  test.each([
    ['a path outside', 'echo x > ../../other/file; echo x > ../../other/new; rm -rf ../../other'],
    ['the home folder', 'echo x > ~/.ssh/id; echo x >> ~/.bashrc; rm -rf ~/.ssh ~/.bashrc'],
    ['a folder that the command goes to itself', `cd / && cd ../../../ ; echo x > "$(dirname "$(dirname "$PWD")")/other/new"; cd ~ && rm -rf .ssh .bashrc`],
    ['a link whose parent leads outside', 'ln -s ../../other out; echo x > out/file; echo x > out/missing; ln -s ../../.ssh keys; rm -rf keys/'],
    ['wrappers', `env sh -c 'echo x > ../../other/file'; timeout 5 sh -c 'rm -rf ~/.ssh'; echo ../../other/file | xargs rm -f; find ~/.ssh -exec rm -rf {} +`],
    ['a program in the background that lives on', '(setsid sh -c "sleep 0.3; echo x > ../../other/file" >/dev/null 2>&1 &) ; sleep 0.6'],
  ])('nothing outside is changed by way of %s', async (_name, command) => {
    const before = outside()
    await run(command)
    expect(outside()).toEqual(before)
  })

  test('keys, other folders, the profile and our environment are not seen', async () => {
    const { base, home } = here()
    const { output } = await run(`cat ~/.ssh/id ~/.bashrc ${base}/profile/trestle.db ${base}/other/file ${home}/../other/file /etc/shadow /proc/1/environ; env; cat /proc/*/environ | tr '\\0' '\\n'`)
    expect(output).not.toContain(secret)
    expect(output).not.toMatch(/^root:[^:]*:\d/m)
  })

  test.each([
    ['.git/hooks/pre-commit', 'echo x > .git/hooks/pre-commit; mv .git/hooks .git/h2'], ['.git/config', 'git config core.fsmonitor evil; echo x >> .git/config; rm -f .git/config; mv x .git/config'],
    ['package.json', 'echo x > package.json; rm -f package.json; mv a.txt package.json; ln -sf a.txt package.json'], ['src/.vscode/tasks.json', 'echo x > src/.vscode/tasks.json; mv src/.vscode src/v'],
    ['a renamed ancestor', 'mv .git .git2 && mkdir -p .git/hooks && echo x > .git/hooks/pre-commit; mv src src2'], ['a hard link', 'ln .git/config c && echo x > c; ln package.json p && echo x > p'],
    ['a bind mount', 'mount --bind . .git/hooks; umount .git/hooks; unshare -Urm sh -c "umount .git/hooks; echo x > .git/hooks/x"'],
  ])('what other programs would run stays as it was: %s', async (_name, command) => {
    const before = tree(here().work)
    const { confined } = await run(command)
    const after = tree(here().work)
    for (const path of Object.keys(before)) if (path !== 'a.txt') expect([path, after[path]]).toEqual([path, before[path]])
    expect(confined?.madeProtected).toEqual([])
    expect(Object.keys(after).filter((path) => path.startsWith('.git/hooks/') || path.startsWith('.git2'))).toEqual([])
  })

  test('what did not exist and other programs would run is named when it is made', async () => {
    const { confined } = await run(`mkdir .idea .vscode sub; echo x > .vscode/tasks.json; echo x > .envrc; echo x > sub/.npmrc; echo x > .git/commondir; ln -s a.txt .bashrc
      mkdir -p sub/repo/.git/hooks sub/bare/objects sub/bare/refs; echo x > sub/bare/HEAD; echo ok > fine.txt`)
    expect([...(confined?.madeProtected ?? [])].sort()).toEqual(['.bashrc', '.envrc', '.git/commondir', '.idea', '.vscode', 'sub/.npmrc', 'sub/bare/HEAD', 'sub/repo/.git'])
  })

  test('a repository without hooks gets none', async () => {
    rmSync(join(here().work, '.git/hooks'), { recursive: true })
    await run('mkdir -p .git/hooks; echo x > .git/hooks/post-checkout')
    expect(readdirSync(join(here().work, '.git/hooks'))).toEqual([])
  })

  test('a protected name that is a link is not followed', async () => {
    rmSync(join(here().work, 'src/.vscode'), { recursive: true })
    symlinkSync(join(here().base, 'other'), join(here().work, 'src/.vscode'))
    await run('echo x > src/.vscode/file')
    expect(readFileSync(join(here().base, 'other/file'), 'utf8')).toBe(secret)
    expect((await run('rm src/.vscode; ln -s ../a.txt src/.vscode')).confined?.madeProtected).toEqual(['src/.vscode'])
  })

  test('no socket of the system is there, and no descriptor of ours is inherited', async () => {
    const socket = join(here().base, 'agent.sock')
    const server = createSocketServer(() => { throw new Error('reached') }).listen(socket)
    await once(server, 'listening')
    const held = openSync(join(here().home, '.ssh/id'), 'r')
    const { output } = await run(`ls /run /var/run 2>/dev/null; ls -l /proc/self/fd | grep -v -e /dev/null -e pipe: -e /proc/ -e total; socat - UNIX-CONNECT:${socket}; cat /proc/self/fd/${held}; true`)
    expect(output).not.toContain(secret)
    expect(output).not.toMatch(/docker|dbus|user\/|\.ssh|trestle-sandbox.*id/)
    server.close()
  })

  test('other processes can neither be seen nor signalled', async () => {
    const sleeper = spawn('sleep', ['60'])
    const { output } = await run(`kill -9 ${sleeper.pid} ${process.pid}; ls -d /proc/[0-9]* | wc -l; cat /proc/${process.pid}/environ; kill -0 ${process.pid} && echo seen`)
    expect(output).not.toContain('seen')
    expect(sleeper.exitCode).toBeNull()
    sleeper.kill()
  })

  test('it has no rights that it could use to get out', async () => {
    const { output } = await run('grep -e CapEff -e NoNewPrivs /proc/self/status; unshare -U true 2>/dev/null && echo namespace; mknod disk b 8 0 2>/dev/null && echo node; chroot / true 2>/dev/null && echo chroot; dd if=/dev/sda of=/dev/null count=1 2>/dev/null && echo disk; echo x > /etc/x; echo x > /usr/x; echo x > /x; echo end')
    expect(output).toContain('CapEff:\t0000000000000000\nNoNewPrivs:\t1\n')
    expect(output).not.toMatch(/^(namespace|node|chroot|disk)$/m)
    expect(existsSync('/etc/x') || existsSync('/usr/x') || existsSync('/x')).toBe(false)
  })

  test('limits hold: processes, memory, the size of a file, output, time', async () => {
    expect(await run('i=0; while [ $i -lt 60 ]; do sleep 30 & i=$((i+1)); done; wait', { limits: { processes: 40 } })).toMatchObject({ ended: 'too_many_processes' })
    expect(await run(`node -e "const all=[];setInterval(()=>all.push(Buffer.alloc(2e7,1)),5)"`, { limits: { memoryBytes: 300 * 1024 ** 2 } })).toMatchObject({ ended: 'too_much_memory' })
    await run('head -c 50000000 /dev/zero > big', { limits: { fileBytes: 1_000_448 } })
    expect(statSync(join(here().work, 'big')).size).toBeLessThanOrEqual(1_000_448)
    expect(await run('yes', { maxOutputBytes: 100_000 })).toMatchObject({ ended: 'too_much_output' })
    expect(await run('trap "" TERM; sleep 60 & sleep 60', { timeoutMs: 100 })).toMatchObject({ ended: 'timeout' })
  }, 30_000)

  test('what starts one process after the other ends, and nothing of it is left', async () => {
    const marker = newId()
    const result = await here().runner.run({
      command: 'while :; do sleep 30 & done', cwd: here().work, timeoutMs: 15_000, marker, maxOutputBytes: 10_000, onOutput: () => undefined,
      sandbox: { workspace: here().work, sessionId: 'session-1', hosts: [], limits: { ...sandboxLimits, processes: 100 } },
    }, never)
    expect(result.ended).toBe('too_many_processes')
    expect(readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && carries(pid, marker))).toEqual([])
  }, 30_000)

  test('a sandbox that is missing or broken never lets a command run bare', async () => {
    const broken = createSandbox({ profile: join(here().base, 'profile'), home: here().home, program: '/bin/false' })
    expect(await broken.look()).toMatchObject({ state: 'off', why: 'bubblewrap could not be started.' })
    const runner = createCommandRunner({ sandbox: broken })
    expect(runner.sandboxed).toBe(false)
    const request = { command: 'echo x > ran', cwd: here().work, timeoutMs: 5000, marker: newId(), maxOutputBytes: 1000, onOutput: () => undefined, sandbox: { workspace: here().work, sessionId: 's', hosts: [], limits: sandboxLimits } }
    expect(await runner.run(request, never).then(({ exitCode }) => exitCode)).toBe(1)
    await expect(createCommandRunner().run(request, never)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    await expect(here().runner.run({ ...request, sandbox: { ...request.sandbox, workspace: '/' } }, never)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    expect(existsSync(join(here().work, 'ran'))).toBe(false)
  })

  test('a workspace that is the home folder shows no keys', async () => {
    const { home, base } = here()
    mkdirSync(join(home, '.aws'))
    linkSync(join(home, '.ssh/id'), join(home, '.aws/credentials'))
    let output = ''
    await here().runner.run({
      command: 'cat .ssh/id .aws/credentials; echo x > .bashrc; echo x > .ssh/id', cwd: home, timeoutMs: 5000, marker: newId(), maxOutputBytes: 10_000, onOutput: (text) => { output += text },
      sandbox: { workspace: home, sessionId: 'session-1', hosts: [], limits: sandboxLimits },
    }, never)
    expect(output).not.toContain(secret)
    expect([readFileSync(join(home, '.bashrc'), 'utf8'), readFileSync(join(home, '.ssh/id'), 'utf8'), lstatSync(join(base, 'other/file')).isFile()]).toEqual([secret, secret, true])
  })
})

describe.skipIf(!hasBubblewrap)('the network inside bubblewrap', () => {
  const web: { server?: Server; port: number; asked: string[] } = { port: 0, asked: [] }
  beforeAll(async () => {
    web.server = createServer((request, response) => {
      web.asked.push(request.url ?? '')
      response.end('page')
    }).listen(0, '127.0.0.1')
    await once(web.server, 'listening')
    const address = web.server.address()
    web.port = typeof address === 'object' && address ? address.port : 0
  })
  afterAll(() => web.server?.close())

  test('is not there unless a host was granted', async () => {
    const { output } = await run(`curl -sS --noproxy '*' -m 3 http://127.0.0.1:${web.port}/direct; curl -sS -m 3 http://127.0.0.1:${web.port}/proxy; cat /proc/net/route | wc -l`)
    expect(web.asked.filter((url) => ['/direct', '/proxy'].includes(url))).toEqual([])
    expect(output).toContain('1\n')
  })

  test('reaches a granted host and only that, by either way of asking', async () => {
    const url = `http://127.0.0.1:${web.port}`
    const { output, confined } = await run(`curl -sS --noproxy '' -m 5 ${url}/plain; curl -sS --noproxy '' -p -m 5 ${url}/tunnel; curl -s --noproxy '' -o /dev/null -w '%{http_code}' -m 5 http://other.example/; curl -s -o /dev/null -m 5 https://other.example/; true`, { hosts: [`127.0.0.1:${web.port}`] })
    expect(web.asked).toEqual(['/plain', '/tunnel'])
    expect(output).toBe('pagepage403')
    expect(confined?.refusedHosts).toEqual([{ host: 'other.example:80', why: 'it was not allowed' }, { host: 'other.example:443', why: 'it was not allowed' }])
  })

  test('names that lead to this machine or its network are refused, granted or not', async () => {
    web.asked.length = 0
    const { confined } = await run(['rebound', 'metadata', 'half'].map((name) => `curl -s --noproxy '' -m 5 http://${name}.a.example:${web.port}/`).join('; '), { hosts: [`*.a.example:${web.port}`] })
    expect(web.asked).toEqual([])
    expect(confined?.refusedHosts.map(({ why }) => why)).toEqual(Array.from({ length: 3 }, () => 'its name leads to this computer or its network'))
  })
})

function carries(pid: string, marker: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(marker)
  } catch {
    return false
  }
}
