import variant from '@jitl/quickjs-singlefile-cjs-release-sync'
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'
import { createBorder } from './border'
import { insideSource } from './inside'
import type { Answered, Said, ScriptStart } from './protocol'

/** Between two looks at whether time is up. */
const JOBS_AT_ONCE = 1000

/** Begins the script; what is given back tells it of answers. Nothing is given back to the engine at the end: the whole of it goes with its thread. */
export async function runInside({ source, functions, limits }: ScriptStart, say: (said: Said) => void): Promise<(answered: Answered) => void> {
  const quickjs = await newQuickJSWASMModuleFromVariant(variant)
  const runtime = quickjs.newRuntime({ memoryLimitBytes: limits.memoryBytes, maxStackSizeBytes: limits.stackBytes })
  const context = runtime.newContext()
  const { send, print, settle, waiting, ended, stop } = createBorder(context, limits, say)
  const names = context.newArray()
  functions.forEach((name, index) => context.setProp(names, index, context.newString(name)))
  const begin = context.unwrapResult(context.evalCode(insideSource, 'trestle.js'))
  const run = context.unwrapResult(context.callFunction(begin, context.undefined, names, send, print, settle))

  const watch = createStopwatch(limits.calculatingMs)
  let isOver = false
  runtime.setInterruptHandler(() => ended() !== null || watch.isLate())

  /** As far as it gets without an answer. */
  const goOn = (work: () => void) => {
    if (isOver) return
    watch.start()
    try {
      work()
      while (ended() === null && !watch.isLate() && runtime.hasPendingJob()) runtime.executePendingJobs(JOBS_AT_ONCE).dispose()
    } catch {
      // The engine itself had no room left.
      if (!watch.isLate()) stop(`The script was stopped: it needs more than ${limits.memoryBytes / 1024 / 1024} MB.`)
    }
    // Being ended, it may have told of it in its own way.
    if (watch.isLate()) stop(`The script was stopped: it calculated for more than ${limits.calculatingMs / 1000} seconds.`)
    watch.pause()
    if (ended() === null && waiting.size === 0) stop('The script was stopped: it waits for something that never comes.')
    const end = ended()
    if (end === null) return say({ say: 'waits' })
    isOver = true
    say({ say: 'end', end })
  }

  say({ say: 'begins' })
  goOn(() => {
    context.callFunction(run, context.undefined, context.newString(source)).dispose()
  })
  return (answered) => {
    const promise = waiting.get(answered.id)
    waiting.delete(answered.id)
    if (promise) goOn(() => {
      if ('value' in answered) context.newString(answered.value).consume((value) => promise.resolve(value))
      else context.newError(answered.error).consume((error) => promise.reject(error))
    })
  }
}

/** Late once, it stays so. */
function createStopwatch(limitMs: number) {
  let spentMs = 0
  let startedAt = 0
  let wasLate = false
  return {
    start: () => { startedAt = performance.now() },
    pause: () => { spentMs += performance.now() - startedAt },
    isLate: () => (wasLate ||= spentMs + performance.now() - startedAt > limitMs),
  }
}
