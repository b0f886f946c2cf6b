import type { McpHeldTool, McpLogLine, McpPrompt, McpProposals, McpResource, McpResourceTemplate, McpServer, McpTool, NewMcpServer } from '#contract/mcp'
import { AppError, isAppError, notFound } from '../errors'
import type { McpConnection } from '../ports/mcp-client'
import type { Tool } from '../tools/tool'
import { createAgentTools } from './agent-tools'
import { readProposals } from './read-proposals'
import { createServerChanges, createSignIns, describeServer } from './server-changes'
import { credentialsOf, forgetSecrets, secretNames } from './server-secrets'
import { createServers, type McpServicePorts } from './servers'
import { mcpToolName } from './tool-names'
import { describeTools } from './tool-pins'
import { tellNotice } from '../work/tell-notice'

const LONGEST_FOLDER_FILE = 200_000
const MOST_HELD = 200

export interface McpService {
  list(): Promise<McpServer[]>
  propose(text: string): McpProposals
  /** AppError WORKSPACE_UNTRUSTED before anything of the folder is read. */
  proposeFromFolder(workspaceId: string): Promise<McpProposals>
  create(server: NewMcpServer, traceId: string): Promise<McpServer>
  change(id: string, server: Omit<NewMcpServer, 'workspaceId'>, traceId: string): Promise<McpServer>
  remove(id: string, traceId: string): Promise<void>
  /** Agrees to exactly what was shown. AppError CONFLICT when it is another by now. What comes of its start is in its state. */
  enable(id: string, fingerprint: string, traceId: string): Promise<McpServer>
  disable(id: string, traceId: string): Promise<McpServer>
  /** AppError CONFLICT when it would run outside of the sandbox and that was not said. */
  restart(id: string, outside: boolean): Promise<McpServer>
  stop(id: string): Promise<McpServer>
  /** Where to sign in. What comes of it is in the state of the server. */
  signIn(id: string): Promise<{ url: string }>
  signOut(id: string, traceId: string): Promise<McpServer>
  tools(id: string): McpTool[]
  /** What a person has to look at. */
  held(): { items: McpHeldTool[]; total: number }
  decideTools(id: string, decisions: readonly { name: string; hash: string; allowed: boolean }[], traceId: string): McpTool[]
  /** Of servers that run. */
  offers(workspaceId: string | null): { resources: McpResource[]; templates: McpResourceTemplate[]; prompts: McpPrompt[] }
  /** The person is told when it changes after that, where the server tells us. */
  readResource(id: string, uri: string): Promise<Attachable>
  readTemplate(id: string, uriTemplate: string, values: Readonly<Record<string, string>>): Promise<Attachable>
  getPrompt(id: string, name: string, input: Readonly<Record<string, string>>): Promise<{ text: string }>
  log(id: string): { readonly lines: McpLogLine[]; readonly dropped: number }
  /** The tools that agents of a folder have of servers; the same map as long as nothing changes. */
  toolsFor(workspaceId: string | null): ReadonlyMap<string, Tool>
  /** Trust of a folder was withdrawn, or it was forgotten: what ran for it stops. */
  trustChanged(workspaceId: string): Promise<void>
  /** Values of variables and headers, and sign-ins, of all servers; they stop. */
  forgetSecrets(): Promise<void>
  /** Ends everything that runs. Resolves when nothing is left. */
  stopAll(): Promise<void>
}

export interface Attachable {
  readonly name: string
  readonly text: string | null
  readonly base64: string | null
}

