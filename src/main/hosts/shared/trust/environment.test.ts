import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sandboxLimits } from '#core/sandbox/limits'
import { proved } from '../../../../testing/attacks'
import { createContentStore } from '../../../adapters/content-store'
import { createFolderIndex } from '../../../adapters/folder-index'
import { createGitStatus } from '../../../adapters/git'
import { createCommandRunner } from '../../../adapters/node/command-runner'
import { terminalEnvironment } from '../../../adapters/node/processes/command-environment'
import { newId } from '../../../adapters/node/system'
import { createTerminalProcesses } from '../../../adapters/pty'
import { createScriptRunner } from '../../../adapters/quickjs'
import { createTextSearch } from '../../../adapters/ripgrep'
import { createSandbox } from '../../../adapters/sandbox'
import { createReadability } from '../../../adapters/web'

const CANARY = 'canary-5b90'
type Environment = Readonly<Record<string, string | undefined>> | undefined
const started = vi.hoisted((): { processes: { program: string; env: Environment }[]; threads: { name: string; env: unknown }[] } => ({ processes: [], threads: [] }))

vi.mock('node:child_process', async (original) => {
  const { promisify } = await import('node:util')
  const real = await original<typeof import('node:child_process')>()
  const note = (args: readonly unknown[]) => {
    const options = args.find((arg): arg is { env?: Environment } => typeof arg === 'object' && arg !== null && !Array.isArray(arg))
    started.processes.push({ program: String(args[0]), env: options?.env })
  }
  const noted = (start: (...args: never[]) => unknown) => {
    const also = (run: (...args: never[]) => unknown) => (...args: never[]) => {
      note(args)
      return run(...args)
    }
    const custom: unknown = Reflect.get(start, promisify.custom)
    // `promisify` takes this one instead.
    return Object.assign(also(start), typeof custom === 'function' && { [promisify.custom]: also(custom as (...args: never[]) => unknown) })
  }
  return { ...real, spawn: noted(real.spawn), execFile: noted(real.execFile), fork: noted(real.fork), exec: noted(real.exec) }
})
vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof import('node:worker_threads')>()
  class Worker extends real.Worker {
    constructor(source: string | URL, options: import('node:worker_threads').WorkerOptions = {}) {
      started.threads.push({ name: options.name ?? '', env: options.env })
      super(source, options)
    }
  }
  return { ...real, Worker }
})

