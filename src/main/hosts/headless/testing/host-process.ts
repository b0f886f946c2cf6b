import { spawn, type ChildProcess } from 'node:child_process'
import { z } from 'zod'

const ReadyLineSchema = z.strictObject({ event: z.literal('ready'), url: z.string(), api: z.string(), token: z.string(), pid: z.number(), version: z.string() })
export type ReadyLine = z.infer<typeof ReadyLineSchema>

export interface HostCommand {
  /** The built `cli.js`. */
  readonly cli: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArgs?: readonly string[]
}

export interface HostExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface HostProcess {
  readonly ready: ReadyLine
  readonly exited: Promise<HostExit>
  /** What it has said to the person so far. */
  readonly stderr: () => string
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<HostExit>
  kill(signal: NodeJS.Signals): void
}

/** Runs a host to its end. */
export function runHost(command: HostCommand): Promise<HostExit> {
  return watch(start(command)).exited
}

/** Starts a host and waits for its ready line. Rejects with what it said when it ends before. */
export async function startHost(command: HostCommand): Promise<HostProcess> {
  const child = start(command)
  const { firstLine, exited, stderr } = watch(child)
  const line = await Promise.race([firstLine, exited])
  if (typeof line !== 'string') throw new Error(`the host ended with ${line.code ?? line.signal}: ${line.stderr}`)
  return {
    ready: ReadyLineSchema.parse(JSON.parse(line)),
    exited,
    stderr,
    kill: (signal) => void child.kill(signal),
    stop: (signal = 'SIGTERM') => {
      child.kill(signal)
      return exited
    },
  }
}

/** Nothing of the developer's environment gets in: no keys, no keychain, no profile. */
function start({ cli, args, env = {}, nodeArgs = [] }: HostCommand): ChildProcess {
  return spawn(process.execPath, [...nodeArgs, cli, ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', TRESTLE_SECRETS: 'session', ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function watch(child: ChildProcess) {
  let stdout = ''
  let stderr = ''
  const firstLine = new Promise<string>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
      const end = stdout.indexOf('\n')
      if (end >= 0) resolve(stdout.slice(0, end))
    })
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  const exited = new Promise<HostExit>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { firstLine, exited, stderr: () => stderr }
}
