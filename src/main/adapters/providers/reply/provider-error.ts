import type { ErrorCode } from '#contract/errors'
import { AppError } from '#core/errors'
import { detailOf, parseRetryAfter, readApiFailure, type ApiFailure } from './api-failure'

/** What error messages may say of a provider. */
export interface ProviderFace {
  /** For instance `OpenAI`, or the host of a compatible server. */
  readonly name: string
  /** Never shown, wherever a server may repeat it. */
  readonly apiKey: string | null
  /** Whether this is the provider's own server, where every 404 means the model. */
  readonly official: boolean
}

export interface FailedCall {
  readonly provider: ProviderFace
  /** Null for calls that name none. */
  readonly model: string | null
  /** The answer had begun, so the stream was cut. */
  readonly answered: boolean
  /** Milliseconds since the Unix epoch. */
  readonly now: number
}

const overflow = new RegExp(
  [
    'context[ _-]?(length|window|size|limit)',
    'prompt (is )?too long',
    'maximum (prompt|context|input) length',
    'too many input tokens',
    'input token count',
    'input (is )?too long',
    'model token limit',
    'reduce the length of the (messages|prompt|input)',
    'too large for model',
  ].join('|'),
  'i',
)
const unknownModel = /model.{0,120}(not (found|exist|available)|does not exist|unknown|invalid)|(unknown|invalid|no such|unsupported) model|model_not_found|try pulling it/i
const outOfCredits = /insufficient_quota|credit balance|insufficient (balance|credits|funds)|billing_error|exceeded your current quota/i
const refusedContent = /content_policy|content_filter|content management policy/i

/** Any failure of an SDK call as the one kind of error the rest knows. */
export function toProviderError(error: unknown, call: FailedCall): AppError {
  const failure = readApiFailure(error)
  if (failure.status === null) return connectionError(failure, call)
  const code = codeOf(failure, call)
  const detail = detailOf(failure, call.provider.apiKey)
  const retryAfterMs = parseRetryAfter(failure.headers, call.now)
  return new AppError(code, messageOf(code, failure.status, detail, call), {
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    data: { status: failure.status },
  })
}

/** Statuses of errors that arrive inside a stream are derived from their type, see `readApiFailure`. */
function codeOf(failure: ApiFailure, call: FailedCall): ErrorCode {
  const status = failure.status ?? 0
  const text = `${failure.code} ${failure.type} ${failure.message}`
  if (status === 401) return 'KEY_REFUSED'
  if (status === 402 || ((status === 429 || status === 400 || status === 403) && outOfCredits.test(text))) return 'NO_CREDITS'
  if (status === 403) return 'KEY_REFUSED'
  if (status === 408 || status === 504) return 'TIMEOUT_ERROR'
  if (status === 413) return 'CONTEXT_TOO_LONG'
  if (status === 429) return /request too large/i.test(failure.message) ? 'CONTEXT_TOO_LONG' : 'RATE_LIMIT_ERROR'
  if (status === 404 && call.model !== null && (call.provider.official || /model/i.test(text))) return 'MODEL_UNKNOWN'
  if (overflow.test(text)) return 'CONTEXT_TOO_LONG'
  if (status >= 500) return 'SERVICE_UNAVAILABLE'
  if (refusedContent.test(text)) return 'CONTENT_REFUSED'
  if (call.model !== null && (status === 400 || status === 422) && unknownModel.test(text)) return 'MODEL_UNKNOWN'
  return 'PROVIDER_REJECTED'
}

function messageOf(code: ErrorCode, status: number, detail: string, { provider: { name }, model }: FailedCall): string {
  switch (code) {
    case 'KEY_REFUSED':
      return `${name} refused the key (HTTP ${status}); check in Settings that it is right and may be used for this.`
    case 'NO_CREDITS':
      return `The account at ${name} has no credit left; add some there or choose another model.`
    case 'TIMEOUT_ERROR':
      return `${name} did not answer in time; try again.`
    case 'RATE_LIMIT_ERROR':
      return `${name} limits how often it may be asked; wait a moment and try again.`
    case 'MODEL_UNKNOWN':
      return `${name} does not know the model ${model}; choose another one.`
    case 'CONTEXT_TOO_LONG':
      return `The conversation is too long for ${model ?? name}; shorten it or choose a model with a larger context window.`
    case 'SERVICE_UNAVAILABLE':
      return `${name} is not available at the moment (HTTP ${status}${detail}); try again.`
    case 'CONTENT_REFUSED':
      return `${name} refused the content of the conversation${detail}; change it and try again.`
    default:
      return status === 404
        ? `There is no model server at the address of ${name} (HTTP 404); check the base URL in Settings.`
        : `${name} rejected the request (HTTP ${status}${detail}); change it or choose another model.`
  }
}

const timeoutCodes = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'])
const nameCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'])

function connectionError(failure: ApiFailure, { provider: { name }, answered }: FailedCall): AppError {
  const code = failure.networkCode
  if (timeoutCodes.has(code) || /timed out/i.test(failure.networkMessage)) {
    return new AppError('TIMEOUT_ERROR', `${name} did not answer in time; check the connection and try again.`)
  }
  if (answered) {
    return new AppError('STREAM_CUT', `The connection to ${name} ended in the middle of the reply; what arrived is kept, try again.`)
  }
  if (nameCodes.has(code)) {
    return new AppError('NETWORK_ERROR', `The address of ${name} could not be found; check the internet connection and the base URL.`)
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    return new AppError('NETWORK_ERROR', `The certificate of ${name} could not be verified (${code}); check the base URL and this computer's clock.`, { retryable: false })
  }
  if (/redirect/i.test(failure.networkMessage)) {
    return new AppError('NETWORK_ERROR', `${name} redirects to another address; enter that address as the base URL.`, { retryable: false })
  }
  if (code === 'ECONNREFUSED') {
    return new AppError('NETWORK_ERROR', `Nothing answers at the address of ${name}; check that the server runs and that the base URL is right.`)
  }
  return new AppError('NETWORK_ERROR', `${name} could not be reached${code === '' ? '' : ` (${code})`}; check the connection and try again.`)
}
