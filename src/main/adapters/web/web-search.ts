import { z } from 'zod'
import { AppError } from '#core/errors'
import type { WebSearch, WebSearchBackend, WebSearchHit } from '#core/ports/web'

const LONGEST_ANSWER = 2_000_000
const TIMEOUT_MS = 15_000

// SearXNG: https://docs.searxng.org/dev/search_api.html
const SearxngSchema = z.object({ results: z.array(z.object({ title: z.string().catch(''), url: z.string(), content: z.string().nullish() })) })
// Brave: https://api-dashboard.search.brave.com/app/documentation/web-search/responses
const BraveSchema = z.object({
  web: z.object({ results: z.array(z.object({ title: z.string().catch(''), url: z.string(), description: z.string().nullish() })) }).nullish(),
})

/** Asks the server that a person has set up, so it may be on this machine. Its answers are data like any page. */
export function createWebSearch(): WebSearch {
  return {
    find: async (backend, query, limit, signal) => {
      const answer = await ask(backend, query, limit, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])).catch((error: unknown) => {
        signal.throwIfAborted()
        throw error instanceof AppError ? error : new AppError('NETWORK_ERROR', `The search at ${new URL(backend.baseUrl).host} does not answer.`, { cause: error, retryable: true })
      })
      return hitsOf(backend, answer).slice(0, limit)
    },
  }
}

async function ask({ kind, baseUrl, key }: WebSearchBackend, query: string, limit: number, signal: AbortSignal): Promise<unknown> {
  const base = baseUrl.replace(/\/+$/, '')
  const url = kind === 'searxng' ? `${base}/search?${new URLSearchParams({ q: query, format: 'json' })}` : `${base}/res/v1/web/search?${new URLSearchParams({ q: query, count: String(limit) })}`
  if (kind === 'brave' && key === null) throw new AppError('KEY_MISSING', 'The search has no key. Add one in Settings, Web.')
  const headers = { accept: 'application/json', ...(kind === 'brave' && key !== null && { 'x-subscription-token': key }) }
  const response = await fetch(url, { headers, signal, redirect: 'error' })
  if (!response.ok) {
    await response.body?.cancel()
    throw refused(response.status, new URL(base).host, kind)
  }
  return JSON.parse(await bounded(response)) as unknown
}

function refused(status: number, host: string, kind: WebSearchBackend['kind']): AppError {
  if (status === 401 || (status === 403 && kind === 'brave') || status === 422) return new AppError('KEY_REFUSED', `${host} refused the key.`)
  if (status === 403) return new AppError('NETWORK_ERROR', `${host} does not give its results as JSON. Add "json" to search.formats in its settings.yml.`)
  if (status === 429) return new AppError('RATE_LIMIT_ERROR', `${host} wants fewer questions for now.`, { retryable: true })
  return new AppError('NETWORK_ERROR', `${host} answered with ${status}.`, { retryable: status >= 500 })
}

async function bounded(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true })
    if (text.length > LONGEST_ANSWER) throw new AppError('NETWORK_ERROR', 'The answer of the search is too long.')
  }
  return text
}

function hitsOf({ kind, baseUrl }: WebSearchBackend, answer: unknown): WebSearchHit[] {
  const parsed = kind === 'searxng'
    ? SearxngSchema.transform(({ results }) => results.map(({ content, ...hit }) => ({ ...hit, snippet: content ?? '' }))).safeParse(answer)
    : BraveSchema.transform(({ web }) => (web?.results ?? []).map(({ description, ...hit }) => ({ ...hit, snippet: description ?? '' }))).safeParse(answer)
  if (!parsed.success) throw new AppError('NETWORK_ERROR', `What ${new URL(baseUrl).host} answers is no list of results.`)
  return parsed.data.filter(({ url }) => /^https?:/.test(url))
}