/** Names under which people keep secrets, and names that make a program load or run something. */
const kept = ['OPENAI', 'ANTHROPIC', 'AWS', 'GITHUB', 'GITLAB', 'NPM', 'STRIPE', 'SLACK', 'DATABASE', 'AZURE', 'GOOGLE', 'HF', 'TRESTLE', 'BRAVE', 'SENTRY', 'VAULT'].flatMap((who) => ['API_KEY', 'TOKEN', 'SECRET', 'PASSWORD', 'URL', 'SESSION_TOKEN'].map((what) => `${who}_${what}`))
const loading = [
  'LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES', 'NODE_OPTIONS', 'NODE_PATH', 'BASH_ENV', 'ENV', 'ZDOTDIR', 'PROMPT_COMMAND', 'PYTHONSTARTUP', 'PYTHONPATH', 'PYTHONHOME', 'PERL5OPT', 'PERL5LIB', 'RUBYOPT', 'RUBYLIB', 'JAVA_TOOL_OPTIONS', 'GIT_SSH_COMMAND', 'GIT_EXTERNAL_DIFF', 'GIT_ASKPASS',
  'GIT_EDITOR', 'GIT_PROXY_COMMAND', 'GIT_DIR', 'GIT_WORK_TREE', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_PARAMETERS', 'GIT_EXEC_PATH', 'GIT_TEMPLATE_DIR', 'RIPGREP_CONFIG_PATH', 'EDITOR', 'VISUAL', 'BROWSER', 'SSH_AUTH_SOCK', 'SSH_ASKPASS', 'GPG_AGENT_INFO', 'DBUS_SESSION_BUS_ADDRESS', 'DOCKER_HOST', 'KUBECONFIG', 'XAUTHORITY', 'DISPLAY',
  'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'NETRC', 'CURL_HOME', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'ELECTRON_RUN_AS_NODE', 'MANPAGER', 'LESSOPEN', 'home', 'path', 'Path', 'lang', 'LC_secret', 'XLC_ALL',
]
const canaries = Object.fromEntries([...kept, ...loading].map((name) => [name, `${CANARY}/${name}`]))
const own: NodeJS.ProcessEnv = { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC', USER: 'me', SHELL: '/bin/sh', ...canaries }
const passedOn = ['HOME', 'LANG', 'LC_ALL', 'PATH', 'SHELL', 'TZ', 'USER']
const ofCommands = [...passedOn, 'GIT_PAGER', 'GIT_TERMINAL_PROMPT', 'PAGER', 'TERM', 'TRESTLE_COMMAND'].sort()
/** Shells add these themselves. */
const ofShells = new Set(['PWD', 'OLDPWD', 'SHLVL', '_'])

let folder: string
const before = { ...process.env }
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'trestle-environment-')))
  await writeFile(join(folder, 'a.txt'), 'needle\n')
  Object.assign(process.env, canaries)
  for (const name of loading.filter((each) => /^(LD_|NODE_|DYLD)/.test(each))) delete process.env[name]
})
afterAll(async () => {
  for (const name of Object.keys(canaries)) delete process.env[name]
  Object.assign(process.env, before)
  await rm(folder, { recursive: true, force: true })
})

const never = new AbortController().signal
const namesIn = (text: string) => [...new Set(text.split('\n').filter((line) => line.includes('=')).map((line) => line.slice(0, line.indexOf('='))))].filter((name) => !ofShells.has(name)).sort()

async function inCommand(sandboxed: boolean, hosts: readonly string[] = []): Promise<string> {
  const sandbox = createSandbox({ profile: folder, environment: own })
  if (sandboxed) await sandbox.look()
  const runner = createCommandRunner({ environment: own, sandbox })
  let output = ''
  const policy = { workspace: join(folder), sessionId: 'session-1', hosts, limits: sandboxLimits }
  // The profile is inside here, so the workspace is another one.
  const workspace = await realpath(await mkdtemp(join(tmpdir(), 'trestle-environment-work-')))
  await runner.run({ command: `tr '\\0' '\\n' < /proc/self/environ`, cwd: workspace, timeoutMs: 20_000, marker: newId(), maxOutputBytes: 1_000_000, onOutput: (text) => { output += text }, sandbox: sandboxed ? { ...policy, workspace } : null }, never)
  await rm(workspace, { recursive: true, force: true })
  return output
}

async function inTerminal(): Promise<string> {
  let output = ''
  const terminals = createTerminalProcesses({ environment: (marker) => terminalEnvironment(own, marker), endTree: () => Promise.resolve() })
  await new Promise<void>((resolve, reject) => {
    terminals.start({ folder, columns: 500, rows: 50, marker: newId(), onOutput: (text) => { output += text }, onEnd: () => resolve() }).then((terminal) => terminal.write('echo "=START$((1+1))"; env; exit\n'), reject)
  })
  // Behind what the shell shows of the typing.
  return output.replaceAll('\r', '').split('=START2\n')[1] ?? ''
}

