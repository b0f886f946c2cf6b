import { z } from 'zod'
import type { Confinement } from '#contract/entries'
import { AppError, assertNever } from '../errors'
import type { CommandResult } from '../ports/command-runner'
import { parseHostPattern } from '../sandbox/host-patterns'
import { sandboxLimits } from '../sandbox/limits'
import { collectOutput } from './command-output'
import { defineTool } from './define-tool'
import { sandboxNotes } from './sandbox-notes'
import type { ExecuteContext, ToolContext, ToolOutput } from './tool'

const DEFAULT_TIMEOUT_MS = 120_000
const LONGEST_TIMEOUT_MS = 600_000
const MOST_OUTPUT_BYTES = 50 * 1024 * 1024

const RunCommandSchema = z.strictObject({
  command: z.string().trim().min(1).max(100_000).describe('Shell command, run in the workspace folder'),
  timeout_ms: z.int().min(1).max(LONGEST_TIMEOUT_MS).optional().describe(`Ended after this many milliseconds; ${DEFAULT_TIMEOUT_MS} when left out, at most ${LONGEST_TIMEOUT_MS}`),
  hosts: z.array(z.string().min(1).max(300)).max(20).optional().describe('Hosts that the sandboxed command needs, like registry.npmjs.org or *.example.com; the user is asked. Left out: no network'),
  outside_sandbox: z.boolean().optional().describe('Run it without the sandbox; the user is asked every time. Only when it failed inside because of the sandbox'),
})
type Input = z.infer<typeof RunCommandSchema>

export const runCommand = defineTool({
  name: 'run_command',
  description: 'Run a shell command in the workspace folder and wait for it. Returns its output, both streams together, and its exit code. It has no input and no keys in its environment; when it ends, everything that it started in the background ends too. Where there is a sandbox it runs inside: only the workspace and /tmp can be written, files that other programs would run (.git/hooks, package.json, .vscode …) are read-only, and there is no network but the hosts that were allowed. Prefer the file tools for reading, searching and editing.',
  capability: 'execute',
  readOnly: false,
  timeoutMs: null,
  input: RunCommandSchema,
  prepare: async (input, context) => {
    const confinement = confinementOf(input, context)
    return {
      title: `Run ${oneLine(input.command)}`,
      paths: [],
      confinement,
      preview: { kind: 'command', command: input.command, exitCode: null, signal: null, confinement },
      execute: (executing) => execute(input, confinement, executing),
    }
  },
})

/** As it is now; the command runs just so, or not at all. */
function confinementOf({ hosts = [], outside_sandbox: outside }: Input, { commands }: ToolContext): Confinement {
  const wrong = hosts.find((host) => parseHostPattern(host) === null)
  if (wrong !== undefined) throw new AppError('INVALID_PARAMETERS', `“${wrong}” is not a host. Give names like example.com or *.example.com, with :port where it is not 80 or 443`)
  if (outside) return { sandboxed: false, hosts: [], why: 'The agent asks to run it outside of the sandbox.' }
  if (!commands.sandboxed) return { sandboxed: false, hosts: [], why: 'There is no sandbox here.' }
  return { sandboxed: true, hosts: [...new Set(hosts.map((host) => host.toLowerCase()))] }
}

async function execute({ command, timeout_ms: timeoutMs = DEFAULT_TIMEOUT_MS }: Input, confinement: Confinement, context: ExecuteContext): Promise<ToolOutput> {
  const output = collectOutput(context.artifacts, context.sessionId, context.newId)
  const onOutput = (text: string) => {
    output.add(text)
    context.onOutput(text)
  }
  const { root } = context.folder
  const sandbox = confinement.sandboxed ? { workspace: root, sessionId: context.sessionId, hosts: confinement.hosts, limits: sandboxLimits } : null
  const request = { command, cwd: root, sandbox, timeoutMs, marker: context.stepId, maxOutputBytes: MOST_OUTPUT_BYTES, onOutput }
  const result = await context.commands.run(request, context.signal).catch(async (error: unknown) => {
    await output.discard()
    throw error
  })
  const { text, raw, artifact } = await output.finish()
  const separator = text === '' || text.endsWith('\n') ? '' : '\n'
  const notes = result.confined ? await sandboxNotes(result.confined, context) : []
  return {
    content: `${text}${separator}${[outcome(result, timeoutMs), ...notes].map((note) => `[${note}]`).join('\n')}`,
    ...(result.ended === 'cancelled' && { stopped: true }),
    isError: result.ended !== 'exited' || result.exitCode !== 0 || notes.length > 0,
    details: { kind: 'command', command, exitCode: result.exitCode, signal: result.signal, confinement, ...(raw !== undefined && { output: raw }) },
    ...(artifact && { artifact }),
  }
}

function outcome(result: CommandResult, timeoutMs: number): string {
  switch (result.ended) {
    case 'exited':
      return result.exitCode === null ? `ended by ${result.signal ?? 'a signal'}` : `exit code ${result.exitCode}`
    case 'timeout':
      return `ended after ${timeoutMs} ms: time is up. Give it a longer timeout_ms, or run a part of it`
    case 'cancelled':
      return 'cancelled before it ended'
    case 'too_much_output':
      return `ended: it wrote more than ${MOST_OUTPUT_BYTES / 1024 / 1024} MB`
    case 'too_much_memory':
      return `ended: it used more than ${sandboxLimits.memoryBytes / 1024 ** 3} GB of memory`
    case 'too_many_processes':
      return `ended: it started more than ${sandboxLimits.processes} processes`
    default:
      return assertNever(result.ended)
  }
}

function oneLine(command: string): string {
  const line = command.replace(/\s+/g, ' ')
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}
