import type { McpPrompt, McpResource } from '#contract/mcp'
import type { McpPromptOffer, McpResourceOffer } from '../ports/mcp-client'
import type { McpServerRow } from '../ports/mcp-store'
import type { Sha256 } from '../ports/system'
import { mcpToolName } from './tool-names'

type Offered = { readonly resources: readonly McpResourceOffer[]; readonly prompts: readonly McpPromptOffer[] }
const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu

/** What servers offered when they were last asked; in memory. A person chooses of it by hand, agents never see the lists. */
export function createOffers(sha256: Sha256) {
  const known = new Map<string, Offered>()
  const line = (text: string, most: number) => text.replace(hidden, ' ').trim().slice(0, most)
  return {
    put: (id: string, offered: Offered): void => void known.set(id, offered),
    resource: (id: string, uri: string): McpResourceOffer | null => known.get(id)?.resources.find((each) => each.uri === uri) ?? null,
    list: (servers: readonly McpServerRow[]): { resources: McpResource[]; prompts: McpPrompt[] } => ({
      resources: servers.flatMap(({ id, name: server }) => (known.get(id)?.resources ?? []).filter(({ uri }) => uri.length <= 4000).map(({ uri, name, description, mimeType }) => ({
        serverId: id, server, uri, name: line(name, 200), description: line(description, 300), mimeType: mimeType === null ? null : line(mimeType, 100),
      }))),
      prompts: servers.flatMap(({ id, name: server }) => (known.get(id)?.prompts ?? []).filter(({ name }) => name.length <= 200).map(({ name, description, arguments: wanted }) => ({
        serverId: id, server, name: mcpToolName(server, name, sha256).toLowerCase(), ownName: name, description: line(description, 300),
        arguments: wanted.map((each) => ({ name: line(each.name, 200), description: line(each.description, 300), required: each.required })),
      }))),
    }),
  }
}
export type Offers = ReturnType<typeof createOffers>
