/** An id for a new provider from its name, else its host; not one of `taken`. */
export function providerIdFrom(name: string, baseUrl: string, taken: readonly string[]): string {
  const reserved = new Set([...taken, 'openai', 'anthropic', 'demo'])
  const base = slug(name) || slug(new URL(baseUrl).hostname) || 'server'
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? base : `${base.slice(0, 36)}-${count}`
    if (!reserved.has(id)) return id
  }
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '')
}
