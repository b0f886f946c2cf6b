import { ORPCError } from '@orpc/client'
import { type ErrorBody, ErrorBodySchema } from '#contract/errors'
import { NotConnectedError } from './connection'

const fallback = 'Something went wrong inside Trestle. What was done until then is kept; the log has the details.'

/** The structured error of a rejected call, where the server gave one. */
export function errorBodyOf(error: unknown): ErrorBody | null {
  if (!(error instanceof ORPCError)) return null
  for (const candidate of [error.data, { code: error.code, message: error.message, retryable: false }]) {
    const parsed = ErrorBodySchema.safeParse(candidate)
    if (parsed.success) return parsed.data
  }
  return null
}

/** One sentence for a person; never a stack. */
export function errorMessage(error: unknown): string {
  if (error instanceof NotConnectedError) return error.message
  const body = errorBodyOf(error)
  if (body !== null) return body.message
  if (error instanceof ORPCError && error.status < 500 && error.message !== '') return error.message
  return fallback
}
