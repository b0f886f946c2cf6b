import { z } from 'zod'
import { AppError } from '../../errors'
import type { WebClient } from '../../ports/web'
import { defineTool } from '../define-tool'
import type { Tool } from '../tool'
import { untrustedText } from './untrusted-text'

const MOST_BYTES = 5 * 1024 * 1024

const FetchUrlSchema = z.strictObject({
  url: z.string().trim().min(1).max(4_000).describe('Begins with https:// or http://'),
  raw: z.boolean().optional().describe('The HTML as it is, instead of its text'),
})

/** Reads one public page. `client` judges where the address leads, at every hop. */
export function createFetchUrl(client: WebClient): Tool {
  return defineTool({
    name: 'fetch_url',
    description: 'Read a page or a text file from the web, as Markdown. No pictures, no PDF, no cookies or logins; scripts of the page do not run. A redirect to another site is not followed but named.',
    capability: 'network',
    readOnly: true,
    untrusted: true,
    sends: true,
    timeoutMs: 40_000,
    input: FetchUrlSchema,
    prepare: async ({ url, raw = false }) => ({
      title: `Read ${url}`,
      paths: [],
      hosts: [hostOf(url)],
      execute: async ({ signal, newId }) => {
        const answer = await client.get({ url, maxBytes: MOST_BYTES, raw }, signal)
        if (answer.kind === 'redirect') return { content: `${url} leads to another place (${answer.status}): ${answer.location}\nCall fetch_url with that address to read it.` }
        const facts = [answer.title, answer.url, `status ${answer.status}`, ...(answer.truncated ? [`only the first ${MOST_BYTES / 1024 / 1024} MB`] : [])]
        return {
          content: `${facts.filter(Boolean).join(' · ').replace(/\s+/g, ' ')}\n${untrustedText(newId().slice(-8), answer.url, answer.text)}`,
          isError: answer.status >= 400,
        }
      },
    }),
  })
}

/** As the address is asked, so that what the person is shown and what is connected to are one name. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) throw new AppError('INVALID_PARAMETERS', 'Invalid parameters for fetch_url: url is no web address.')
  return new URL(url).host
}
