import type { McpToolDefinition, NewMcpServer } from '#contract/mcp'

export interface McpServerRow extends Omit<NewMcpServer, 'secrets'> {
  readonly id: string
  readonly createdAt: number
  /** The fingerprint that a person agreed to. */
  readonly agreed: string | null
  /** Tokens of a sign-in are kept for it. */
  readonly signedIn: boolean
}

/** A tool as it was last seen, and as a person agreed to it. */
export interface McpToolRow {
  /** As the server names it. */
  readonly name: string
  readonly position: number
  /** It was offered when the server was last asked. */
  readonly present: boolean
  readonly seen: McpToolDefinition
  readonly seenHash: string
  readonly allowed: McpToolDefinition | null
  readonly allowedHash: string | null
  readonly off: boolean
}

export interface McpStore {
  /** In the order in which they were made. */
  list(): McpServerRow[]
  get(id: string): McpServerRow | null
  put(server: McpServerRow): void
  /** With its tools. */
  remove(id: string): void
  /** In the order of the server, those that are gone last. */
  tools(serverId: string): McpToolRow[]
  putTool(serverId: string, tool: McpToolRow): void
  removeTool(serverId: string, name: string): void
}
