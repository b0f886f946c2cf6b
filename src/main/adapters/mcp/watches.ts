import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { EmptyResultSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'

const MOST_WATCHED = 50
const ASK_MS = 30_000

/** Resources whose next change somebody wants to know of. What a server tells of others is not heard. */
export function createWatches(client: Client): (uri: string, onChanged: () => void) => void {
  const watched = new Map<string, () => void>()
  const ask = (method: 'resources/subscribe' | 'resources/unsubscribe', uri: string) => client.request({ method, params: { uri } }, EmptyResultSchema, { timeout: ASK_MS })
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params: { uri } }) => {
    const onChanged = watched.get(uri)
    if (!watched.delete(uri)) return
    void ask('resources/unsubscribe', uri).catch(() => undefined)
    onChanged?.()
  })
  return (uri, onChanged) => {
    if (client.getServerCapabilities()?.resources?.subscribe !== true || watched.has(uri) || watched.size >= MOST_WATCHED) return
    watched.set(uri, onChanged)
    void ask('resources/subscribe', uri).catch(() => watched.delete(uri))
  }
}
