import { Worker } from 'node:worker_threads'
import { AppError, isAppError } from '#core/errors'
import type { Script, ScriptEnd, ScriptRunner } from '#core/ports/script-runner'
import { type ScriptLimits, scriptLimits } from '#core/scripts/limits'
import type { Answered, Said, ScriptStart } from './worker/protocol'

/** Until its thread has started. */
const START_MS = 10_000
/** Beyond the time that a script has: where the engine does not look at the clock. */
const GRACE_MS = 1_000
/** Beyond what a script has: for what runs it. */
const MEGABYTES = 64

/** QuickJS in WebAssembly, in a thread per script: what gets out of the one is still in the other, without an environment. */
export function createScriptRunner(limits: ScriptLimits = scriptLimits): ScriptRunner {
  return {
    run: async (script, signal) => {
      // Most days need no script.
      const { source } = await import('./worker/main?thread')
      signal.throwIfAborted()
      const workerData: ScriptStart = { source: script.source, functions: script.functions, limits }
      const thread = new Worker(source, { eval: true, name: 'script', workerData, env: {}, resourceLimits: { maxOldGenerationSizeMb: MEGABYTES }, stdin: false, stdout: true, stderr: true })
      try {
        return await followed(thread, script, limits, signal)
      } finally {
        void thread.terminate()
      }
    },
  }
}

function followed(thread: Worker, script: Script, limits: ScriptLimits, signal: AbortSignal): Promise<ScriptEnd> {
  return new Promise<ScriptEnd>((resolve, reject) => {
    const functions = new Set(script.functions)
    let timer: NodeJS.Timeout | undefined
    let isOver = false
    const end = (settle: () => void) => {
      isOver = true
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      settle()
    }
    const abort = () => end(() => reject(signal.reason as Error))
    /** While it calculates. */
    const watch = (graceMs = GRACE_MS) => {
      clearTimeout(timer)
      timer = setTimeout(() => end(() => resolve({ end: 'stopped', message: `The script was stopped: it calculated for more than ${limits.calculatingMs / 1000} seconds.` })), limits.calculatingMs + graceMs)
    }
    const answer = (answered: Answered) => {
      if (isOver) return
      watch()
      thread.postMessage(answered)
    }
    const make = async ({ id, name, given }: Extract<Said, { say: 'call' }>) => {
      try {
        if (!functions.has(name)) throw new AppError('INVALID_PARAMETERS', `${name} is no function of scripts`)
        const value = await script.call(name, readGiven(given))
        answer({ id, value: JSON.stringify(value ?? null) })
      } catch (error) {
        if (isOver) return
        if (isAppError(error)) answer({ id, error: error.message })
        else end(() => reject(error as Error))
      }
    }
    signal.addEventListener('abort', abort, { once: true })
    thread.on('message', (said: Said) => {
      if (isOver) return
      if (said.say === 'call') void make(said)
      else if (said.say === 'output') script.onOutput(said.text)
      else if (said.say === 'begins') watch()
      else if (said.say === 'waits') clearTimeout(timer)
      else end(() => resolve(said.end))
    })
    const broken = () => {
      if (!isOver) end(() => resolve({ end: 'stopped', message: 'The script was stopped: it broke what runs it, mostly by needing too much memory.' }))
    }
    thread.on('error', broken)
    thread.on('exit', broken)
    watch(START_MS)
  })
}

/** Plain JSON, whatever the other side says. */
function readGiven(text: string): readonly unknown[] {
  const given: unknown = JSON.parse(text)
  if (!Array.isArray(given)) throw new AppError('INVALID_PARAMETERS', 'Arguments are a list')
  return given
}
