import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { McpToolDefinitionSchema, NewMcpServerSchema } from '#contract/mcp'
import type { McpServerRow, McpStore, McpToolRow } from '#core/ports/mcp-store'

interface ServerRow {
  readonly id: string
  readonly workspace_id: string | null
  readonly name: string
  readonly config: string
  readonly agreed: string | null
  readonly signed_in: number
  readonly created_at: number
}

interface ToolRow {
  readonly name: string
  readonly position: number
  readonly present: number
  readonly seen: string
  readonly seen_hash: string
  readonly allowed: string | null
  readonly allowed_hash: string | null
  readonly off: number
}

const ConfigSchema = NewMcpServerSchema.pick({ transport: true, timeoutMs: true })
const serverColumns = 'id, workspace_id, name, config, agreed, signed_in, created_at'
const toolColumns = 'name, position, present, seen, seen_hash, allowed, allowed_hash, off'

export function createMcpStore(db: Database): McpStore {
  const list = db.prepare<[], ServerRow>(`SELECT ${serverColumns} FROM mcp_servers ORDER BY created_at, id`)
  const get = db.prepare<[string], ServerRow>(`SELECT ${serverColumns} FROM mcp_servers WHERE id = ?`)
  const put = db.prepare(`INSERT INTO mcp_servers (${serverColumns}) VALUES (@id, @workspaceId, @name, @config, @agreed, @signedIn, @createdAt)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, config = excluded.config, agreed = excluded.agreed, signed_in = excluded.signed_in`)
  const remove = db.prepare<[string]>('DELETE FROM mcp_servers WHERE id = ?')
  const tools = db.prepare<[string], ToolRow>(`SELECT ${toolColumns} FROM mcp_tools WHERE server_id = ? ORDER BY present DESC, position, name`)
  const putTool = db.prepare(`INSERT INTO mcp_tools (server_id, ${toolColumns}) VALUES (@serverId, @name, @position, @present, @seen, @seenHash, @allowed, @allowedHash, @off)
    ON CONFLICT (server_id, name) DO UPDATE SET position = excluded.position, present = excluded.present, seen = excluded.seen, seen_hash = excluded.seen_hash,
      allowed = excluded.allowed, allowed_hash = excluded.allowed_hash, off = excluded.off`)
  const removeTool = db.prepare<[string, string]>('DELETE FROM mcp_tools WHERE server_id = ? AND name = ?')
  return {
    list: () => list.all().map(toServer),
    get: (id) => {
      const row = get.get(id)
      return row ? toServer(row) : null
    },
    put: ({ id, workspaceId, name, transport, timeoutMs, agreed, signedIn, createdAt }) => {
      put.run({ id, workspaceId, name, config: JSON.stringify({ transport, timeoutMs }), agreed, signedIn: Number(signedIn), createdAt })
    },
    remove: (id) => { remove.run(id) },
    tools: (serverId) => tools.all(serverId).map(toTool),
    putTool: (serverId, { name, position, present, seen, seenHash, allowed, allowedHash, off }) => {
      putTool.run({
        serverId, name, position, present: Number(present), seen: JSON.stringify(seen), seenHash, allowed: allowed && JSON.stringify(allowed), allowedHash, off: Number(off),
      })
    },
    removeTool: (serverId, name) => { removeTool.run(serverId, name) },
  }
}

function toServer({ id, workspace_id, name, config, agreed, signed_in, created_at }: ServerRow): McpServerRow {
  return { id, workspaceId: workspace_id, name, ...ConfigSchema.parse(JSON.parse(config)), agreed, signedIn: signed_in === 1, createdAt: created_at }
}

function toTool(row: ToolRow): McpToolRow {
  return {
    name: row.name, position: row.position, present: row.present === 1, seen: definition.parse(row.seen), seenHash: row.seen_hash,
    allowed: row.allowed === null ? null : definition.parse(row.allowed), allowedHash: row.allowed_hash, off: row.off === 1,
  }
}

const definition = z.string().transform((text): unknown => JSON.parse(text)).pipe(McpToolDefinitionSchema)
