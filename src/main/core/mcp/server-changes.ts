import type { McpServer, McpTool, NewMcpServer } from '#contract/mcp'
import { AppError, isAppError, notFound } from '../errors'
import type { McpServerRow } from '../ports/mcp-store'
import type { Store } from '../ports/store'
import { credentialsOf, forgetSecrets, missingSecrets, saveSecrets, secretNames } from './server-secrets'
import { assertTrusted, fingerprintOf, type McpServicePorts, type Servers } from './servers'
import { describeTools } from './tool-pins'

const MOST_SERVERS = 100

/** A server as people see it. */
export async function describeServer({ store, sha256, secrets }: McpServicePorts, servers: Servers, row: McpServerRow): Promise<McpServer> {
  const { agreed: _agreed, signedIn, ...server } = row
  const tools = describeTools(row.name, store.mcp.tools(row.id), sha256)
  const count = (...states: McpTool['state'][]) => tools.filter(({ state }) => states.includes(state)).length
  return {
    ...server, ...servers.stateOf(row), fingerprint: fingerprintOf(row, sha256), confined: servers.isConfined(row), missing: await missingSecrets(secrets, row),
    signIn: servers.isRefused(row.id) ? 'needed' : signedIn ? 'done' : 'none', tools: { allowed: count('allowed'), held: count('new', 'changed', 'clash'), off: count('off') },
  }
}

/** What people do with servers. */
export function createServerChanges(ports: McpServicePorts, servers: Servers) {
  const { store, secrets, clock, sha256 } = ports
  const { get, tell } = servers
  const described = (id: string) => describeServer(ports, servers, get(id))
  const assertNameFree = ({ name, workspaceId }: Pick<McpServerRow, 'name' | 'workspaceId'>, id: string | null): void => {
    const taken = store.mcp.list().find((other) => other.id !== id && other.name === name && (other.workspaceId === null || workspaceId === null || other.workspaceId === workspaceId))
    if (taken) throw new AppError('CONFLICT', `There is an MCP server ${name} already. Give this one another name; nothing was changed.`)
  }
  const stopOne = (id: string) => servers.stop((each) => each === id)
  return {
    create: async ({ secrets: values, ...server }: NewMcpServer, traceId: string) => {
      if (server.workspaceId !== null && !store.workspaces.get(server.workspaceId)) throw notFound('Workspace', server.workspaceId)
      if (store.mcp.list().length >= MOST_SERVERS) throw new AppError('CONFLICT', `There are ${MOST_SERVERS} MCP servers already. Remove some first; nothing was added.`)
      assertNameFree(server, null)
      const row: McpServerRow = { ...server, id: ports.newId(), createdAt: clock.now(), agreed: null, signedIn: false }
      await saveSecrets(secrets, row, values)
      tell(row.id, traceId, () => store.mcp.put(row))
      return described(row.id)
    },
    change: async (id: string, { secrets: values, ...server }: Omit<NewMcpServer, 'workspaceId'>, traceId: string) => {
      const before = get(id)
      assertNameFree({ name: server.name, workspaceId: before.workspaceId }, id)
      const after = { ...before, ...server }
      const isSame = fingerprintOf(before, sha256) === fingerprintOf(after, sha256) && Object.keys(values).length === 0
      const row: McpServerRow = { ...after, agreed: isSame ? before.agreed : null }
      await saveSecrets(secrets, row, values)
      await forgetSecrets(secrets, id, secretNames(before).filter((name) => !secretNames(row).includes(name)))
      // Of another server.
      if (!isSame) await credentialsOf(secrets, id).write(null)
      tell(id, traceId, () => {
        store.mcp.put({ ...row, signedIn: isSame && row.signedIn })
        if (!isSame) forgetGrants(store, before.name)
      })
      if (!isSame) await stopOne(id)
      return described(id)
    },
    remove: async (id: string, traceId: string) => {
      const row = get(id)
      tell(id, traceId, () => {
        store.mcp.remove(id)
        forgetGrants(store, row.name)
      })
      await stopOne(id)
      await forgetSecrets(secrets, id, secretNames(row))
      await credentialsOf(secrets, id).write(null)
    },
    enable: async (id: string, fingerprint: string, traceId: string) => {
      const row = get(id)
      if (fingerprintOf(row, sha256) !== fingerprint) throw new AppError('CONFLICT', 'This server is not what was shown any more. Look at it again; nothing was started.')
      assertTrusted(store, row)
      ports.assertUnlocked()
      tell(id, traceId, () => {
        store.mcp.put({ ...row, agreed: fingerprint })
        ports.audit.append({ kind: 'trust', severity: 'medium', title: `MCP server ${row.name}: a person agreed to it`, content: { fingerprint, runs: row.transport.kind === 'http' ? new URL(row.transport.url).origin : row.transport.command } }, { sessionId: null, runId: null, traceId })
      })
      if (servers.isConfined(row) !== false) await servers.tryStart(id)
      return described(id)
    },
    disable: async (id: string, traceId: string) => {
      tell(id, traceId, () => store.mcp.put({ ...get(id), agreed: null }))
      await stopOne(id)
      return described(id)
    },
    restart: async (id: string, outside: boolean) => {
      const row = get(id)
      if (!servers.isAgreed(row)) throw new AppError('CONFLICT', 'Agree to this server first; nothing was started.')
      if (servers.isConfined(row) === false && !outside) throw new AppError('CONFLICT', 'It would run outside of the sandbox, with all rights that you have. Say so to start it; nothing was started.')
      ports.assertUnlocked()
      await servers.tryStart(id)
      return described(id)
    },
    stop: async (id: string) => {
      get(id)
      await stopOne(id)
      return described(id)
    },
  }
}

/** What was allowed to one server is not allowed to the next one of its name. */
function forgetGrants(store: Store, server: string): void {
  store.grants.removeForTools(`${server}__`)
}

/** Signing in to servers on the network: one at a time for each. */
export function createSignIns(ports: McpServicePorts, servers: Servers) {
  const { store, clients, secrets } = ports
  const begun = new Map<string, AbortController>()
  const { get, tell } = servers
  return {
    signIn: async (id: string) => {
      const target = await servers.targetOf(id)
      begun.get(id)?.abort(new AppError('AUTHENTICATION_ERROR', 'Another sign-in began.'))
      const abort = new AbortController()
      begun.set(id, abort)
      const { url, done } = await clients.signIn(target, abort.signal)
      tell(id, ports.newTraceId(), () => store.mcp.put({ ...get(id), signedIn: false }))
      void done.then(async () => {
        tell(id, ports.newTraceId(), () => store.mcp.put({ ...get(id), signedIn: true }))
        await servers.tryStart(id)
      }).catch((error: unknown) => servers.liveOf(id).log.add('trestle', isAppError(error) ? error.message : 'The sign-in did not work.'))
      return { url }
    },
    signOut: async (id: string, traceId: string) => {
      const row = get(id)
      await credentialsOf(secrets, id).write(null)
      tell(id, traceId, () => store.mcp.put({ ...row, signedIn: false }))
      await servers.stop((each) => each === id)
      return describeServer(ports, servers, get(id))
    },
    stop: () => { for (const abort of begun.values()) abort.abort(new AppError('AUTHENTICATION_ERROR', 'The sign-in was stopped.')) },
  }
}
