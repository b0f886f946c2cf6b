import type { StandardHandlerOptions } from '@orpc/server/standard'
import type { CallContext } from '../../runtime/router'
import { traceIdFrom } from './trace-id'
import { toWireError, type ReportBug } from './wire-error'

export interface CallGuard {
  /** Called before each call with its path; throws AppError to refuse it. The result is called when it has ended. */
  admit(path: readonly string[]): () => void
}

/** How every transport runs a call: refused while the guard says so, and failures leave as one error body. */
export function callOptions({ guard, reportBug }: { readonly guard: CallGuard; readonly reportBug: ReportBug }): StandardHandlerOptions<CallContext> {
  return {
    // Around reading the call, running it and writing the answer.
    interceptors: [
      async (options) => {
        try {
          return await options.next()
        } catch (error) {
          throw toWireError(error, options.context.traceId, reportBug)
        }
      },
    ],
    // Around the call alone.
    clientInterceptors: [
      async (options) => {
        const { traceId } = options.context
        const release = once(guard.admit(options.path))
        const output = await options.next().catch((error: unknown) => {
          release()
          throw toWireError(error, traceId, reportBug)
        })
        if (!isStream(output)) {
          release()
          return output
        }
        // Also when the caller left before the first message was taken.
        options.signal?.addEventListener('abort', release, { once: true })
        return streamWithin(output, { release, toError: (error) => toWireError(error, traceId, reportBug) })
      },
    ],
  }
}

/** Transports without a header phase of their own: each call carries its trace itself. */
export function peerCallOptions(options: Parameters<typeof callOptions>[0]): StandardHandlerOptions<CallContext> {
  return {
    ...callOptions(options),
    rootInterceptors: [
      (call) => call.next({ ...call, context: { ...call.context, traceId: traceIdFrom(call.request.headers['traceparent']) } }),
    ],
  }
}

/** Nothing to count and nothing to refuse, as for the app's own window. */
export const openGuard: CallGuard = { admit: () => () => {} }

function isStream(output: unknown): output is AsyncGenerator<unknown, unknown, void> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output
}

async function* streamWithin(
  stream: AsyncGenerator<unknown, unknown, void>, { release, toError }: { readonly release: () => void; readonly toError: (error: unknown) => Error },
): AsyncGenerator<unknown, unknown, void> {
  try {
    return yield* stream
  } catch (error) {
    throw toError(error)
  } finally {
    release()
  }
}

function once(action: () => void): () => void {
  let done = false
  return () => {
    if (!done) action()
    done = true
  }
}
