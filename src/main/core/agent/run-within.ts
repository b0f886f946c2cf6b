import { AppError } from '../errors'
import type { Clock } from '../ports/system'

/** How long work that was told to stop may take to do so, in ms. */
const GRACE_MS = 3000

/**
 * Gives work a signal that aborts with `signal` or after `timeoutMs`. Work that does not stop when it is told to is
 * left behind after a short grace. Throws what the work throws, AppError TIMEOUT_ERROR, or the signal's reason.
 */
export async function runWithin<T>(clock: Clock, timeoutMs: number | null, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = (reason: unknown) => { controller.abort(reason) }
  const onAbort = () => { stop(signal.reason) }
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const cancelTimer = timeoutMs === null ? () => undefined : clock.after(timeoutMs, () => {
    stop(new AppError('TIMEOUT_ERROR', `Timed out after ${Math.round(timeoutMs / 1000)} seconds and was stopped.`))
  })
  let cancelGrace: () => void = () => undefined
  const abandoned = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => {
      cancelGrace = clock.after(GRACE_MS, () => { reject(asError(controller.signal.reason)) })
    }, { once: true })
  })
  try {
    return await Promise.race([work(controller.signal), abandoned])
  } catch (error) {
    throw controller.signal.aborted ? asError(controller.signal.reason) : error
  } finally {
    cancelTimer()
    cancelGrace()
    signal.removeEventListener('abort', onAbort)
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted')
}
