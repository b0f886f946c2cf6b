import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { AppError } from '#core/errors'
import type { CommandRequest, CommandResult, CommandRunner } from '#core/ports/command-runner'
import type { Confined, Sandbox, SandboxPolicy } from '#core/ports/sandbox'
import type { Clock } from '#core/ports/system'
import { commandEnvironment, markerBlocks } from './processes/command-environment'
import { endProcesses } from './processes/end-processes'
import { systemClock } from './system'

/** How long output that is still on its way is waited for when every process has ended. */
const DRAIN_MS = 500
/** How often a confined command is measured. */
const MEASURE_MS = 150
const MARKER = /^[\w-]{8,64}$/

export interface CommandRunnerOptions {
  readonly environment?: NodeJS.ProcessEnv
  readonly clock?: Clock
  /** Without it a command that is to be confined does not run. */
  readonly sandbox?: Sandbox
}

export function createCommandRunner(options: CommandRunnerOptions = {}): CommandRunner {
  const clock = options.clock ?? systemClock
  const environment = options.environment ?? process.env
  return {
    get sandboxed() {
      return options.sandbox?.status().state === 'on'
    },
    run: async (request, signal) => {
      if (!MARKER.test(request.marker)) throw new Error('a command needs a marker of 8 to 64 letters, digits, - or _')
      if (signal.aborted) return { exitCode: null, signal: null, ended: 'cancelled', confined: null }
      const confined = request.sandbox === null ? null : await confine(options.sandbox, request.sandbox, request.command)
      const result = await runCommand(request, signal, { clock, environment, confined }).catch(async (error: unknown) => {
        await confined?.end()
        throw error
      })
      return { ...result, confined: (await confined?.end()) ?? null }
    },
    killLeftovers: async (marker) => {
      if (MARKER.test(marker)) await endProcesses({ marker, leader: null, clock, politely: true })
    },
  }
}

interface Context {
  readonly clock: Clock
  readonly environment: NodeJS.ProcessEnv
  readonly confined: Confined | null
}
type Why = CommandResult['ended'] | { readonly bug: unknown }

async function confine(sandbox: Sandbox | undefined, policy: SandboxPolicy, command: string): Promise<Confined> {
  if (!sandbox) throw new AppError('SERVICE_UNAVAILABLE', 'There is no sandbox here; the command did not run')
  return sandbox.confine(policy, command)
}

async function runCommand(request: CommandRequest, signal: AbortSignal, { clock, environment, confined }: Context): Promise<Omit<CommandResult, 'confined'>> {
  const child = await startShell(request, { ...commandEnvironment(environment, request.marker), ...confined?.environment }, confined)
  const ended = openPromise<Why>()
  const complaint = confined ? readComplaint(child) : () => null
  const streams = (confined ? [child.stdout] : [child.stdout, child.stderr]).filter((stream) => stream !== null)
  const closed = Promise.all(streams.map((stream) => once(stream, 'close')))
  const output = readOutput(streams, request, ended.resolve)
  const onAbort = () => ended.resolve('cancelled')
  signal.addEventListener('abort', onAbort, { once: true })
  const stopMeasuring = measure(request, confined, child.pid ?? 0, clock, ended.resolve)
  const cancelTimeout = clock.after(request.timeoutMs, () => ended.resolve('timeout'))
  const exited = openPromise<void>()
  child.once('exit', () => exited.resolve())
  if (child.exitCode !== null || child.signalCode !== null) exited.resolve()
  void exited.promise.then(() => ended.resolve('exited'))
  if (signal.aborted) onAbort()
  try {
    const why = await ended.promise
    if (why === 'too_much_output') output.stop()
    await endProcesses({ marker: request.marker, leader: child.pid ?? null, clock, politely: true })
    // How it ended is told a moment after it is gone.
    await Promise.race([Promise.all([closed, exited.promise]), clock.sleep(DRAIN_MS)])
    output.stop()
    if (typeof why === 'object') throw why.bug
    const said = output.isEmpty() && child.exitCode === 1 ? complaint() : null
    if (said !== null) throw new AppError('SERVICE_UNAVAILABLE', `The sandbox could not be set up; the command did not run. It said: ${said}`)
    return { exitCode: child.exitCode, signal: child.signalCode, ended: output.overflowed() ? 'too_much_output' : why }
  } finally {
    cancelTimeout()
    stopMeasuring()
    signal.removeEventListener('abort', onAbort)
    for (const stream of streams) stream.destroy()
  }
}

