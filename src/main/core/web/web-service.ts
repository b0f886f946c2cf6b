import type { WebSettings } from '#contract/settings'
import type { WebState } from '#contract/web'
import { AppError, errorBody, isAppError } from '../errors'
import type { SecretStore } from '../ports/secret-store'
import type { WebSearch, WebSearchBackend } from '../ports/web'

const secretName = 'web:search'
const braveUrl = 'https://api.search.brave.com'

export interface WebService {
  state(): Promise<WebState>
  /** What is set up now, with its key; null when nothing is. */
  backend(): Promise<WebSearchBackend | null>
  /** AppError SECRETS_UNAVAILABLE. */
  setKey(key: string): Promise<void>
  removeKey(): Promise<void>
  test(): Promise<{ ok: boolean; results: number; error: ReturnType<typeof errorBody> | null }>
}

export function createWebService({ settings, secrets, search }: {
  readonly settings: () => WebSettings
  readonly secrets: SecretStore
  readonly search: WebSearch
}): WebService {
  const backend = async (): Promise<WebSearchBackend | null> => {
    const { search: kind, searchUrl } = settings()
    const baseUrl = searchUrl ?? (kind === 'brave' ? braveUrl : null)
    if (kind === 'none' || baseUrl === null) return null
    return { kind, baseUrl, key: await secrets.get(secretName) }
  }
  return {
    backend,
    state: async () => {
      const hasKey = (await secrets.get(secretName)) !== null
      return { search: settings().search, key: hasKey ? secrets.kind : 'none', usable: isSearchUsable(settings()) }
    },
    setKey: (key) => secrets.set(secretName, key),
    removeKey: () => secrets.remove(secretName),
    test: async () => {
      try {
        const current = await backend()
        if (!current) throw new AppError('CONFLICT', 'No search is set up, or its address is missing.')
        const hits = await search.find(current, 'weather', 5, new AbortController().signal)
        return { ok: true, results: hits.length, error: null }
      } catch (error) {
        if (!isAppError(error)) throw error
        return { ok: false, results: 0, error: errorBody(error) }
      }
    },
  }
}

/** Whether there is a server to ask. Without its key it says so when it is asked. */
export function isSearchUsable({ search, searchUrl }: WebSettings): boolean {
  return search === 'brave' || (search === 'searxng' && searchUrl !== null)
}
