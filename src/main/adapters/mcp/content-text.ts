import type { ContentBlock } from '@modelcontextprotocol/sdk/types.js'
import type { McpContent } from '#core/ports/mcp-client'

/** Of one result. */
const MOST_CHARS = 1_000_000

/** All that is text; pictures, sounds and links are named, not taken. */
export function contentText(blocks: readonly ContentBlock[], structured: unknown, isError: boolean): McpContent {
  const parts = blocks.map(blockText)
  // Who has both says the same twice.
  if (structured !== undefined && !blocks.some(({ type }) => type === 'text')) parts.push(JSON.stringify(structured))
  const text = parts.join('\n')
  return { text: text.slice(0, MOST_CHARS), isError, truncated: text.length > MOST_CHARS }
}

function blockText(block: ContentBlock): string {
  switch (block.type) {
    case 'text': return block.text
    case 'image': return `[picture ${plain(block.mimeType)}, ${size(block.data)}, not shown]`
    case 'audio': return `[sound ${plain(block.mimeType)}, ${size(block.data)}, not shown]`
    case 'resource_link': return `[resource ${plain(block.uri)}: ${plain(block.name)}]`
    case 'resource': return 'text' in block.resource ? `[resource ${plain(block.resource.uri)}]\n${block.resource.text}` : `[resource ${plain(block.resource.uri)}, ${size(block.resource.blob)}, not shown]`
  }
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 500)
}

function size(base64: string): string {
  return `${Math.ceil((base64.length * 3) / 4 / 1024)} KB`
}