function openPromise<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => (resolve = settle))
  return { promise, resolve: (value: T) => resolve(value) }
}

/**
 * On POSIX one pipe carries both streams, so that their order is kept; the shell leads a session of its own, and
 * has the mark as a limit too (lowering the hard limit alone, where that fails both).
 */
function spawnShell(request: CommandRequest, env: NodeJS.ProcessEnv, confined: Confined | null): ChildProcess {
  if (process.platform === 'win32') {
    return spawn('cmd', ['/d', '/s', '/c', `"${request.command}"`], {
      cwd: request.cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, windowsVerbatimArguments: true,
    })
  }
  const blocks = String(markerBlocks(request.marker))
  const limitCores = '{ ulimit -Hc "$0" || ulimit -c "$0"; } 2>/dev/null'
  if (confined) {
    // What the sandbox itself complains of comes by a stream of its own.
    return spawn('/bin/sh', ['-c', `${limitCores}; exec "$@"`, blocks, confined.file, ...confined.args], { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  }
  return spawn('/bin/sh', ['-c', `${limitCores}; exec /bin/sh -c "$1" 2>&1`, blocks, request.command], {
    cwd: request.cwd, env, stdio: ['ignore', 'pipe', 'ignore'], detached: true,
  })
}

async function startShell(request: CommandRequest, env: NodeJS.ProcessEnv, confined: Confined | null): Promise<ChildProcess> {
  try {
    const child = spawnShell(request, env, confined)
    await once(child, 'spawn')
    return child
  } catch (error) {
    if (!existsSync(request.cwd)) throw new AppError('WORKSPACE_UNAVAILABLE', 'The folder to run the command in does not exist any more', { cause: error })
    if (isTooLong(error)) throw new AppError('INVALID_PARAMETERS', 'The command is too long for the operating system; write it to a script file first', { cause: error })
    throw new AppError('SERVICE_UNAVAILABLE', 'The shell could not be started; the command did not run', { cause: error })
  }
}

/** What `bwrap` writes when it cannot do its work: its first line, once it has ended. */
function readComplaint(child: ChildProcess): () => string | null {
  let text = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    if (text.length < 500) text += chunk.toString('utf8')
  })
  return () => (text === '' ? null : (text.split('\n')[0] ?? '').slice(0, 300))
}

/** Looks now and then what a confined command uses. The result stops it. */
function measure(request: CommandRequest, confined: Confined | null, pid: number, clock: Clock, end: (why: Why) => void): () => void {
  if (!confined || !request.sandbox) return () => undefined
  const { memoryBytes, processes } = request.sandbox.limits
  let cancel: () => void = () => undefined
  const look = () => {
    const use = confined.usage(pid)
    const why = use && use.processes > processes ? 'too_many_processes' : use && use.memoryBytes > memoryBytes ? 'too_much_memory' : null
    if (why === null) {
      cancel = clock.after(MEASURE_MS, look)
      return
    }
    // Not politely: what multiplies would outrun us.
    confined.kill(pid)
    end(why)
  }
  cancel = clock.after(MEASURE_MS, look)
  return () => cancel()
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'E2BIG'
}

/** Passes text on as it comes, characters whole, NUL left out, and no byte beyond the limit. */
function readOutput(streams: readonly Readable[], request: CommandRequest, end: (why: Why) => void) {
  let left = request.maxOutputBytes
  let overflowed = false
  let stopped = false

  const pass = (text: string) => {
    const clean = text.replaceAll('\0', '')
    if (clean === '') return
    try {
      request.onOutput(clean)
    } catch (bug) {
      stopped = true
      end({ bug })
    }
  }

  for (const stream of streams) {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    stream.on('data', (chunk: Buffer) => {
      if (stopped) return
      const taken = chunk.subarray(0, left)
      left -= taken.length
      pass(decoder.decode(taken, { stream: true }))
      if (taken.length === chunk.length) return
      overflowed = true
      end('too_much_output')
      stopped = true
    })
    stream.on('end', () => {
      if (!stopped) pass(decoder.decode())
    })
    stream.on('error', () => undefined)
  }
  return { stop: () => void (stopped = true), overflowed: () => overflowed, isEmpty: () => left === request.maxOutputBytes }
}
