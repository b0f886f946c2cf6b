import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sandboxLimits } from '#core/sandbox/limits'
import { isProtectedPath } from '#core/tools/protected-paths'
import { attacks, proved } from '../../../testing/attacks'
import { treeOf } from '../../../testing/workbench'
import { createCommandRunner } from '../node/command-runner'
import { newId } from '../node/system'
import { createSandbox } from './create-sandbox'

const hasBubblewrap = process.platform === 'linux' && existsSync('/usr/bin/bwrap')
const SECRET = 'canary-51ab'
/** There before, and to stay as they are; and not there before, and to stay so. */
const kept = ['.git/config', 'package.json', 'src/.vscode/tasks.json']
const planted = ['.git/hooks/post-commit', '.git/hooks/pre-push', '.envrc', '.vscode/tasks.json', '.husky/pre-commit', '.npmrc', 'src2/.vscode/new.json']

interface Place {
  readonly base: string
  readonly work: string
  readonly home: string
  readonly other: string
  readonly victim: ChildProcess
  readonly socket: string
  readonly server: Server
  readonly reached: string[]
  readonly held: number
}
const bench: { current: Place | null } = { current: null }
const here = (): Place => {
  if (!bench.current) throw new Error('no bench')
  return bench.current
}

beforeEach(async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-escapes-')))
  const [home, other] = [join(base, 'home'), join(base, 'other')]
  const work = join(home, 'work')
  for (const folder of [join(work, '.git/hooks'), join(work, 'src/.vscode'), join(home, '.ssh'), join(base, 'profile'), other]) mkdirSync(folder, { recursive: true })
  for (const path of [join(home, '.ssh/id'), join(home, '.bashrc'), join(base, 'profile/trestle.db'), join(other, 'file')]) writeFileSync(path, SECRET)
  for (const path of [...kept, 'a.txt']) writeFileSync(join(work, path), 'own\n')
  writeFileSync(join(work, '.git/HEAD'), 'ref: refs/heads/main\n')
  const reached: string[] = []
  const socket = join(base, 'agent.sock')
  const server = createServer(() => void reached.push('socket')).listen(socket)
  await once(server, 'listening')
  bench.current = { base, work, home, other, victim: spawn('sleep', ['600'], { stdio: 'ignore' }), socket, server, reached, held: openSync(join(home, '.ssh/id'), 'r') }
})
afterEach(() => {
  const { base, victim, server } = here()
  victim.kill()
  server.close()
  rmSync(base, { recursive: true, force: true })
})

/** Each row of what was tried somewhere, with some of the ways to try it. */
function rows({ home, other, victim, socket, held }: Place): Readonly<Record<string, readonly string[]>> {
  const touch = `touch ${other}/new`
  return {
    'a protected file that does not exist yet': ['echo x > .git/hooks/post-commit', 'echo x > .envrc', 'mkdir -p .vscode && cp a.txt .vscode/tasks.json', 'mkdir .husky; echo x | tee .husky/pre-commit', 'cp a.txt t && mv t .npmrc', 'ln a.txt .git/hooks/pre-push', 'ln -s ../../a.txt .git/hooks/pre-push'],
    'a linked parent with a missing leaf': [`ln -s ${other} out; echo x > out/new`, `mkdir d; ln -s ${home}/.ssh d/l; echo x > d/l/authorized_keys`, 'ln -s ../.. up; echo x > up/other/new', `ln -s ${other}/dangling dangling; echo x > dangling`],
    'a working folder outside': [`cd ${other}; echo x > new`, 'cd /; echo x > new-at-the-root', `cd ${home}/.ssh && cat id`, `git -C ${other} init -q`, `env -C ${other} touch new`, `cat ../.ssh/id ../../profile/trestle.db`],
    'files that other programs run': ['echo x >> .git/config', 'sed -i s/own/x/ package.json', 'echo x > src/.vscode/tasks.json', `echo x >> ${home}/.bashrc`, `git config alias.x '!id'`, 'cp a.txt package.json', 'truncate -s 0 package.json', `python3 -c "open('.git/config','w').write('x')"`],
    'wrappers': [`env ${touch}`, `timeout 5 ${touch}`, `sh -c '${touch}'`, `echo ${other}/new | xargs touch`, `find . -maxdepth 0 -exec ${touch} ';'`, `nohup ${touch}`, `setsid ${touch}`, `nice ${touch}`, `node -e "require('fs').writeFileSync('${other}/new','x')"`, `awk 'BEGIN { print "x" > "${other}/new" }'`, `perl -e 'open F, ">${other}/new"'`, `dd if=a.txt of=${other}/new`],
    'sockets of the system': [`socat - UNIX-CONNECT:${socket} < /dev/null`, `python3 -c "import socket; socket.socket(socket.AF_UNIX).connect('${socket}')"`, `node -e "require('net').connect('${socket}').on('error',()=>{})"`, 'ls /run/docker.sock /var/run/docker.sock "$SSH_AUTH_SOCK" "$DBUS_SESSION_BUS_ADDRESS"'],
    'processes and descriptors': [`cat /proc/${process.pid}/environ /proc/$PPID/environ /proc/1/environ`, `ls /proc/${process.pid}/root/`, `cat /proc/self/fd/${held}`, `cat <&${held}`, `kill -9 ${victim.pid ?? 0}`, `echo x > /proc/${process.pid}/oom_score_adj`],
    'renaming and linking': ['mv ../work ../moved', 'mv .git .git2; mkdir -p .git/hooks; echo x > .git/hooks/post-commit', 'mv src src2; mkdir -p src/.vscode; echo x > src/.vscode/tasks.json; echo x > src2/.vscode/new.json', `ln ${home}/.ssh/id stolen; cat stolen`, `ln ${other}/file mine; echo x > mine`, `cp -r ${other} copied; cat copied/*`],
    'mounting and rights': [`unshare -rm sh -c 'mount --bind ${other} d'`, `mount -t tmpfs none ${other}`, `chroot / ${touch}`, `nsenter -t 1 -m ${touch}`, 'mknod disk b 8 0', `chmod 4755 a.txt; chown 0 a.txt; ./a.txt`, `sudo -n ${touch}; su -c '${touch}'`],
    'what outlives it': [`(setsid sh -c 'sleep 0.2; ${touch}' >/dev/null 2>&1 &)`, `nohup sh -c 'sleep 0.2; ${touch}' >/dev/null 2>&1 &`, `echo '${touch}' | at now`, `echo '* * * * * ${touch}' | crontab -`, `(trap '' TERM HUP; sleep 0.2; ${touch}) &`],
  }
}

