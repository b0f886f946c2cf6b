import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContentStore } from '../../src/main/adapters/content-store'
import type { Snapshots } from '../../src/main/core/ports/snapshots'
import { startWorkbench } from '../../src/testing/workbench'
import { report } from '../report'

const limits = { maxFileBytes: 50 * 1024 * 1024, maxFiles: 200_000 }
const cache = process.env['TRESTLE_BENCH_CACHE'] ?? join(tmpdir(), 'trestle-bench-trees')
const scratch = mkdtempSync(join(tmpdir(), 'trestle-bench-'))
const ROUNDS = 7

const quiet: ExecFileSyncOptionsWithStringEncoding = { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 30, encoding: 'utf8' }
const tool = (name: string) => {
  try {
    execFileSync(name, ['version'], quiet)
    return true
  } catch {
    return false
  }
}
const median = (values: readonly number[]) => [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
const quantile = (values: readonly number[], part: number) => [...values].sort((left, right) => left - right)[Math.floor(values.length * part)] ?? 0

/** How a peer, or we, keep a folder. */
interface Keeper {
  readonly name: string
  keep(): Promise<unknown> | unknown
  /** Goes back to the first state: these files, or all. */
  restore(paths: readonly string[] | null): Promise<unknown> | unknown
  /** After it has tidied up. */
  bytes(): Promise<number> | number
  /** What a running app has done long before. */
  start?(): Promise<unknown>
  end(): Promise<unknown> | unknown
}

function ours(root: string): Keeper {
  const folder = mkdtempSync(join(scratch, 'content-'))
  const store: Snapshots = createContentStore({ folder })
  let first: string | null = null
  return {
    name: 'trestle',
    keep: async () => {
      const { treeId } = await store.take(root, limits)
      first ??= treeId
    },
    restore: async (paths) => {
      const now = await store.take(root, limits)
      const { changes } = await store.diff(now.treeId, first ?? '', 1_000_000)
      await store.apply(root, 'bench', paths ? changes.filter(({ path, before }) => before?.kind === 'directory' || paths.includes(path)) : changes, () => undefined)
    },
    bytes: async () => {
      await store.compact(() => undefined)
      return sizeOf(folder)
    },
    start: () => store.findDamaged([]),
    end: () => store.close(),
  }
}

/** As Cline does it: a git directory of its own, add everything, commit. */
function shadowGit(root: string): Keeper {
  const dir = join(scratch, 'shadow.git')
  const git = (...args: string[]) => execFileSync('git', ['--git-dir', dir, '--work-tree', root, '-c', 'gc.auto=0', '-c', 'user.name=b', '-c', 'user.email=b@example.org', ...args], { ...quiet, cwd: root })
  let first: string | null = null
  return {
    name: 'shadow git',
    keep: () => {
      if (!existsSync(dir)) git('init', '-q')
      git('add', '-A', '.')
      git('commit', '-q', '--allow-empty', '--no-verify', '-m', 'checkpoint')
      first ??= git('rev-parse', 'HEAD').trim()
    },
    restore: (paths) => paths ? git('checkout', '-q', first ?? '', '--', ...paths) : git('reset', '-q', '--hard', first ?? ''),
    bytes: () => {
      git('gc', '-q')
      return sizeOf(dir)
    },
    end: () => { rmSync(dir, { recursive: true, force: true }) },
  }
}

function restic(root: string): Keeper {
  const repository = join(scratch, 'restic')
  const run = (...args: string[]) => execFileSync('restic', ['-q', '--no-cache', '-r', repository, ...args], { ...quiet, env: { ...process.env, RESTIC_PASSWORD: 'bench' } })
  let first: string | null = null
  return {
    name: 'restic',
    keep: () => {
      if (!existsSync(repository)) run('init')
      run('backup', root)
      first ??= (JSON.parse(run('snapshots', '--json')) as { id: string }[])[0]?.id ?? ''
    },
    restore: (paths) => {
      // It does not replace links that are there.
      if (!paths) empty(root)
      run('restore', first ?? '', '--target', '/', ...(paths ?? []).flatMap((path) => ['--include', join(root, path)]))
    },
    bytes: () => sizeOf(repository),
    end: () => { rmSync(repository, { recursive: true, force: true }) },
  }
}

function empty(root: string): void {
  for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true })
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce((sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0), 0)
}

interface Figures { readonly first: number; readonly nothing: number; readonly five: number; readonly thousand: number; readonly restoreFive: number; readonly restoreAll: number; readonly bytes: number; readonly bytesPerFive: number }

