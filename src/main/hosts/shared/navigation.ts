/** What becomes of an address that the page wants to open. */
export type NavigationDecision = 'stay' | 'open-outside' | 'block'

const MAX_URL_CHARS = 4096

/**
 * The page itself may be loaded again; https leaves for the person's browser after a click; nothing else opens, in
 * particular no other scheme, no address with a name and password in it, and nothing too long to be read.
 */
export function decideNavigation(address: string, { pageOrigin, byUser }: { readonly pageOrigin: string; readonly byUser: boolean }): NavigationDecision {
  if (address.length > MAX_URL_CHARS || !URL.canParse(address)) return 'block'
  const url = new URL(address)
  // The origin of custom schemes is "null" for this parser, so scheme and host are compared.
  if (`${url.protocol}//${url.host}` === pageOrigin) return 'stay'
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '' && url.hostname !== ''
  return plain && byUser ? 'open-outside' : 'block'
}
