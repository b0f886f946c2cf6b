/** What an SDK's error tells, whichever SDK made it. */
export interface ApiFailure {
  /** Null when there was no answer, or none that says anything. */
  readonly status: number | null
  readonly headers: Headers | null
  readonly code: string
  readonly type: string
  readonly message: string
  /** For instance ECONNREFUSED. Empty when there is none. */
  readonly networkCode: string
  /** What the causes say, from the outermost to the innermost. */
  readonly networkMessage: string
}

/** Errors sent inside a stream have a type instead of a status. */
const statusByType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  api_error: 500,
  server_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
}

export function readApiFailure(error: unknown): ApiFailure {
  const outer = asRecord(error)
  const body = asRecord(outer['error'])
  const inner = 'error' in body ? asRecord(body['error']) : body
  const code = textOf(inner['code'])
  const type = textOf(inner['type'])
  const message = [inner['message'], body['message'], outer['error'], outer['message']].find(isText) ?? ''
  const status = [outer['status'], inner['code'], inner['status'], statusByType[code], statusByType[type]].find(isStatus)
  const causes = causesOf(error)
  const saysSomething = 'error' in outer && outer['error'] !== undefined
  return {
    status: status ?? (saysSomething ? 500 : null),
    headers: outer['headers'] instanceof Headers ? outer['headers'] : null,
    code,
    type,
    message,
    networkCode: causes.map((cause) => ('code' in cause ? textOf(cause.code) : '')).find((name) => /^[A-Z][A-Z0-9_]+$/.test(name)) ?? '',
    networkMessage: causes.map((cause) => cause.message).join(': '),
  }
}

/** In ms, from `retry-after-ms`, or `retry-after` in seconds or as a date. Null when there is none that makes sense. */
export function parseRetryAfter(headers: Headers | null, now: number): number | null {
  const exact = numberOf(headers?.get('retry-after-ms'))
  if (exact !== null) return exact
  const header = headers?.get('retry-after')
  const seconds = numberOf(header)
  if (seconds !== null) return Math.round(seconds * 1000)
  const date = header === null || header === undefined ? Number.NaN : Date.parse(header)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

/** `: what the server said`, on one line, cut, and without anything that looks like a key. */
export function detailOf(failure: ApiFailure, apiKey: string | null): string {
  const withoutKey = apiKey === null || apiKey === '' ? failure.message : failure.message.replaceAll(apiKey, '[key]')
  const plain = withoutKey
    .slice(0, 2000)
    .replaceAll(/\b(bearer|basic)\s+\S+/gi, '[key]')
    .replaceAll(/\b(sk|pk|key|api)[-_][\w*.-]{6,}/gi, '[key]')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .replace(/[.;:]+$/, '')
  if (plain === '' || plain.startsWith('<')) return ''
  return `: ${plain.length > 240 ? `${plain.slice(0, 240)}…` : plain}`
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = []
  let current = error
  while (current instanceof Error && causes.length < 6) {
    causes.push(current)
    current = current instanceof AggregateError ? current.errors[0] : current.cause
  }
  return causes
}

function numberOf(text: string | null | undefined): number | null {
  if (text === null || text === undefined || text.trim() === '') return null
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 ? value : null
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && value >= 400 && value < 600
}
