import { ORPCError } from '@orpc/server'
import { z } from 'zod'
import { ErrorBodySchema, ErrorCodeSchema, httpStatusByCode, type ErrorBody } from '#contract/errors'
import { AppError, errorBody, internalError, isAppError } from '#core/errors'

/** Bugs go here, with everything that is known of them. */
export type ReportBug = (error: unknown, traceId: string) => void

const IssuesSchema = z.object({
  issues: z.array(z.object({ message: z.string(), path: z.array(z.unknown()).optional() })),
})
const WaitSchema = z.object({ data: z.object({ retryAfterMs: z.number() }) })
const MAX_PROBLEMS = 20

/** The one place where a thrown value becomes what the other side of a transport reads. */
export function toErrorBody(error: unknown, traceId: string, reportBug: ReportBug): ErrorBody {
  if (isAppError(error)) {
    if (error.code === 'INTERNAL_ERROR') reportBug(error.cause ?? error, traceId)
    const wait = error.retryAfterMs === undefined || error.data !== undefined ? {} : { data: { retryAfterMs: Math.ceil(error.retryAfterMs) } }
    return { ...errorBody(error), ...wait, traceId }
  }
  if (error instanceof ORPCError) {
    const known = bodyOfTransportError(error)
    if (known) return { ...known, traceId }
  }
  reportBug(error instanceof ORPCError ? error.cause ?? error : error, traceId)
  return { ...errorBody(internalError(error)), traceId }
}

/** Keeps the whole body in `data`, so that every client finds it at the same place. */
export function toWireError(error: unknown, traceId: string, reportBug: ReportBug): ORPCError<string, ErrorBody> {
  const body = toErrorBody(error, traceId, reportBug)
  return new ORPCError(body.code, { status: httpStatusByCode[body.code], message: body.message, data: body, cause: error })
}

/** Header `retry-after` of an error body that says when to try again. */
export function retryAfterHeader(body: unknown): Readonly<Record<string, string>> {
  const parsed = WaitSchema.safeParse(body)
  return parsed.success ? { 'retry-after': String(Math.max(1, Math.ceil(parsed.data.data.retryAfterMs / 1000))) } : {}
}

function bodyOfTransportError(error: ORPCError<string, unknown>): ErrorBody | null {
  const whole = ErrorBodySchema.safeParse(error.data)
  if (whole.success) return whole.data
  const code = ErrorCodeSchema.safeParse(error.code)
  if (code.success) return errorBody(new AppError(code.data, error.message, error.data === undefined ? {} : { data: error.data }))
  if (error.code === 'BAD_REQUEST') return errorBody(invalidParameters(error))
  if (error.code === 'NOT_FOUND') return errorBody(new AppError('RESOURCE_NOT_FOUND', 'There is no such call.'))
  return null
}

function invalidParameters(error: ORPCError<string, unknown>): AppError {
  const parsed = IssuesSchema.safeParse(error.data)
  if (!parsed.success) return new AppError('INVALID_PARAMETERS', 'The request could not be read: send parameters as JSON.')
  const problems = parsed.data.issues.slice(0, MAX_PROBLEMS).map((issue) => ({ path: (issue.path ?? []).map(String).join('.'), message: issue.message }))
  const listed = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')
  return new AppError('INVALID_PARAMETERS', `Invalid parameters: ${listed}`, { data: { problems } })
}
