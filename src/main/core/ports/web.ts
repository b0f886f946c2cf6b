/** Where an answer leads when it is not the answer itself. Following it is the caller's decision, as it was for the first address. */
export interface WebRedirect {
  readonly kind: 'redirect'
  readonly status: number
  readonly location: string
}

export interface WebPage {
  readonly kind: 'page'
  /** After redirects within the host. */
  readonly url: string
  readonly status: number
  readonly contentType: string
  readonly title: string | null
  /** Pages as Markdown, everything else as it came. */
  readonly text: string
  /** Of the body, as far as it was read. */
  readonly bytes: number
  /** More than the limit came; the rest was not read. */
  readonly truncated: boolean
}

export interface WebRequest {
  /** http or https, without a name or password. */
  readonly url: string
  readonly maxBytes: number
  /** As HTML, instead of its text. */
  readonly raw: boolean
}

/**
 * Reads public pages. Every address that is connected to has been judged right before: nothing on this machine or in its networks is
 * reached, whatever the name resolves to, but for hosts of `allowedPrivateHosts`. No cookies, no credentials.
 * Failures are AppError: INVALID_PARAMETERS, PERMISSION_DENIED (the address), NETWORK_ERROR, FILE_BINARY, TIMEOUT_ERROR.
 */
export interface WebClient {
  get(request: WebRequest, signal: AbortSignal): Promise<WebPage | WebRedirect>
}

export interface WebSearchHit {
  readonly title: string
  readonly url: string
  readonly snippet: string
}

/** Failures are AppError: NETWORK_ERROR, KEY_MISSING, KEY_REFUSED, RATE_LIMIT_ERROR. */
export interface WebSearch {
  find(backend: WebSearchBackend, query: string, limit: number, signal: AbortSignal): Promise<readonly WebSearchHit[]>
}

export interface WebSearchBackend {
  readonly kind: 'searxng' | 'brave'
  readonly baseUrl: string
  readonly key: string | null
}
