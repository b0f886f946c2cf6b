import { z } from 'zod'
import type { ScriptCall, ToolDetails } from '#contract/entries'
import type { FlowLabel } from '#contract/flow'
import { AppError } from '../errors'
import type { ScriptEnd, ScriptRunner } from '../ports/script-runner'
import type { GlobalFunction } from '../scripts/global-functions'
import { type ScriptLimits, scriptLimits } from '../scripts/limits'
import { clipOutput } from './clip'
import { defineTool } from './define-tool'
import type { ExecuteContext, InnerResult, Tool, ToolOutput } from './tool'

const SAYS_CHARS = 200
const MOST_LABELS = 40

export interface RunScriptPorts {
  readonly runner: ScriptRunner
  readonly functions: ReadonlyMap<string, GlobalFunction>
  readonly limits?: ScriptLimits
}

/**
 * What a script does are calls of tools, and rules are about these: so running one needs no approval of its own, not in plan mode either, where
 * its calls that change something are refused one by one. What they did is read back as that of any call; how far the script itself had come is not
 * known after a crash, so it asks.
 */
export function createRunScript({ runner, functions, limits = scriptLimits }: RunScriptPorts): Tool {
  const input = z.strictObject({
    script: z.string().min(1).max(limits.sourceChars).describe('Body of an async function'),
    purpose: z.string().trim().max(120).optional(),
  })
  const list = [...functions.values()].map(({ signature, description }) => `${signature}: ${description}`).join('; ')
  return defineTool({
    name: 'run_script', capability: 'script', readOnly: false, timeoutMs: null, input,
    description: `Run JavaScript where many calls belong together. There is nothing but the language, console.log and these async functions: ${list}. A call that is refused or fails throws. What is returned comes back as JSON. At most ${limits.calls} calls, ${limits.calculatingMs / 1000} s of calculating.`,
    prepare: async ({ script, purpose }) => ({
      title: `Run a script${purpose === undefined ? '' : `: ${purpose}`}`, paths: [],
      execute: (context) => run({ runner, functions, limits }, script, context),
    }),
  })
}

async function run({ runner, functions, limits }: Required<RunScriptPorts>, source: string, { inner, signal, onOutput }: ExecuteContext): Promise<ToolOutput> {
  const calls: ScriptCall[] = []
  const labels: FlowLabel[] = []
  const text: string[] = []
  let last: Promise<unknown> = Promise.resolve()
  let isOver = false
  let calledMs = 0
  const call = async (name: string, given: readonly unknown[]): Promise<unknown> => {
    const called = functions.get(name)
    if (isOver) throw new AppError('CONFLICT', 'The script has ended')
    if (!called) throw new AppError('INVALID_PARAMETERS', `${name} is no function of scripts`)
    if (calledMs > limits.callingMs) throw new AppError('TIMEOUT_ERROR', `The calls of this script took more than ${limits.callingMs / 1000} seconds`)
    const input = called.toInput(given)
    const result = await inner.make(called.tool, input, signal)
    calledMs += result.durationMs
    calls.push(callOf(called, input, result))
    labels.push(...result.labels)
    if (result.outcome !== 'success') throw new AppError(result.outcome === 'denied' ? 'PERMISSION_DENIED' : 'CONFLICT', result.content)
    return called.toValue(result, given)
  }
  let end: ScriptEnd | null = null
  try {
    end = await runner.run({
      source, functions: [...functions.keys()],
      call: (name, given) => {
        const made = last.then(() => call(name, given))
        last = made.catch(() => undefined)
        return made
      },
      onOutput: (piece) => {
        text.push(piece)
        onOutput(piece)
      },
    }, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
  // What it asked for before it returned is done, awaited or not; after a failure nothing more begins.
  isOver = end?.end !== 'returned'
  await last
  return outputOf(end, text.join(''), calls, labels)
}

function outputOf(end: ScriptEnd | null, text: string, calls: readonly ScriptCall[], labels: readonly FlowLabel[]): ToolOutput {
  const parts = [
    ...(text === '' ? [] : [clipOutput(text.replace(/\n$/, ''), 50_000)]),
    ...(end === null ? ['[The script was stopped]'] : end.end === 'returned' ? (end.value === null ? [] : [`Returned: ${end.value}`]) : [end.end === 'threw' ? `The script failed: ${end.message}` : end.message]),
    ...(end?.end === 'returned' ? [] : [doneBefore(calls)]),
  ]
  const unique = [...new Map(labels.map((label) => [`${label.label} ${label.why}`, label])).values()]
  return {
    content: parts.join('\n') || '[It returned nothing]',
    details: { kind: 'script', calls: [...calls] },
    labels: unique.length <= MOST_LABELS ? unique : [...unique.filter(({ label }) => label === 'untrusted').slice(-MOST_LABELS / 2), ...unique.filter(({ label }) => label === 'private').slice(-MOST_LABELS / 2)],
    ...(end === null ? { stopped: true, isError: true } : end.end !== 'returned' && { isError: true }),
  }
}

function doneBefore(calls: readonly ScriptCall[]): string {
  const done = calls.filter(({ outcome }) => outcome === 'success').length
  return done === 0 ? '[None of its calls was done]' : `[Until then ${done} of its calls were done: ${calls.filter(({ outcome }) => outcome === 'success').map((each) => [each.function, ...each.paths].join(' ')).join(', ').slice(0, 1000)}]`
}

function callOf({ name, tool }: GlobalFunction, input: Readonly<Record<string, unknown>>, { outcome, content, durationMs, details }: InnerResult): ScriptCall {
  return {
    function: name, tool, outcome, durationMs, says: isRead(outcome, details) ? '' : content.slice(0, SAYS_CHARS).replace(/[\uD800-\uDBFF]$/, ''), paths: pathsOf(details, input),
    ...(details?.kind === 'memory' && { memory: { itemIds: details.itemIds, untrusted: details.untrusted } }),
  }
}

/** What a script has read is not kept beside what it says of it. */
function isRead(outcome: InnerResult['outcome'], details: ToolDetails | undefined): boolean {
  return outcome === 'success' && (details?.kind === 'file' || details?.kind === 'matches' || (details?.kind === 'memory' && details.action !== 'remember'))
}

/** Of a call that came to nothing, the one that it was to touch. */
function pathsOf(details: ToolDetails | undefined, { path }: Readonly<Record<string, unknown>>): string[] {
  if (details?.kind === 'diff' || details?.kind === 'file') return [details.path]
  return typeof path === 'string' ? [path.slice(0, 1000)] : []
}
