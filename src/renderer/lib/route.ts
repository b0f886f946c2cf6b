/** Where the window is. Kept in the address, so that a reload or a second window comes back to it. */
export type Route = { readonly view: 'home' } | { readonly view: 'session'; readonly sessionId: string }

export function parseRoute(hash: string): Route {
  const match = /^#\/session\/([\w-]{1,64})$/.exec(hash)
  return match?.[1] === undefined ? { view: 'home' } : { view: 'session', sessionId: match[1] }
}

export function routeHash(route: Route): string {
  return route.view === 'home' ? '#/' : `#/session/${encodeURIComponent(route.sessionId)}`
}
