import type { McpPrompt, McpResource, McpResourceTemplate } from '#contract/mcp'
import type { McpOffers, McpResourceOffer, McpTemplateOffer } from '../ports/mcp-client'
import type { McpServerRow } from '../ports/mcp-store'
import type { Sha256 } from '../ports/system'
import { mcpToolName } from './tool-names'

const hidden = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu

/** What servers offered when they were last asked; in memory. A person chooses of it by hand, agents never see the lists. */
export function createOffers(sha256: Sha256) {
  const known = new Map<string, McpOffers>()
  const line = (text: string, most: number) => text.replace(hidden, ' ').trim().slice(0, most)
  return {
    put: (id: string, offered: McpOffers): void => void known.set(id, offered),
    resource: (id: string, uri: string): McpResourceOffer | null => known.get(id)?.resources.find((each) => each.uri === uri) ?? null,
    template: (id: string, uriTemplate: string): McpTemplateOffer | null => known.get(id)?.templates.find((each) => each.uriTemplate === uriTemplate) ?? null,
    list: (servers: readonly McpServerRow[]): { resources: McpResource[]; templates: McpResourceTemplate[]; prompts: McpPrompt[] } => ({
      resources: servers.flatMap(({ id, name: server }) => (known.get(id)?.resources ?? []).filter(({ uri }) => uri.length <= 4000).map(({ uri, name, description, mimeType }) => ({
        serverId: id, server, uri, name: line(name, 200), description: line(description, 300), mimeType: mimeType === null ? null : line(mimeType, 100),
      }))),
      templates: servers.flatMap(({ id, name: server }) => (known.get(id)?.templates ?? []).map(({ uriTemplate, name, description, variables }) => ({
        serverId: id, server, name: mcpToolName(server, line(name, 100), sha256).toLowerCase(), ownName: line(name, 200), uriTemplate, description: line(description, 300), variables: [...variables],
      }))),
      prompts: servers.flatMap(({ id, name: server }) => (known.get(id)?.prompts ?? []).filter(({ name }) => name.length <= 200).map(({ name, description, arguments: wanted }) => ({
        serverId: id, server, name: mcpToolName(server, name, sha256).toLowerCase(), ownName: name, description: line(description, 300),
        arguments: wanted.map((each) => ({ name: line(each.name, 200), description: line(each.description, 300), required: each.required })),
      }))),
    }),
  }
}
export type Offers = ReturnType<typeof createOffers>
