import { z } from 'zod'
import { assertNever } from '../errors'
import type { CommandResult } from '../ports/command-runner'
import { collectOutput } from './command-output'
import { defineTool } from './define-tool'
import type { ExecuteContext, ToolOutput } from './tool'

const DEFAULT_TIMEOUT_MS = 120_000
const LONGEST_TIMEOUT_MS = 600_000
const MOST_OUTPUT_BYTES = 50 * 1024 * 1024

const RunCommandSchema = z.strictObject({
  command: z.string().trim().min(1).max(100_000).describe('Shell command, run in the workspace folder'),
  timeout_ms: z.int().min(1).max(LONGEST_TIMEOUT_MS).optional().describe(`Ended after this many milliseconds; ${DEFAULT_TIMEOUT_MS} when left out, at most ${LONGEST_TIMEOUT_MS}`),
})

export const runCommand = defineTool({
  name: 'run_command',
  description: 'Run a shell command in the workspace folder and wait for it. Returns its output, both streams together, and its exit code. It has no input and no keys in its environment; when it ends, everything that it started in the background ends too. Prefer the file tools for reading, searching and editing.',
  capability: 'execute',
  readOnly: false,
  timeoutMs: null,
  input: RunCommandSchema,
  prepare: async ({ command, timeout_ms: timeoutMs = DEFAULT_TIMEOUT_MS }) => ({
    title: `Run ${oneLine(command)}`,
    paths: [],
    preview: { kind: 'command', command, exitCode: null, signal: null },
    execute: (context) => execute(command, timeoutMs, context),
  }),
})

async function execute(command: string, timeoutMs: number, context: ExecuteContext): Promise<ToolOutput> {
  const output = collectOutput(context.artifacts, context.sessionId, context.newId)
  const onOutput = (text: string) => {
    output.add(text)
    context.onOutput(text)
  }
  const request = { command, cwd: context.folder.root, timeoutMs, marker: context.stepId, maxOutputBytes: MOST_OUTPUT_BYTES, onOutput }
  const result = await context.commands.run(request, context.signal).catch(async (error: unknown) => {
    await output.discard()
    throw error
  })
  const { text, raw, artifact } = await output.finish()
  const separator = text === '' || text.endsWith('\n') ? '' : '\n'
  return {
    content: `${text}${separator}[${outcome(result, timeoutMs)}]`,
    isError: result.ended !== 'exited' || result.exitCode !== 0,
    details: { kind: 'command', command, exitCode: result.exitCode, signal: result.signal, ...(raw !== undefined && { output: raw }) },
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
    default:
      return assertNever(result.ended)
  }
}

function oneLine(command: string): string {
  const line = command.replace(/\s+/g, ' ')
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}
