import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { UriTemplate } from '@modelcontextprotocol/sdk/shared/uriTemplate.js'
import { ErrorCode, GetPromptResultSchema, ListPromptsResultSchema, ListResourcesResultSchema, ListResourceTemplatesResultSchema, McpError, ReadResourceResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { AppError } from '#core/errors'
import type { McpOffers, McpTemplateOffer } from '#core/ports/mcp-client'

const ASK_MS = 30_000
const MOST = 500
const MOST_PAGES = 50
const MOST_CHARS = 7_000_000
const MOST_PROMPT_CHARS = 100_000
const MOST_TEMPLATE_CHARS = 2000
const MOST_VARIABLES = 20

interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | undefined
}

/** Page by page, until there is no more, too much, or the same again. */
export async function allPages<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = []
  const cursors = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    found.push(...page.items)
    cursor = page.next
    if (cursor === undefined || cursors.has(cursor)) break
    cursors.add(cursor)
  } while (cursors.size < MOST_PAGES && found.length < MOST)
  return found.slice(0, MOST)
}

export async function listOffers(client: Client, signal: AbortSignal): Promise<McpOffers> {
  const { resources, prompts } = client.getServerCapabilities() ?? {}
  const options = { signal, timeout: ASK_MS }
  return {
    resources: resources === undefined ? [] : await allPages(async (cursor) => {
      const page = await client.request({ method: 'resources/list', params: cursor === undefined ? {} : { cursor } }, ListResourcesResultSchema, options)
      return { next: page.nextCursor, items: page.resources.map(({ uri, name, title, description, mimeType }) => ({ uri, name: title ?? name, description: description ?? '', mimeType: mimeType ?? null })) }
    }),
    templates: resources === undefined ? [] : await listTemplates(client, options),
    prompts: prompts === undefined ? [] : await allPages(async (cursor) => {
      const page = await client.request({ method: 'prompts/list', params: cursor === undefined ? {} : { cursor } }, ListPromptsResultSchema, options)
      return {
        next: page.nextCursor,
        items: page.prompts.map(({ name, description, arguments: wanted = [] }) => ({
          name, description: description ?? '', arguments: wanted.slice(0, 50).map((each) => ({ name: each.name, description: each.description ?? '', required: each.required === true })),
        })),
      }
    }),
  }
}

/** Servers with resources need not know of templates. */
async function listTemplates(client: Client, options: { readonly signal: AbortSignal; readonly timeout: number }): Promise<McpTemplateOffer[]> {
  const found = await allPages(async (cursor) => {
    const page = await client.request({ method: 'resources/templates/list', params: cursor === undefined ? {} : { cursor } }, ListResourceTemplatesResultSchema, options)
    return { next: page.nextCursor, items: page.resourceTemplates }
  }).catch((error: unknown) => {
    if (error instanceof McpError && error.code === Number(ErrorCode.MethodNotFound)) return []
    throw error
  })
  return found.flatMap(({ uriTemplate, name, title, description }) => {
    const variables = variablesOf(uriTemplate)
    return variables === null ? [] : [{ uriTemplate, name: title ?? name, description: description ?? '', variables }]
  })
}

/** Null: it is no template that can be filled in. */
function variablesOf(uriTemplate: string): string[] | null {
  if (uriTemplate.length > MOST_TEMPLATE_CHARS) return null
  try {
    const names = [...new Set(new UriTemplate(uriTemplate).variableNames)]
    return names.length <= MOST_VARIABLES && names.every((name) => /^[\w.-]{1,100}$/.test(name)) ? names : null
  } catch {
    return null
  }
}

export function fillTemplate(uriTemplate: string, values: Readonly<Record<string, string>>): string {
  const missing = (variablesOf(uriTemplate) ?? []).filter((name) => values[name] === undefined)
  if (missing.length > 0) throw new AppError('INVALID_PARAMETERS', `The resource needs ${missing.join(', ')}.`)
  try {
    return new UriTemplate(uriTemplate).expand({ ...values })
  } catch (cause) {
    throw new AppError('INVALID_PARAMETERS', 'The name of the resource cannot be filled in.', { cause })
  }
}

export async function readResource(client: Client, uri: string, signal: AbortSignal): Promise<{ text: string | null; base64: string | null }> {
  const { contents } = await client.request({ method: 'resources/read', params: { uri } }, ReadResourceResultSchema, { signal, timeout: ASK_MS })
  const texts = contents.flatMap((part) => ('text' in part ? [part.text] : []))
  const [blob] = contents.flatMap((part) => ('blob' in part ? [part.blob] : []))
  const size = texts.reduce((sum, text) => sum + text.length, 0) + (texts.length > 0 ? 0 : (blob?.length ?? 0))
  if (size > MOST_CHARS) throw new AppError('FILE_TOO_LARGE', 'The resource is too large to be attached.')
  return texts.length > 0 || blob === undefined ? { text: texts.join('\n'), base64: null } : { text: null, base64: blob }
}

export async function getPrompt(client: Client, name: string, input: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
  const { messages } = await client.request({ method: 'prompts/get', params: { name, arguments: { ...input } } }, GetPromptResultSchema, { signal, timeout: ASK_MS })
  const parts = messages.map(({ role, content }) => {
    const text = content.type === 'text' ? content.text : content.type === 'resource' && 'text' in content.resource ? content.resource.text : `[${content.type}, left out]`
    return role === 'user' ? text : `(The server would have the agent say:)\n${text}`
  })
  return parts.join('\n\n').slice(0, MOST_PROMPT_CHARS)
}