async function timed(work: () => unknown): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function measure(keeper: Keeper, root: string, files: readonly string[]): Promise<Figures> {
  const pick = (count: number) => Array.from({ length: Math.min(count, files.length) }, (_, index) => files[Math.floor((index * files.length) / count)] ?? '')
  const five = pick(5)
  const before = new Map(pick(1000).concat(five).map((path) => [path, readFileSync(join(root, path))]))
  const touch = (paths: readonly string[]) => { for (const path of paths) appendFileSync(join(root, path), `changed ${performance.now()}\n`) }
  await keeper.start?.()
  const first = await timed(keeper.keep)
  const nothing: number[] = []
  const fives: number[] = []
  const restores: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) nothing.push(await timed(keeper.keep))
  const bytes = await keeper.bytes()
  for (let round = 0; round < ROUNDS; round += 1) {
    touch(five)
    fives.push(await timed(keeper.keep))
    restores.push(await timed(() => keeper.restore(five)))
  }
  const bytesPerFive = ((await keeper.bytes()) - bytes) / ROUNDS
  touch(pick(1000))
  const thousand = await timed(keeper.keep)
  await keeper.restore(null)
  // All of a tree: everything is gone but the folder.
  empty(root)
  await keeper.keep()
  const restoreAll = await timed(() => keeper.restore(null))
  for (const [path, content] of before) writeFileSync(join(root, path), content)
  await keeper.end()
  return { first, nothing: median(nothing), five: median(fives), thousand, restoreFive: median(restores), restoreAll, bytes, bytesPerFive }
}

function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.c'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort()
}

function smallTree(): string {
  const root = join(cache, 'small')
  if (existsSync(root)) return root
  for (let index = 0; index < 2000; index += 1) {
    const folder = join(root, `module-${index % 50}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `file-${index}.c`), Array.from({ length: 20 + (index % 300) }, (_, line) => `int value_${index}_${line} = ${(index * 7919 + line * 104_729) % 65_536};\n`).join(''))
  }
  return root
}

/** Debian's linux-source, where it is installed. */
function linuxTree(): string | null {
  const [archive] = existsSync('/usr/src') ? readdirSync('/usr/src').filter((name) => /^linux-source-.*\.tar\.xz$/.test(name)) : []
  if (!archive) return null
  const root = join(cache, archive.replace('.tar.xz', ''))
  if (!existsSync(join(root, 'Makefile'))) {
    mkdirSync(cache, { recursive: true })
    execFileSync('tar', ['xf', join('/usr/src', archive), '-C', cache])
    // The package ignores everything at its top, which would leave nothing to keep.
    const rules = readFileSync(join(root, '.gitignore'), 'utf8')
    writeFileSync(join(root, '.gitignore'), rules.split('\n').filter((line) => line !== '/*' && line !== '!/debian/').join('\n'))
  }
  return root
}

/** Whoever comes first would else read from the disk what the others find in memory. */
function warm(root: string): void {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) if (entry.isFile()) readFileSync(join(entry.parentPath, entry.name))
}

async function compare(name: string, root: string): Promise<void> {
  warm(root)
  const files = filesOf(root)
  const mine = await measure(ours(root), root, files)
  for (const make of [shadowGit, ...(tool('restic') ? [restic] : [])]) {
    const keeper = make(root)
    const theirs = await measure(keeper, root, files)
    const line = (what: string, unit: string, key: keyof Figures) => { report({ name: `checkpoints.${name}.${what}`, value: mine[key], unit, peer: keeper.name, peerValue: theirs[key] }) }
    line('first', 'ms', 'first')
    line('nothing-changed', 'ms', 'nothing')
    line('5-changed', 'ms', 'five')
    line('1000-changed', 'ms', 'thousand')
    line('restore-5', 'ms', 'restoreFive')
    line('restore-all', 'ms', 'restoreAll')
    line('disk', 'bytes', 'bytes')
    line('disk-per-5', 'bytes', 'bytesPerFive')
  }
}

/** Turns that write a file, with and without checkpoints, by turns, so that what else the machine does meets both. */
async function addedToTurn(): Promise<void> {
  const open = async (automatic: boolean) => {
    let count = 0
    const bench = await startWorkbench(({ messages }) => (messages.at(-1)?.role === 'tool' ? { text: 'Done.' } : { toolCalls: [{ name: 'write_file', arguments: { path: `file-${count += 1}.txt`, content: 'text\n' } }] }))
    await bench.client.settings.put({ checkpoints: { ...(await bench.client.settings.get({})).checkpoints, automatic } })
    const turn = async () => {
      const started = performance.now()
      const { runId } = await bench.client.sessions.send({ id: bench.session.id, text: 'write' })
      await bench.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null)
      const taken = performance.now() - started
      await bench.runtime.settled()
      return taken
    }
    return { turn, close: bench.close }
  }
  const [plain, kept] = [await open(false), await open(true)]
  const times: { readonly plain: number; readonly kept: number }[] = []
  for (let round = 0; round < 120; round += 1) {
    const pair = { plain: await plain.turn(), kept: await kept.turn() }
    if (round >= 20) times.push(pair)
  }
  await plain.close()
  await kept.close()
  const of = (key: 'plain' | 'kept') => times.map((pair) => pair[key])
  report({ name: 'checkpoints.turn.p50', value: median(of('kept')), unit: 'ms', peer: 'without checkpoints', peerValue: median(of('plain')) })
  report({ name: 'checkpoints.turn.p95', value: quantile(of('kept'), 0.95), unit: 'ms', peer: 'without checkpoints', peerValue: quantile(of('plain'), 0.95) })
}

await addedToTurn()
await compare('2000-files', smallTree())
const linux = linuxTree()
if (linux) await compare('linux', linux)
else process.stderr.write('checkpoints: no linux-source package in /usr/src, so the large tree was not measured\n')
rmSync(scratch, { recursive: true, force: true })
