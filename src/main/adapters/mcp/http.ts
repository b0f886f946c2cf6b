import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { McpTransport } from '#contract/mcp'
import { AppError } from '#core/errors'
import type { McpListener, McpTarget } from '#core/ports/mcp-client'
import { boundedFetch } from './bounded-fetch'
import { createOAuthProvider, readCredentials } from './oauth'
import type { McpOptions } from './options'

type Http = Extract<McpTransport, { kind: 'http' }>

/** Streamable HTTP. With the tokens of a sign-in, where there are some; without, a server that wants one is refused as such. */
export async function openHttp(options: McpOptions, target: McpTarget, { url, headers }: Http, listener: McpListener, onBroken: (why: string) => void): Promise<StreamableHTTPClientTransport> {
  const known = await readCredentials(target.credentials)
  const own = Object.fromEntries(headers.flatMap((name) => (target.secrets[name] === undefined ? [] : [[name, target.secrets[name]]])))
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch: boundedFetch(options.fetchFor(new URL(url)), options.clock.elapsed, onBroken),
    requestInit: { headers: own },
    ...(known.tokens && { authProvider: createOAuthProvider({ credentials: target.credentials, redirectUrl: known.redirectUrl ?? 'http://127.0.0.1/callback', state: '', onAuthorize: () => undefined }) }),
    reconnectionOptions: { initialReconnectionDelay: 1000, maxReconnectionDelay: 30_000, reconnectionDelayGrowFactor: 2, maxRetries: 3 },
  })
  transport.onerror = (error) => listener.onLine(`of the connection: ${error.message.slice(0, 500)}`)
  return transport
}

/** What went wrong on the way; null: something else. */
export function httpFailure({ name }: Pick<McpTarget, 'name'>, error: unknown): AppError | null {
  const status = error instanceof StreamableHTTPError ? error.code : undefined
  if (error instanceof UnauthorizedError || status === 401) return new AppError('AUTHENTICATION_ERROR', `The MCP server ${name} wants a person to sign in: in Settings, MCP servers.`, { cause: error })
  if (status === 403) return new AppError('AUTHENTICATION_ERROR', `The MCP server ${name} refuses this sign-in.`, { cause: error })
  if (status === undefined) return null
  return new AppError('SERVICE_UNAVAILABLE', `The MCP server ${name} answered with status ${status}.`, { cause: error, retryable: status >= 500 || status === 404 || status === 429 })
}
