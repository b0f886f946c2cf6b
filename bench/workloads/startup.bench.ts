import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { report } from '../report'

const ROUNDS = 11
/** The benchmarks run from the root of the project. */
const cli = resolve('out/headless/cli.js')

async function bareNode(): Promise<number> {
  const started = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')
  return performance.now() - started
}

/** From spawn to the ready line, in a fresh profile, and the memory a second later. */
async function serve(): Promise<{ readonly ms: number; readonly megabytes: number | null }> {
  const profile = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const started = performance.now()
  const host = spawn(process.execPath, [cli, 'serve', '--port', '0', '--profile', profile], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TRESTLE_SECRETS: 'session' } })
  await once(host.stdout, 'data')
  const ms = performance.now() - started
  await new Promise((done) => setTimeout(done, 1000))
  const megabytes = await residentMegabytes(host.pid ?? 0)
  const exited = once(host, 'exit')
  host.kill('SIGTERM')
  await exited
  await rm(profile, { recursive: true, force: true })
  return { ms, megabytes }
}

async function residentMegabytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) / 1024
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
}

const bare: number[] = []
const ready: number[] = []
const resident: number[] = []
await serve()
for (let round = 0; round < ROUNDS; round += 1) {
  bare.push(await bareNode())
  const { ms, megabytes } = await serve()
  ready.push(ms)
  if (megabytes !== null) resident.push(megabytes)
}
report({ name: 'startup.ready', value: median(ready), unit: 'ms', peer: 'node -e 0', peerValue: median(bare) })
if (resident.length > 0) report({ name: 'startup.memory', value: median(resident), unit: 'MB' })