test.runIf(process.platform === 'linux')('the environment of a command is exactly what is on the list, and so is that of a terminal', async (context) => {
  const bare = await inCommand(false)
  expect(namesIn(bare)).toEqual(ofCommands)
  const sandboxed = await inCommand(true)
  if (sandboxed !== '') expect(namesIn(sandboxed)).toEqual([...ofCommands, 'TMPDIR'].sort())
  const withNetwork = sandboxed === '' ? '' : await inCommand(true, ['example.com'])
  if (withNetwork !== '') expect(namesIn(withNetwork)).toEqual([...ofCommands, 'TMPDIR', 'ALL_PROXY', 'HTTPS_PROXY', 'HTTP_PROXY', 'NODE_USE_ENV_PROXY', 'NO_PROXY', 'all_proxy', 'http_proxy', 'https_proxy', 'no_proxy'].sort())
  const terminal = await inTerminal()
  expect(namesIn(terminal.replaceAll(/\x1b\[[\d;?]*[a-zA-Z]/g, ''))).toEqual([...passedOn, 'COLORTERM', 'TERM', 'TERM_PROGRAM', 'TRESTLE_COMMAND'].sort())
  for (const output of [bare, sandboxed, withNetwork, terminal]) expect(output).not.toContain(CANARY)
  proved(context, 'names in environments', Object.keys(canaries).length * 4)
})

test('what we start ourselves, processes and threads, has nothing of ours but what it needs', async (context) => {
  await createGitStatus().read(folder, 10, never)
  await createTextSearch().search(folder, { pattern: 'needle', path: null, limit: 10 }, never)
  await createSandbox({ profile: folder }).look()
  await createReadability().read('<p>x</p>', 'https://a.example/', never)
  const store = createContentStore({ folder: join(folder, 'content') })
  await store.take(folder, { maxFileBytes: 1000, maxFiles: 100 })
  await store.close()
  await createFolderIndex().close()
  expect(await createScriptRunner().run({ source: 'return typeof process', functions: [], call: () => Promise.resolve(null), onOutput: () => undefined }, never)).toEqual({ end: 'returned', value: '"undefined"' })
  const programs = new Map(started.processes.map(({ program, env }) => [program.slice(program.lastIndexOf('/') + 1), env]))
  expect([...programs.keys()]).toEqual(expect.arrayContaining(['git', 'rg']))
  for (const [program, env] of programs) expect([program, env === undefined ? 'everything' : Object.values(env).filter((value) => value?.includes(CANARY))]).toEqual([program, []])
  expect(Object.keys(programs.get('rg') ?? {})).toEqual([])
  expect(Object.keys(programs.get('git') ?? {}).filter((name) => !name.startsWith('GIT_'))).toEqual(expect.not.arrayContaining(Object.keys(canaries)))
  expect(started.threads.length).toBeGreaterThan(0)
  for (const thread of started.threads) expect(thread).toEqual({ name: thread.name, env: {} })
  proved(context, 'names in environments', Object.keys(canaries).length * (programs.size + started.threads.length))
})

/** Whoever starts something new belongs into the test above. */
const starters = [
  'content-store/content-store.ts', 'folder-index/folder-index.ts', 'git/run-git.ts', 'node/command-runner.ts', 'node/processes/end-processes.ts', 'node/processes/process-table.ts', 'node/processes/spawn-marked.ts', 'pty/terminal-processes.ts', 'quickjs/script-runner.ts', 'ripgrep/run-ripgrep.ts',
  'sandbox/mac-sandbox.ts', 'sandbox/sandbox.ts', 'sqlite/audit/audit-reader.ts', 'sqlite/backup-worker.ts', 'sqlite/log-checkpoint/log-checkpoint.ts', 'sqlite/memory/search-thread.ts', 'web/readable.ts',
]

test('only these files start something, and each says with which environment', () => {
  const adapters = join(import.meta.dirname, '../../../adapters')
  const files = readdirSync(adapters, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts') && !path.includes('.test.') && !path.includes('testing/'))
  const starting = files.filter((path) => /^import (?!type).*from 'node:child_process'|new Worker\(|import\('@lydell\/node-pty'\)/m.test(readFileSync(join(adapters, path), 'utf8'))).map((path) => path.replaceAll('\\', '/'))
  expect(starting.sort()).toEqual([...starters].sort())
  for (const path of starting) expect([path, /\benv\b/.test(readFileSync(join(adapters, path), 'utf8'))]).toEqual([path, true])
})
