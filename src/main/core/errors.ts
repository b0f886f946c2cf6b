import type { ErrorBody, ErrorCode } from '#contract/errors'

/** Whether the same request may succeed when it is simply made again. */
const retryableCodes: ReadonlySet<ErrorCode> = new Set([
  'NETWORK_ERROR', 'TIMEOUT_ERROR', 'RATE_LIMIT_ERROR', 'SERVICE_UNAVAILABLE', 'STREAM_CUT',
])

export interface AppErrorOptions {
  /** Overrides what the code implies. */
  readonly retryable?: boolean
  /** How long the other side asks us to wait, in ms. */
  readonly retryAfterMs?: number
  readonly data?: unknown
  readonly cause?: unknown
}

/**
 * A failure at a boundary. `message` is shown to people and models: one sentence that says what happened and what
 * to do, without keys, stacks or paths outside the workspace. Anything else that is thrown is a bug.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly data: unknown

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? retryableCodes.has(code)
    this.retryAfterMs = options.retryAfterMs
    this.data = options.data
  }
}

export function isAppError(error: unknown): error is AppError {
  return error instanceof AppError
}

export function errorBody(error: AppError): ErrorBody {
  return {
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    ...(error.data === undefined ? {} : { data: error.data }),
  }
}

/** What a person is told of a bug. The error itself goes to the crash reporter. */
export function internalError(cause: unknown): AppError {
  return new AppError('INTERNAL_ERROR', 'Something went wrong inside Trestle. What was done until then is kept; the log has the details.', { cause })
}

export function notFound(what: string, id: string): AppError {
  return new AppError('RESOURCE_NOT_FOUND', `${what} ${id} not found`)
}

export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
