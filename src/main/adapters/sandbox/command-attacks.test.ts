import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxLimits } from '#core/sandbox/limits'
import { attacks, proved } from '../../../testing/attacks'
import { treeOf } from '../../../testing/workbench'
import { createCommandRunner } from '../node/command-runner'
import { newId } from '../node/system'
import { createSandbox } from './create-sandbox'

const SECRET = 'canary-4e1d7c'
const quote = (text: string) => `'${text.replaceAll(`'`, `'\\''`)}'`
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Ways to run a command that a list of commands would have to know: wrappers, built-ins, interpreters, encodings. */
const wrappers: Readonly<Record<string, (command: string) => string>> = {
  plain: (command) => command, 'sh -c': (command) => `sh -c ${quote(command)}`, 'bash -c': (command) => `bash -c ${quote(command)}`, eval: (command) => `eval ${quote(command)}`, env: (command) => `env X=1 sh -c ${quote(command)}`,
  'env -i': (command) => `env -i PATH="$PATH" HOME="$HOME" sh -c ${quote(command)}`, timeout: (command) => `timeout 9 sh -c ${quote(command)}`, nice: (command) => `nice -n 1 sh -c ${quote(command)}`, nohup: (command) => `nohup sh -c ${quote(command)}`,
  setsid: (command) => `setsid -w sh -c ${quote(command)}`, stdbuf: (command) => `stdbuf -o0 sh -c ${quote(command)}`, command: (command) => `command sh -c ${quote(command)}`, exec: (command) => `exec sh -c ${quote(command)}`, xargs: (command) => `printf %s ${quote(command)} | xargs -0 sh -c`,
  find: (command) => `find . -maxdepth 0 -exec sh -c ${quote(command)} \\;`, awk: (command) => `awk ${quote(`BEGIN{system(${JSON.stringify(command)})}`)}`, perl: (command) => `perl -e 'system(@ARGV)' sh -c ${quote(command)}`, python: (command) => `python3 -c 'import os,sys; os.execvp("sh",["sh","-c",sys.argv[1]])' ${quote(command)}`,
  pipe: (command) => `printf %s ${quote(command)} | sh`, base64: (command) => `echo ${base64(command)} | base64 -d | sh`, 'here document': (command) => `sh <<'END_OF_IT'\n${command}\nEND_OF_IT\n`, substitution: (command) => `echo "$(${command})"`, backquotes: (command) => `x=\`sh -c ${quote(command).replaceAll('`', '\\`')}\`; echo "$x"`,
  subshell: (command) => `(${command})`, group: (command) => `{ ${command}; }`, if: (command) => `if true; then ${command}; fi`, loop: (command) => `for i in 1; do ${command}; done`, function: (command) => `f() { ${command}; }; f`, trap: (command) => `sh -c ${quote(`trap ${quote(command)} EXIT; true`)}`,
  'a script': (command) => `printf %s ${quote(command)} > /tmp/s; sh /tmp/s`, source: (command) => `printf %s ${quote(command)} > /tmp/s; . /tmp/s`, alias: (command) => `alias a=${quote(command)}\na`, 'another folder': (command) => `cd / && ${command}`, and: (command) => `true && ${command} || true`,
  background: (command) => `{ ${command}; } & wait`, 'git alias': (command) => `git -c alias.x=${quote(`!${command}`)} x`, 'git pager': (command) => `git -c core.pager=${quote(`${command} #`)} -c pager.config=true -p config --list`, make: (command) => `printf 'x:\\n\\t@sh /tmp/m\\n' > /tmp/Makefile; printf %s ${quote(command)} > /tmp/m; make -s -f /tmp/Makefile x`,
  tar: (command) => `printf %s ${quote(command)} > /tmp/t; tar cf /dev/null --checkpoint=1 --checkpoint-action=exec='sh /tmp/t' /etc/hostname`, sed: (command) => `echo x | sed ${quote(`1e ${command}`)}`, flock: (command) => `flock /tmp/lock sh -c ${quote(command)}`, variables: (command) => `a=s; b=h; $a$b -c ${quote(command)}`,
  'a name in hex': (command) => `bash -c ${quote(`$'\\x73\\x68' -c ${quote(command)}`)}`, 'a glob': (command) => `/bin/s[h] -c ${quote(command)}`, 'process substitution': (command) => `bash -c ${quote(`. <(printf %s ${quote(command)})`)}`, coproc: (command) => `bash -c ${quote(`coproc ${`{ ${command} 1>&2; }`}; wait`)}`,
}

const bench: { base: string; home: string; work: string; web?: Server; port: number; asked: string[]; sleeper?: ChildProcess } = { base: '', home: '', work: '', port: 0, asked: [] }

