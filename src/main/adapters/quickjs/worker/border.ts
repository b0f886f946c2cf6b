import type { QuickJSContext, QuickJSDeferredPromise, QuickJSHandle } from 'quickjs-emscripten-core'
import type { ScriptEnd } from '#core/ports/script-runner'
import type { ScriptLimits } from '#core/scripts/limits'
import type { Said } from './protocol'

export interface Border {
  /** What is inside may say: a call, some output, how it ended. */
  readonly send: QuickJSHandle
  readonly print: QuickJSHandle
  readonly settle: QuickJSHandle
  /** Calls without an answer. */
  readonly waiting: Map<number, QuickJSDeferredPromise>
  /** Null: it goes on. */
  readonly ended: () => ScriptEnd | null
  /** Whatever it says itself. */
  readonly stop: (message: string) => void
}

/** Only texts cross it, and none that is too long to be looked at. */
export function createBorder(context: QuickJSContext, limits: ScriptLimits, say: (said: Said) => void): Border {
  const waiting = new Map<number, QuickJSDeferredPromise>()
  let end: ScriptEnd | null = null
  let said = 0
  let calls = 0

  const stop = (message: string) => {
    if (end?.end !== 'stopped') end = { end: 'stopped', message }
  }
  const textOf = (handle: QuickJSHandle | undefined, longest: number): string | null => {
    if (!handle || context.typeof(handle) !== 'string') return null
    const length = context.getProp(handle, 'length').consume((each) => context.getNumber(each))
    return length > longest ? null : context.getString(handle)
  }
  const send = context.newFunction('send', (nameHandle, givenHandle) => {
    const name = textOf(nameHandle, 100)
    const given = textOf(givenHandle, limits.argumentChars)
    const promise = context.newPromise()
    if (name === null || given === null) {
      context.newError(`The arguments are longer than ${limits.argumentChars} characters as JSON`).consume((error) => promise.reject(error))
    } else if (calls === limits.calls) {
      stop(`The script was stopped: it made more than ${limits.calls} calls.`)
    } else {
      calls += 1
      waiting.set(calls, promise)
      say({ say: 'call', id: calls, name, given })
    }
    return promise.handle
  })
  const print = context.newFunction('print', (textHandle) => {
    const room = limits.outputChars - said
    if (room < 0) return
    const text = textOf(textHandle, limits.memoryBytes) ?? ''
    said += text.length
    say({ say: 'output', text: text.length <= room ? text : `${text.slice(0, room).replace(/[\uD800-\uDBFF]$/, '')}\n[More output was left out]\n` })
  })
  const settle = context.newFunction('settle', (kindHandle, textHandle) => {
    const isReturned = textOf(kindHandle, 20) === 'returned'
    const isNothing = !textHandle || context.typeof(textHandle) === 'undefined'
    const text = isNothing ? null : textOf(textHandle, limits.resultChars)
    if (isReturned && text === null && !isNothing) end ??= { end: 'threw', message: `what it returns is longer than ${limits.resultChars} characters as JSON` }
    else end ??= isReturned ? { end: 'returned', value: text } : { end: 'threw', message: text ?? 'an error too long to be shown' }
  })
  return { send, print, settle, waiting, stop, ended: () => end }
}
