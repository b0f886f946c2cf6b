import { type ScriptLimits, scriptLimits } from '#core/scripts/limits'
import { createScriptRunner } from '../script-runner'

interface Options {
  readonly call?: (name: string, given: readonly unknown[]) => Promise<unknown>
  readonly limits?: Partial<ScriptLimits>
  readonly signal?: AbortSignal
}

/** Runs a script, and tells all that came out of it. */
export async function run(source: string, { call = () => Promise.resolve('ok'), limits = {}, signal = new AbortController().signal }: Options = {}) {
  const output: string[] = []
  const calls: (readonly unknown[])[] = []
  const end = await createScriptRunner({ ...scriptLimits, ...limits }).run({
    source, functions: ['addMemory', 'readFile'], onOutput: (text) => output.push(text),
    call: (name, given) => {
      calls.push([name, ...given])
      return call(name, given)
    },
  }, signal)
  return { end, output: output.join(''), calls }
}