/** What an attacker wants, each with an effect that is looked for afterwards. */
const goals = (): Readonly<Record<string, string>> => ({
  'write outside': `echo x > ${bench.base}/other/new`, 'overwrite outside': `echo x > ${bench.base}/other/file`, 'delete outside': `rm -rf ${bench.base}/other`, 'move outside': `mv ${bench.base}/other/file ${bench.work}/stolen`, 'write beside': 'echo x > ../../other/up',
  'write into the home folder': 'echo x >> ~/.bashrc', 'read a key': 'cat ~/.ssh/id', 'read the profile': `cat ${bench.base}/profile/trestle.db`, 'read what is outside': `cat ${bench.base}/other/file`, 'link and read': `ln -sf ${bench.base}/other /tmp/out; cat /tmp/out/file`,
  'read the environment': 'env; cat /proc/self/environ', 'read the environment of others': `cat /proc/${process.pid}/environ /proc/1/environ`, 'plant a hook': 'echo x > .git/hooks/post-commit', 'change what git runs': 'git config core.fsmonitor /tmp/x', 'change a script': 'echo x >> package.json',
  'send by HTTP': `curl -s -m 2 --noproxy '*' http://127.0.0.1:${bench.port}/reached`, 'send by a socket': `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${bench.port} && printf "GET /reached HTTP/1.0\\r\\n\\r\\n" >&3'`, 'end a process': `kill -9 ${bench.sleeper?.pid ?? 0}`, 'make a device': 'mknod /tmp/d b 8 0 && head -c 1 /tmp/d', 'write a system file': 'echo x > /etc/cron.d/x',
})

const hasBubblewrap = process.platform === 'linux' && existsSync('/usr/bin/bwrap')

describe.skipIf(!hasBubblewrap)('commands that a list would not know', () => {
  beforeAll(async () => {
    bench.base = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-commands-')))
    bench.home = join(bench.base, 'home')
    bench.work = join(bench.home, 'work')
    for (const folder of [join(bench.work, '.git/hooks'), join(bench.home, '.ssh'), join(bench.base, 'profile'), join(bench.base, 'other')]) mkdirSync(folder, { recursive: true })
    writeFileSync(join(bench.work, '.git/config'), '[core]\n')
    writeFileSync(join(bench.work, 'package.json'), '{}\n')
    for (const path of ['home/.ssh/id', 'home/.bashrc', 'profile/trestle.db', 'other/file']) writeFileSync(join(bench.base, path), SECRET)
    bench.sleeper = spawn('sleep', ['600'], { stdio: 'ignore' })
    bench.web = createServer((request, response) => void response.end(String(bench.asked.push(request.url ?? '')))).listen(0, '127.0.0.1')
    await once(bench.web, 'listening')
    bench.port = (bench.web.address() as AddressInfo).port
  })
  afterAll(() => {
    bench.sleeper?.kill()
    bench.web?.close()
    rmSync(bench.base, { recursive: true, force: true })
  })

  const held = () => ({
    other: treeOf(join(bench.base, 'other'), []), ssh: treeOf(join(bench.home, '.ssh'), []), git: treeOf(join(bench.work, '.git'), []), beside: readdirSync(bench.base).sort(),
    home: treeOf(bench.home, ['work', '.ssh']), package: treeOf(bench.work, ['.git', 'stolen'])['package.json'], cron: existsSync('/etc/cron.d/x'), alive: bench.sleeper?.exitCode === null && bench.sleeper.signalCode === null, asked: [...bench.asked],
  })

  test('these ways to run something do run it here', () => {
    const folder = join(bench.base, 'ways')
    mkdirSync(folder)
    const works = Object.values(wrappers).filter((wrap, index) => {
      try {
        execFileSync('/bin/sh', ['-c', wrap(`touch ${folder}/${index}`)], { cwd: folder, stdio: 'ignore' })
      } catch {
        // Not every program is everywhere.
      }
      return existsSync(join(folder, String(index)))
    })
    rmSync(folder, { recursive: true })
    expect(works.length).toBeGreaterThan(Object.keys(wrappers).length * 0.8)
  })

  test('none gets out of the sandbox, alone or one in the other', async (context) => {
    const { base, home, work } = bench
    const sandbox = createSandbox({ profile: join(base, 'profile'), home })
    await sandbox.look()
    const runner = createCommandRunner({ sandbox, environment: { ...process.env, HOME: home, API_KEY: SECRET } })
    const names = Object.keys(wrappers)
    const wrapped = (index: number, command: string) => (wrappers[names[index % names.length] ?? 'plain'] ?? String)(command)
    const wanted = Object.values(goals())
    const alone = wanted.flatMap((command) => names.map((_name, index) => wrapped(index, command)))
    const nested = wanted.flatMap((command, goal) => names.map((_name, index) => wrapped(index, wrapped(index * 7 + goal + 1, command))))
    // The same spread over wrappers and goals whatever the number.
    const many = attacks(240, alone.length + nested.length)
    const all = [...alone, ...nested].filter((_command, index, { length }) => Math.floor((index * many) / length) !== Math.floor(((index - 1) * many) / length))
    const before = held()
    for (let at = 0; at < all.length; at += 40) {
      const group = all.slice(at, at + 40)
      writeFileSync(join(work, 'group.sh'), group.map((command) => `(\n${command}\n) </dev/null`).join('\n'))
      let output = ''
      const result = await runner.run({
        command: 'sh -c ". ./group.sh"; echo reached the end', cwd: work, timeoutMs: 120_000, marker: newId(), maxOutputBytes: 5_000_000, onOutput: (text) => { output += text },
        sandbox: { workspace: work, sessionId: 'session-1', hosts: [], limits: sandboxLimits },
      }, new AbortController().signal)
      expect([result.ended, output.endsWith('reached the end\n')]).toEqual(['exited', true])
      expect(output.includes(SECRET) ? group.find((command) => command.includes('cat') || command.includes('env')) : null).toBeNull()
      expect(held()).toEqual(before)
    }
    expect(all.length).toBeGreaterThanOrEqual(240)
    proved(context, 'commands', all.length)
  }, 600_000)
})