export function createMcpService(ports: McpServicePorts): McpService {
  const { store, sha256 } = ports
  const servers = createServers(ports)
  const { get } = servers
  const signIns = createSignIns(ports, servers)
  const read = async (id: string, connection: McpConnection, uri: string, offered: string): Promise<Attachable> => {
    const name = `${get(id).name}: ${offered.replace(/\s+/g, ' ').trim()}`.slice(0, 255)
    const content = await connection.readResource(uri, new AbortController().signal)
    connection.watchResource(uri, () => tellNotice(ports, { level: 'info', text: `${name} changed since it was attached to a message. Attach it again to send it as it is now.` }, ports.newTraceId()))
    return { name, ...content }
  }
  return {
    ...createServerChanges(ports, servers),
    signIn: signIns.signIn, signOut: signIns.signOut,
    list: () => Promise.all(store.mcp.list().map((row) => describeServer(ports, servers, row))),
    propose: readProposals,
    proposeFromFolder: (workspaceId) => readFolder(ports, workspaceId),
    tools: (id) => describeTools(get(id).name, store.mcp.tools(id), sha256),
    held: () => {
      const all = store.mcp.list().filter(servers.isAgreed).flatMap(({ id, name }) => describeTools(name, store.mcp.tools(id), sha256)
        .filter(({ state }) => state === 'new' || state === 'changed').map((tool) => ({ serverId: id, server: name, tool })))
      return { items: all.slice(0, MOST_HELD), total: all.length }
    },
    decideTools: (id, decisions, traceId) => {
      const { name: server } = get(id)
      // Of two with one name the first counts.
      const rows = new Map(store.mcp.tools(id).toReversed().map((row) => [mcpToolName(server, row.name, sha256), row]))
      servers.tell(id, traceId, () => {
        ports.audit.append({ kind: 'trust', severity: 'medium', title: `MCP server ${server}: a person decided on its tools`, content: { decisions } }, { sessionId: null, runId: null, traceId })
        for (const { name, hash, allowed } of decisions) {
          const row = rows.get(name)
          if (!row) throw notFound('Tool', name)
          if (row.seenHash !== hash) throw new AppError('CONFLICT', `The tool ${name} changed again meanwhile. Look at it once more; nothing was decided.`)
          if (row.allowedHash !== hash) store.grants.removeForTools(name)
          store.mcp.putTool(id, allowed ? { ...row, off: false, allowed: row.seen, allowedHash: row.seenHash } : { ...row, off: true, allowed: null, allowedHash: null })
        }
      })
      return describeTools(server, store.mcp.tools(id), sha256)
    },
    offers: (workspaceId) => servers.offers.list(store.mcp.list().filter((row) => (row.workspaceId === null || row.workspaceId === workspaceId) && servers.stateOf(row).state === 'running')),
    readResource: async (id, uri) => {
      const offer = servers.offers.resource(id, uri)
      if (!offer) throw notFound('Resource', uri.slice(0, 200))
      return read(id, await servers.connectedTo(id), uri, offer.name)
    },
    readTemplate: async (id, uriTemplate, values) => {
      const offer = servers.offers.template(id, uriTemplate)
      if (!offer) throw notFound('Resource', uriTemplate.slice(0, 200))
      const connection = await servers.connectedTo(id)
      return read(id, connection, connection.fillTemplate(uriTemplate, values), `${offer.name} ${Object.values(values).join(' ')}`)
    },
    getPrompt: async (id, name, input) => {
      const connection = await servers.connectedTo(id)
      return { text: await connection.getPrompt(name, input, new AbortController().signal) }
    },
    log: (id) => {
      get(id)
      return servers.liveOf(id).log.read()
    },
    toolsFor: createAgentTools(ports, servers),
    trustChanged: async (workspaceId) => {
      if (store.workspaces.get(workspaceId)?.trusted !== true) await servers.stop((id) => (store.mcp.get(id)?.workspaceId ?? workspaceId) === workspaceId)
    },
    forgetSecrets: async () => {
      await servers.stop()
      for (const row of store.mcp.list()) {
        await forgetSecrets(ports.secrets, row.id, secretNames(row))
        await credentialsOf(ports.secrets, row.id).write(null)
      }
    },
    stopAll: async () => {
      signIns.stop()
      await servers.stop()
    },
  }
}

async function readFolder({ store, folders }: McpServicePorts, workspaceId: string): Promise<McpProposals> {
  const workspace = store.workspaces.get(workspaceId)
  if (!workspace) throw notFound('Workspace', workspaceId)
  if (!workspace.trusted) throw new AppError('WORKSPACE_UNTRUSTED', 'This folder is not trusted, so nothing in it is read as settings.')
  const folder = await folders.open(workspace.path)
  const file = await folder.readText('.mcp.json', LONGEST_FOLDER_FILE).catch((error: unknown) => {
    if (isAppError(error)) return null
    throw error
  })
  return file === null ? { items: [], problems: ['The folder has no .mcp.json that can be read.'] } : readProposals(file.text)
}
