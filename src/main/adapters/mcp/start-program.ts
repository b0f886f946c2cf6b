import { mkdirSync, realpathSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import type { McpTransport } from '#contract/mcp'
import { AppError } from '#core/errors'
import type { McpListener, McpTarget } from '#core/ports/mcp-client'
import type { Confined } from '#core/ports/sandbox'
import type { McpOptions } from './options'
import { readLines } from './read-lines'

const limits = { memoryBytes: 4 * 1024 ** 3, processes: 300, fileBytes: 1024 ** 3 }
const MEASURE_MS = 1000

type Stdio = Extract<McpTransport, { kind: 'stdio' }>

export interface Program {
  readonly stdin: Writable
  readonly stdout: Readable
  /** Why it ended, once it has. */
  readonly ended: Promise<string>
  /** Resolves when no process of it is left. */
  end(): Promise<void>
}

/** Starts the program of a server, confined where that is asked; then nothing ever runs bare. */
export async function startProgram(options: McpOptions, target: McpTarget, transport: Stdio, listener: McpListener): Promise<Program> {
  const { clock } = options
  const marker = options.newId()
  const folder = join(options.folder, target.id)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const cwd = realpathSync(folder)
  const confined = transport.sandboxed ? await confine(options, target, transport, cwd) : null
  const secrets = Object.fromEntries(transport.variables.flatMap((name) => (target.secrets[name] === undefined ? [] : [[name, target.secrets[name]]])))
  const child = options.spawn({
    file: confined?.file ?? transport.command, args: confined?.args ?? transport.args, cwd: confined ? '/' : cwd,
    environment: { ...secrets, ...confined?.environment }, marker,
  })
  let said = ''
  readLines(child.stderr, {
    onLine: (line) => {
      said = line
      listener.onLine(line)
    },
    onDropped: listener.onDropped,
  }, clock.elapsed)
  const stopMeasuring = confined ? measure(confined, child.pid ?? 0, clock, (why) => { said = why }) : () => undefined
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`it could not be started (${'code' in error ? String(error.code) : error.message})`))
    child.once('close', (code, signal) => resolve(describeEnd(code, signal, said)))
  })
  const over: { done: Promise<void> | null } = { done: null }
  const end = (): Promise<void> => {
    over.done ??= (async () => {
      stopMeasuring()
      await options.endTree(marker, child.pid ?? null)
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
      await confined?.end()
    })()
    return over.done
  }
  // What it left in the background would outlive it unseen.
  void ended.then(() => end())
  try {
    await Promise.race([once(child, 'spawn'), ended.then((why) => { throw new Error(why) })])
  } catch (cause) {
    await end()
    throw new AppError('SERVICE_UNAVAILABLE', `The MCP server ${target.name} could not be started.`, { cause, retryable: false })
  }
  return { stdin: child.stdin, stdout: child.stdout, ended, end }
}

function confine({ sandbox }: McpOptions, target: McpTarget, { command, args, folders, hosts }: Stdio, cwd: string): Promise<Confined> {
  return sandbox.confine({ workspace: cwd, sessionId: `mcp-${target.id}`, hosts, limits, folders, errorsApart: true }, `exec ${[command, ...args].map(quoted).join(' ')}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll(`'`, `'\\''`)}'`
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = code === 127 ? 'its program was not found' : signal === null ? `it ended with ${code ?? 'no code'}` : `it was ended by ${signal}`
  return said === '' ? how : `${how}. The last that it said: ${said.slice(0, 300)}`
}

function measure(confined: Confined, pid: number, clock: McpOptions['clock'], say: (why: string) => void): () => void {
  let cancel: () => void = () => undefined
  const look = () => {
    const use = confined.usage(pid)
    if (use && (use.processes > limits.processes || use.memoryBytes > limits.memoryBytes)) {
      say(use.processes > limits.processes ? 'It started too many processes.' : 'It took too much memory.')
      confined.kill(pid)
      return
    }
    cancel = clock.after(MEASURE_MS, look)
  }
  cancel = clock.after(MEASURE_MS, look)
  return () => cancel()
}
