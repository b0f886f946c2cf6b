import { z } from 'zod'
import { AppError } from '../../errors'
import type { WebSearch, WebSearchBackend } from '../../ports/web'
import { defineTool } from '../define-tool'
import type { Tool } from '../tool'
import { untrustedText } from './untrusted-text'

const WebSearchSchema = z.strictObject({
  query: z.string().trim().min(1).max(400),
  limit: z.int().min(1).max(20).optional().describe('10 when left out'),
})

/** `backend`: what is set up now, with its key; null when nothing is. */
export function createWebSearch(search: WebSearch, backend: () => Promise<WebSearchBackend | null>): Tool {
  return defineTool({
    name: 'web_search',
    description: 'Search the web. Returns titles, addresses and a few words of each; read a page with fetch_url.',
    capability: 'network',
    readOnly: true,
    untrusted: true,
    sends: true,
    timeoutMs: 20_000,
    needs: 'web_search',
    input: WebSearchSchema,
    prepare: async ({ query, limit = 10 }) => {
      const current = await backend()
      if (!current) throw new AppError('SERVICE_UNAVAILABLE', 'No search is set up. A person can choose one in Settings, Web.')
      return {
        title: `Search the web for “${query}”`,
        paths: [],
        hosts: [new URL(current.baseUrl).host],
        execute: async ({ signal, newId }) => {
          const hits = await search.find(current, query, limit, signal)
          if (hits.length === 0) return { content: '[Nothing was found]', details: { kind: 'matches', count: 0, truncated: false } }
          const lines = hits.map(({ title, url, snippet }, index) => `${index + 1}. ${plain(title, 300)}\n   ${url}\n   ${plain(snippet, 600)}`)
          return {
            content: untrustedText(newId().slice(-8), new URL(current.baseUrl).host, lines.join('\n')),
            details: { kind: 'matches', count: hits.length, truncated: false },
          }
        },
      }
    },
  })
}

/** Results carry marks of what was found. */
function plain(text: string, most: number): string {
  const line = text.replace(/<\/?(strong|b|em)>/g, '').replace(/\s+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}
