import { randomBytes } from 'node:crypto'

const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}(-|$)/
const NO_TRACE = '0'.repeat(32)

/** 32 hexadecimal digits, as in W3C Trace Context. */
export function newTraceId(): string {
  return randomBytes(16).toString('hex')
}

/** The trace that the caller is in (header `traceparent`), or a new one. */
export function traceIdFrom(traceparent: string | readonly string[] | undefined): string {
  const header = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null
  const traceId = header?.[1]
  const known = traceId !== undefined && traceId !== NO_TRACE && !header?.[0].startsWith('ff')
  return known ? traceId : newTraceId()
}