const textOf = (path: string) => (existsSync(join(here().work, path)) ? readFileSync(join(here().work, path), 'utf8') : null)
const outside = () => ({ other: treeOf(here().other, []), ssh: treeOf(join(here().home, '.ssh'), []), profile: readFileSync(join(here().base, 'profile/trestle.db'), 'utf8'), bashrc: readFileSync(join(here().home, '.bashrc'), 'utf8'), folders: readdirSync(here().base).sort(), root: readdirSync('/').sort() })

describe.skipIf(!hasBubblewrap)('what was a way out of a sandbox somewhere', () => {
  test('is none here: each row of them', async (context) => {
    for (const path of planted) expect([path, isProtectedPath(path)]).toEqual([path, true])
    const { base, work, home, victim, reached } = here()
    const sandbox = createSandbox({ profile: join(base, 'profile'), home })
    await sandbox.look()
    const runner = createCommandRunner({ sandbox, environment: { ...process.env, HOME: home, API_KEY: SECRET } })
    const before = outside()
    const wrong: string[] = []
    let tried = 0
    for (const [row, ways] of Object.entries(rows(here()))) {
      // One after the other in one shell; in the long run each by itself too.
      const shells = ways.map((way) => `( ${way}\n)`)
      for (const command of [shells.join('\n'), ...(attacks(0, 1) === 1 ? shells : [])]) {
        let output = ''
        const ended = await runner.run({ command: `${command}\necho the-end`, cwd: work, timeoutMs: 20_000, marker: newId(), maxOutputBytes: 1_000_000, onOutput: (text) => { output += text }, sandbox: { workspace: work, sessionId: 'session-1', hosts: [], limits: sandboxLimits } }, new AbortController().signal)
        const named = ended.confined?.madeProtected ?? []
        tried += 1
        const problems = [
          ...(ended.ended === 'exited' && output.includes('the-end') ? [] : [`it did not run: ${ended.ended}`]), ...(output.includes(SECRET) ? ['it read a secret'] : []), ...(JSON.stringify(outside()) === JSON.stringify(before) ? [] : ['something outside is another']),
          ...kept.filter((path) => ![null, 'own\n'].includes(textOf(path))).map((path) => `${path} was changed`), ...planted.filter((path) => textOf(path) !== null && !named.some((name) => path === name || path.startsWith(`${name}/`))).map((path) => `${path} was planted, and nobody told`), ...(victim.exitCode === null && victim.signalCode === null ? [] : ['a process was ended']), ...reached,
        ]
        // As the tool does with it.
        for (const path of named) rmSync(join(work, path), { recursive: true, force: true })
        if (problems.length > 0) wrong.push(`${row}: ${problems.join(', ')} by ${command.slice(0, 300)}`)
      }
      if (attacks(0, 1) === 0) tried += ways.length - 1
    }
    expect(wrong).toEqual([])
    proved(context, 'sandbox escapes', tried)
  }, 300_000)
})
