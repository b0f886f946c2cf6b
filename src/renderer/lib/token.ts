/** What of the page the token comes from and goes to; the window itself fits. */
export interface TokenPage {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string }
  readonly history: { replaceState(data: unknown, unused: string, url: string): void }
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem'>
}

const storageKey = 'trestle.token'

/**
 * The access token of this tab. One in the address (`#token=…`) wins; it leaves the address at once and is kept for
 * reloads of this tab only. Other parts of the fragment stay.
 */
export function takeToken(page: TokenPage): string | null {
  const { found, rest } = splitFragment(page.location.hash)
  if (found === null) return page.sessionStorage.getItem(storageKey)
  page.history.replaceState(null, '', `${page.location.pathname}${page.location.search}${rest}`)
  page.sessionStorage.setItem(storageKey, found)
  return found
}

function splitFragment(hash: string): { readonly found: string | null; readonly rest: string } {
  const parts = hash.replace(/^#/, '').split('&').filter((part) => part !== '')
  const token = parts.find((part) => part.startsWith('token='))
  if (token === undefined) return { found: null, rest: hash }
  const others = parts.filter((part) => !part.startsWith('token='))
  return { found: decodeSafely(token.slice('token='.length)), rest: others.length === 0 ? '' : `#${others.join('&')}` }
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
