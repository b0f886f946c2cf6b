import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sandboxLimits } from '../../src/main/core/sandbox/limits'
import { createCommandRunner } from '../../src/main/adapters/node/command-runner'
import { newId } from '../../src/main/adapters/node/system'
import { createSandbox } from '../../src/main/adapters/sandbox'
import { median } from '../median'
import { report } from '../report'

const ROUNDS = 30
const run = promisify(execFile)
const never = new AbortController().signal

/** A workspace as they are: 400 folders, a repository, some packages. */
function makeWorkspace(base: string): string {
  const workspace = join(base, 'work')
  mkdirSync(join(workspace, '.git/hooks'), { recursive: true })
  writeFileSync(join(workspace, '.git/config'), '[core]\n')
  for (let index = 0; index < 400; index++) {
    const folder = join(workspace, `packages/p${index % 20}/src/f${index}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'index.ts'), '')
    writeFileSync(join(workspace, `packages/p${index % 20}/package.json`), '{}')
  }
  return workspace
}

const base = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-bench-sandbox-')))
if (!existsSync('/usr/bin/bwrap')) {
  process.stderr.write('bench sandbox: no bubblewrap here\n')
} else {
  const workspace = makeWorkspace(base)
  mkdirSync(join(base, 'profile'))
  const sandbox = createSandbox({ profile: join(base, 'profile') })
  await sandbox.look()
  const runner = createCommandRunner({ sandbox })
  const policy = { workspace, sessionId: 'bench', hosts: [], limits: sandboxLimits }
  const bare = ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '/bin/sh', '-c', 'true']
  const command = (inside: boolean) => runner.run({ command: 'true', cwd: workspace, timeoutMs: 10_000, marker: newId(), maxOutputBytes: 1000, onOutput: () => undefined, sandbox: inside ? policy : null }, never)
  const ways = {
    spawn: () => run('/bin/sh', ['-c', 'true']), bwrap: () => run('/usr/bin/bwrap', bare), runner: () => command(false), ours: () => command(true),
    network: () => runner.run({ command: 'true', cwd: workspace, timeoutMs: 10_000, marker: newId(), maxOutputBytes: 1000, onOutput: () => undefined, sandbox: { ...policy, hosts: ['example.com'] } }, never),
  }
  const times = Object.fromEntries(Object.keys(ways).map((name) => [name, [] as number[]]))
  for (let round = 0; round < ROUNDS + 3; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const started = performance.now()
      await way()
      if (round >= 3) times[name]?.push(performance.now() - started)
    }
  }
  const of = (name: keyof typeof ways) => median(times[name] ?? [])
  report({ name: 'sandbox.command', value: of('ours'), unit: 'ms', peer: 'bare bwrap', peerValue: of('bwrap') })
  report({ name: 'sandbox.added-over-bwrap', value: of('ours') - of('bwrap'), unit: 'ms' })
  report({ name: 'sandbox.added-over-unconfined', value: of('ours') - of('runner'), unit: 'ms' })
  report({ name: 'sandbox.with-network', value: of('network'), unit: 'ms', peer: 'bare spawn', peerValue: of('spawn') })
}
rmSync(base, { recursive: true, force: true })
