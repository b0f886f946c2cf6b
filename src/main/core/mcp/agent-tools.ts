import type { McpServer, McpTool } from '#contract/mcp'
import { AppError } from '../errors'
import type { McpConnection } from '../ports/mcp-client'
import type { McpServerRow } from '../ports/mcp-store'
import type { Tool } from '../tools/tool'
import { createMcpTool } from './call-tool'
import { asksText, type McpServicePorts, type Servers } from './servers'
import { describeTools } from './tool-pins'

/** The tools that agents of a folder have of servers; the same map as long as nothing changes. */
export function createAgentTools(ports: McpServicePorts, servers: Servers): (workspaceId: string | null) => ReadonlyMap<string, Tool> {
  const known = new Map<string, ReadonlyMap<string, Tool>>()
  servers.onDidChange(() => known.clear())
  return (workspaceId) => {
    const key = workspaceId ?? ''
    const tools = known.get(key) ?? build(ports, servers, workspaceId)
    known.set(key, tools)
    return tools
  }
}

function build(ports: McpServicePorts, servers: Servers, workspaceId: string | null): ReadonlyMap<string, Tool> {
  const { store, clock, sha256 } = ports
  const tools = new Map<string, Tool>()
  for (const row of store.mcp.list()) {
    if (!servers.isAgreed(row) || (row.workspaceId !== null && row.workspaceId !== workspaceId)) continue
    const { state, problem } = servers.stateOf(row)
    const rows = store.mcp.tools(row.id)
    for (const [index, tool] of describeTools(row.name, rows, sha256).entries()) {
      const stored = rows[index]
      if (!stored || tool.state === 'off' || tool.state === 'gone' || tools.has(tool.name)) continue
      tools.set(tool.name, createMcpTool({
        server: { id: row.id, name: row.name }, name: tool.name, ownName: stored.name, description: tool.allowed?.description ?? '', parameters: tool.allowed?.parameters ?? { type: 'object' },
        hosts: hostsOf(row), timeoutMs: row.timeoutMs, held: whyHeld(row.name, tool, state, problem),
      }, { clock, connect: (signal) => connect(ports, servers, row.id, stored.name, tool.hash, signal) }))
    }
  }
  return tools
}

/** Once connected, the tool has to be still what a person agreed to. */
async function connect({ store, assertUnlocked }: McpServicePorts, servers: Servers, id: string, name: string, hash: string, signal: AbortSignal): Promise<McpConnection> {
  assertUnlocked()
  const row = servers.get(id)
  if (!servers.isAgreed(row)) throw new AppError('SERVICE_UNAVAILABLE', `The MCP server ${row.name} was turned off.`)
  if (servers.stateOf(row).state === 'asks') throw new AppError('SERVICE_UNAVAILABLE', asksText(row.name))
  const connection = await servers.liveOf(id).use(signal)
  const tool = store.mcp.tools(id).find((each) => each.name === name)
  if (tool?.present !== true || tool.off || tool.allowedHash !== hash || tool.seenHash !== hash) {
    throw new AppError('SERVICE_UNAVAILABLE', `The tool ${name} of the MCP server ${row.name} is not what a person agreed to any more. It is held until they look at it in Settings, MCP servers.`)
  }
  return connection
}

function hostsOf({ transport }: McpServerRow): readonly string[] {
  return transport.kind === 'http' ? [new URL(transport.url).host] : transport.hosts
}

function whyHeld(server: string, { state: tool }: McpTool, state: McpServer['state'], problem: string | null): string | null {
  if (tool !== 'allowed') return `This tool of the MCP server ${server} is held until a person has looked at what it says of itself, in Settings, MCP servers.`
  if (state === 'asks') return asksText(server)
  if (state === 'failed') return `The MCP server ${server} is not running. ${problem ?? ''}`.trim()
  return null
}
