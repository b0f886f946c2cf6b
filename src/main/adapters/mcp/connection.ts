import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { CallToolResultSchema, ErrorCode, ListToolsResultSchema, McpError } from '@modelcontextprotocol/sdk/types.js'
import type { McpToolDefinition } from '#contract/mcp'
import { AppError, isAppError } from '#core/errors'
import type { McpCallOptions, McpConnection, McpContent, McpTarget } from '#core/ports/mcp-client'
import { contentText } from './content-text'
import type { Helpers } from './help'
import { httpFailure } from './http'
import { allPages, fillTemplate, getPrompt, listOffers, readResource } from './offers'
import { createWatches } from './watches'

const LIST_MS = 30_000
/** Longer than any call may take: the one who calls ends it by its signal. */
const FOREVER_MS = 2_147_483_647
const PROGRESS_MS = 250

interface Life {
  readonly close: () => Promise<void>
  readonly end: (why: string) => void
  readonly helpers: Helpers
}

/** What a server offers, asked for through an agreed connection. */
export function createConnection(client: Client, target: McpTarget, { close, end, helpers }: Life): McpConnection {
  const capabilities = client.getServerCapabilities() ?? {}
  const version = client.getServerVersion()
  const about = {
    name: (version?.title ?? version?.name ?? target.name).slice(0, 200), version: (version?.version ?? '').slice(0, 100),
    tools: capabilities.tools !== undefined, resources: capabilities.resources !== undefined, prompts: capabilities.prompts !== undefined,
  }
  const guarded = async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      const lost = isAppError(error) ? null : httpFailure(target, error)
      // The next call begins anew.
      if (lost) {
        end(lost.message)
        void close()
      }
      throw lost ?? (isAppError(error) ? error : failure(target, error))
    }
  }
  return {
    about,
    listTools: (signal) => guarded(signal, () => listTools(client, signal)),
    listOffers: (signal) => guarded(signal, () => listOffers(client, signal)),
    fillTemplate, watchResource: createWatches(client),
    readResource: (uri, signal) => guarded(signal, () => readResource(client, uri, signal)),
    getPrompt: (name, input, signal) => guarded(signal, () => getPrompt(client, name, input, signal)),
    callTool: (name, input, options) => guarded(options.signal, async () => {
      const done = options.help ? helpers.add(options.help) : () => undefined
      try {
        return await callTool(client, name, input, options)
      } finally {
        done()
      }
    }),
    close,
  }
}

async function callTool(client: Client, name: string, input: Readonly<Record<string, unknown>>, { signal, onProgress }: McpCallOptions): Promise<McpContent> {
  let shownAt = -Infinity
  const onprogress = ({ progress, total, message }: { progress: number; total?: number | undefined; message?: string | undefined }) => {
    if (performance.now() - shownAt < PROGRESS_MS) return
    shownAt = performance.now()
    onProgress(`${progress}${total === undefined ? '' : ` of ${total}`}${message === undefined ? '' : `: ${message.slice(0, 300)}`}\n`)
  }
  try {
    const result = await client.request({ method: 'tools/call', params: { name, arguments: { ...input } } }, CallToolResultSchema, { signal, timeout: FOREVER_MS, onprogress })
    return contentText(result.content, result.structuredContent, result.isError === true)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof McpError) || error.code === Number(ErrorCode.ConnectionClosed)) throw error
    // It is the server that speaks here, so its words go where its results go.
    return { text: error.message.slice(0, 20_000), isError: true, truncated: error.message.length > 20_000 }
  }
}

async function listTools(client: Client, signal: AbortSignal): Promise<McpToolDefinition[]> {
  if (client.getServerCapabilities()?.tools === undefined) return []
  return allPages(async (cursor) => {
    const page = await client.request({ method: 'tools/list', params: cursor === undefined ? {} : { cursor } }, ListToolsResultSchema, { signal, timeout: LIST_MS })
    const items = page.tools.map(({ name, title, annotations, description, inputSchema }) => ({
      name, title: title ?? annotations?.title ?? null, description: description ?? '', parameters: { ...inputSchema },
    }))
    return { items, next: page.nextCursor }
  })
}

function failure({ name }: McpTarget, cause: unknown): AppError {
  const code = cause instanceof McpError ? cause.code : null
  if (code === Number(ErrorCode.RequestTimeout)) return new AppError('TIMEOUT_ERROR', `The MCP server ${name} did not answer in time.`, { cause })
  if (code === Number(ErrorCode.ConnectionClosed)) return new AppError('SERVICE_UNAVAILABLE', `The MCP server ${name} ended before it answered. Whether it did what it was asked is not known.`, { cause })
  if (code !== null) return new AppError('PROVIDER_REJECTED', `The MCP server ${name} refused this.`, { cause })
  return new AppError('SERVICE_UNAVAILABLE', `The MCP server ${name} answered with something that the protocol does not know.`, { cause })
}
