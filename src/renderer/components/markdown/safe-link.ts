/** The address to open for a link that a model or a tool wrote; null when it is shown as text only. Only https, and no user name that could fake the host. */
export function safeLink(href: unknown): string | null {
  if (typeof href !== 'string' || href.length > 2_000) return null
  try {
    const url = new URL(href)
    return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null
  } catch {
    return null
  }
}
