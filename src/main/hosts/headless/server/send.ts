import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { httpStatusByCode } from '#contract/errors'
import { securityHeaders } from '../../shared/security-headers'
import { retryAfterHeader, toErrorBody, type ReportBug } from '../../shared/wire-error'

export interface ErrorAnswer {
  readonly error: unknown
  readonly traceId: string
  readonly reportBug: ReportBug
  /** Where the code alone does not say it. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}

export function sendError(response: ServerResponse, answer: ErrorAnswer): void {
  const { status, body, headers } = describe(answer)
  if (response.headersSent) {
    response.destroy()
    return
  }
  // A body that was not read to its end would be taken for the next request.
  if (!response.req.complete) response.setHeader('connection', 'close')
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  sendJson(response, status, body)
}

/** Answers a refused upgrade, where there is no response object. */
export function refuseUpgrade(socket: Duplex, answer: ErrorAnswer): void {
  const { status, body, headers } = describe(answer)
  const text = JSON.stringify(body)
  const all = {
    ...securityHeaders, ...headers,
    'content-type': 'application/json; charset=utf-8', 'content-length': String(Buffer.byteLength(text)),
    'x-trace-id': answer.traceId, connection: 'close',
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}\r\n${lines.join('\r\n')}\r\n\r\n${text}`)
}

function describe({ error, traceId, reportBug, status, headers = {} }: ErrorAnswer) {
  const body = toErrorBody(error, traceId, reportBug)
  return {
    status: status ?? httpStatusByCode[body.code],
    body,
    headers: {
      ...headers,
      ...retryAfterHeader(body),
      ...(body.code === 'AUTHENTICATION_ERROR' ? { 'www-authenticate': 'Bearer realm="trestle"' } : {}),
    },
  }
}
