import { type OAuthClientProvider, UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { OAuthClientInformationFullSchema, OAuthClientInformationSchema, OAuthTokensSchema } from '@modelcontextprotocol/sdk/shared/auth.js'
import { randomBytes } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { z } from 'zod'
import { AppError, isAppError } from '#core/errors'
import type { McpCredentials, McpSignIn, McpTarget } from '#core/ports/mcp-client'
import type { McpOptions } from './options'

const ASK_MS = 30_000
const WAIT_MS = 10 * 60_000
const PATH = '/callback'

const KeptSchema = z.object({
  tokens: OAuthTokensSchema.optional(), client: z.union([OAuthClientInformationFullSchema, OAuthClientInformationSchema]).optional(), redirectUrl: z.string().optional(),
})
type Kept = z.infer<typeof KeptSchema>

export async function readCredentials(credentials: McpCredentials): Promise<Kept> {
  const text = await credentials.read()
  if (text === null) return {}
  const parsed = KeptSchema.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : {}
}

/** What the SDK keeps of a sign-in lies in the keychain; the verifier only in memory. */
export function createOAuthProvider({ credentials, redirectUrl, state, onAuthorize }: {
  readonly credentials: McpCredentials
  readonly redirectUrl: string
  readonly state: string
  readonly onAuthorize: (url: URL) => void
}): OAuthClientProvider {
  let verifier = ''
  const change = async (part: Partial<Kept>) => credentials.write(JSON.stringify({ ...(await readCredentials(credentials)), ...part }))
  return {
    redirectUrl,
    clientMetadata: { client_name: 'Trestle', redirect_uris: [redirectUrl], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], token_endpoint_auth_method: 'none' },
    state: () => state,
    clientInformation: async () => {
      const { client, redirectUrl: known } = await readCredentials(credentials)
      // A client is known for the address that it was registered with.
      return known === redirectUrl ? client : undefined
    },
    saveClientInformation: (client) => change({ client, redirectUrl }),
    tokens: async () => (await readCredentials(credentials)).tokens,
    saveTokens: (tokens) => change({ tokens }),
    redirectToAuthorization: onAuthorize,
    saveCodeVerifier: (value) => { verifier = value },
    codeVerifier: () => verifier,
    invalidateCredentials: async (scope) => {
      if (scope === 'all') await credentials.write(null)
      if (scope === 'client') await change({ client: undefined, tokens: undefined })
      if (scope === 'tokens') await change({ tokens: undefined })
    },
  }
}

/** Finds out where to sign in, and waits on this machine for the browser to come back with a code that belongs to this very sign-in. */
export async function beginSignIn(options: McpOptions, target: McpTarget, signal: AbortSignal): Promise<McpSignIn> {
  if (target.transport.kind !== 'http') throw new AppError('INVALID_PARAMETERS', 'Only servers on the network have a sign-in.')
  const serverUrl = new URL(target.transport.url)
  const state = randomBytes(24).toString('base64url')
  const waiting = await listen(state)
  const asked: { url: URL | null } = { url: null }
  const provider = createOAuthProvider({ credentials: target.credentials, redirectUrl: waiting.redirectUrl, state, onAuthorize: (url) => { asked.url = url } })
  const transport = new StreamableHTTPClientTransport(serverUrl, { fetch: options.fetchFor(serverUrl), authProvider: provider })
  const client = new Client({ name: 'trestle', version: options.version })
  try {
    // An old sign-in would be renewed without asking.
    await target.credentials.write(null)
    await client.connect(transport, { timeout: ASK_MS, signal }).catch((error: unknown) => { if (!(error instanceof UnauthorizedError)) throw error })
    if (asked.url === null) throw new AppError('SERVICE_UNAVAILABLE', 'The server did not ask for a sign-in.')
    if (!isShowable(asked.url)) throw new AppError('PERMISSION_DENIED', `The server wants the sign-in at ${asked.url.protocol}//${asked.url.host}, which is no address for that. Nothing was opened.`)
  } catch (error) {
    waiting.close()
    throw isAppError(error) ? error : new AppError('SERVICE_UNAVAILABLE', `The sign-in could not begin: ${error instanceof Error ? error.message.slice(0, 300) : 'no reason was given'}`, { cause: error })
  } finally {
    await client.close().catch(() => undefined)
  }
  const cancel = options.clock.after(WAIT_MS, () => waiting.fail(new AppError('TIMEOUT_ERROR', 'Nobody signed in within ten minutes.')))
  signal.addEventListener('abort', () => waiting.fail(signal.reason), { once: true })
  const done = waiting.code.then((code) => transport.finishAuth(code)).catch((error: unknown) => {
    throw isAppError(error) ? error : new AppError('AUTHENTICATION_ERROR', `The sign-in did not work: ${error instanceof Error ? error.message.slice(0, 300) : 'no reason was given'}`, { cause: error })
  }).finally(() => {
    cancel()
    waiting.close()
  })
  return { url: asked.url.href, done }
}

/** Opened by the person's browser. */
function isShowable({ protocol, hostname, username }: URL): boolean {
  return username === '' && (protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)))
}

async function listen(state: string) {
  let resolve: (code: string) => void = () => undefined
  let reject: (why: unknown) => void = () => undefined
  const code = new Promise<string>((done, failed) => { [resolve, reject] = [done, failed] })
  code.catch(() => undefined)
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (request.method !== 'GET' || url.pathname !== PATH || url.searchParams.get('state') !== state) return answer(response, 404, 'There is nothing here.')
    const refused = url.searchParams.get('error')
    const given = url.searchParams.get('code')
    if (refused === null && given !== null) {
      resolve(given)
      return answer(response, 200, 'You are signed in. Go back to Trestle; this page can be closed.')
    }
    reject(new AppError('AUTHENTICATION_ERROR', `The sign-in was refused: ${(refused ?? 'no code came').slice(0, 100)}`))
    return answer(response, 200, 'The sign-in was refused. Go back to Trestle; this page can be closed.')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    redirectUrl: `http://127.0.0.1:${port}${PATH}`, code, fail: reject,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', connection: 'close' }).end(text)
}
