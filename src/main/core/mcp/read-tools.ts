import { isAppError } from '../errors'
import type { McpConnection } from '../ports/mcp-client'
import type { McpServerRow } from '../ports/mcp-store'
import type { Store } from '../ports/store'
import type { Sha256 } from '../ports/system'
import { cleanDefinition } from './clean-definition'
import type { Offers } from './offers'
import type { ServerLog } from './server-log'
import { mergeSeen } from './tool-pins'

export interface ReadToolsPorts {
  readonly store: Store
  readonly sha256: Sha256
  readonly newTraceId: () => string
  readonly offers: Offers
  readonly log: ServerLog
  readonly row: () => McpServerRow
  readonly tell: (id: string, traceId: string, change: () => void) => void
}

/** Asks a server what it offers and keeps it beside what a person agreed to. */
export async function readServerTools({ store, sha256, newTraceId, offers, log, row, tell }: ReadToolsPorts, connection: McpConnection, signal: AbortSignal): Promise<void> {
  const offered = await connection.listTools(signal)
  const others = await connection.listOffers(signal).catch((error: unknown) => {
    signal.throwIfAborted()
    log.add('trestle', `Its resources and prompts could not be read: ${isAppError(error) ? error.message : 'no reason was given'}`)
    return { resources: [], templates: [], prompts: [] }
  })
  const { id, name } = row()
  offers.put(id, others)
  const seen = offered.map(cleanDefinition).filter((each) => each !== null)
  if (seen.length < offered.length) log.add('trestle', `${offered.length - seen.length} of its tools cannot be offered to any model: their names or parameters are no such.`)
  const { put, drop } = mergeSeen(store.mcp.tools(id), seen, sha256)
  if (put.length + drop.length > 0) {
    tell(id, newTraceId(), () => {
      for (const tool of put) store.mcp.putTool(id, tool)
      for (const gone of drop) store.mcp.removeTool(id, gone)
    })
  }
  const changed = put.filter(({ present, off, allowedHash, seenHash }) => present && !off && allowedHash !== null && allowedHash !== seenHash)
  if (changed.length > 0) log.add('trestle', `${changed.map((tool) => tool.name).join(', ')} of ${name} changed since you agreed to it. It is held until you look at it.`)
}
