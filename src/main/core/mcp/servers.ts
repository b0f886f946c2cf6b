import type { McpServer } from '#contract/mcp'
import type { Audit } from '../audit/audit-log'
import { AppError, isAppError, notFound } from '../errors'
import type { EventStream } from '../events/event-stream'
import type { McpClients, McpConnection, McpTarget } from '../ports/mcp-client'
import type { McpServerRow } from '../ports/mcp-store'
import type { SecretStore } from '../ports/secret-store'
import type { Store } from '../ports/store'
import type { Clock, NewId, Sha256 } from '../ports/system'
import type { Folders } from '../ports/workspace-files'
import { canonicalJson } from '../receipts/canonical-json'
import { createLiveServer, type Live, type LiveServer } from './live-server'
import { createOffers, type Offers } from './offers'
import { readServerTools } from './read-tools'
import { credentialsOf, readSecrets } from './server-secrets'

export interface McpServicePorts {
  readonly store: Store
  readonly events: EventStream
  readonly clients: McpClients
  readonly secrets: SecretStore
  readonly audit: Audit
  readonly folders: Pick<Folders, 'open'>
  readonly clock: Clock
  readonly newId: NewId
  readonly newTraceId: () => string
  readonly sha256: Sha256
  /** AppError CONFLICT while nothing may start. */
  readonly assertUnlocked: () => void
}

/** The servers that are kept, and what runs of them. */
export interface Servers {
  readonly offers: Offers
  /** AppError RESOURCE_NOT_FOUND. */
  get(id: string): McpServerRow
  /** A person agreed to it as it is now. */
  isAgreed(row: McpServerRow): boolean
  /** Null: it is reached over the network. */
  isConfined(row: McpServerRow): boolean | null
  stateOf(row: McpServerRow): Pick<McpServer, 'state' | 'problem' | 'retryAt' | 'about'>
  isRefused(id: string): boolean
  targetOf(id: string): Promise<McpTarget>
  liveOf(id: string): LiveServer
  /** Starts it; what goes wrong is in its state. */
  tryStart(id: string): Promise<void>
  /** Of one that runs. AppError CONFLICT. */
  connectedTo(id: string): Promise<McpConnection>
  /** Stops what runs of these, or of all. */
  stop(which?: (id: string) => boolean): Promise<void>
  /** The change and its event, in one transaction. */
  tell(id: string, traceId: string, change?: () => void): void
  /** Called after every change of a server or its tools. */
  onDidChange(listener: () => void): void
}

export function createServers(ports: McpServicePorts): Servers {
  const { store, events, clients, clock, sha256 } = ports
  const running = new Map<string, LiveServer>()
  const listeners: (() => void)[] = []
  const offers = createOffers(sha256)

  const get = (id: string): McpServerRow => {
    const row = store.mcp.get(id)
    if (!row) throw notFound('MCP server', id)
    return row
  }
  const tell = (serverId: string, traceId: string, change: () => void = () => undefined): void => {
    events.transact((emit) => {
      change()
      emit({ topic: 'mcp.update', payload: { serverId } }, { sessionId: null, runId: null, traceId })
    })
    for (const listener of listeners) listener()
  }
  const isAgreed = (row: McpServerRow) => row.agreed === fingerprintOf(row, sha256)
  const isConfined = ({ transport }: McpServerRow) => (transport.kind === 'stdio' ? transport.sandboxed && clients.confinement().on : null)
  const stateOf = (row: McpServerRow): ReturnType<Servers['stateOf']> => {
    const { refused: _refused, ...live }: Live = running.get(row.id)?.current() ?? { state: 'idle', problem: null, retryAt: null, about: null }
    if (!isAgreed(row)) return { ...live, state: 'off' }
    return live.state === 'idle' && isConfined(row) === false ? { ...live, state: 'asks' } : live
  }
  const targetOf = async (id: string): Promise<McpTarget> => {
    ports.assertUnlocked()
    const row = get(id)
    if (!isAgreed(row)) throw new AppError('CONFLICT', `Nobody has agreed to the MCP server ${row.name} as it is now.`)
    assertTrusted(store, row)
    const transport = row.transport.kind === 'stdio' ? { ...row.transport, sandboxed: isConfined(row) === true } : row.transport
    return { id, name: row.name, transport, secrets: await readSecrets(ports.secrets, row), credentials: credentialsOf(ports.secrets, id) }
  }
  const liveOf = (id: string): LiveServer => {
    const known = running.get(id)
    if (known) return known
    const live: LiveServer = createLiveServer({
      clients, clock, target: () => targetOf(id),
      readTools: (connection, signal) => readServerTools({ ...ports, offers, tell, log: live.log, row: () => get(id) }, connection, signal),
      startsAlone: () => {
        const row = store.mcp.get(id)
        return row !== null && isAgreed(row) && isConfined(row) !== false
      },
      onChange: () => { if (store.mcp.get(id)) tell(id, ports.newTraceId()) },
    })
    running.set(id, live)
    return live
  }

  return {
    offers, get, isAgreed, isConfined, stateOf, targetOf, liveOf, tell,
    isRefused: (id) => running.get(id)?.current().refused === true,
    tryStart: (id) => liveOf(id).restart().catch((error: unknown) => { if (!isAppError(error)) throw error }),
    connectedTo: async (id) => {
      ports.assertUnlocked()
      const row = get(id)
      if (stateOf(row).state !== 'running') throw new AppError('CONFLICT', `The MCP server ${row.name} is not running.`)
      return liveOf(id).use(new AbortController().signal)
    },
    stop: async (which = () => true) => { await Promise.all([...running].filter(([id]) => which(id)).map(([, live]) => live.stop())) },
    onDidChange: (listener) => void listeners.push(listener),
  }
}

export function fingerprintOf({ name, workspaceId, transport }: McpServerRow, sha256: Sha256): string {
  return sha256(canonicalJson({ name, workspaceId, transport }))
}

export function assertTrusted(store: Store, { workspaceId, name }: McpServerRow): void {
  if (workspaceId !== null && store.workspaces.get(workspaceId)?.trusted !== true) throw new AppError('WORKSPACE_UNTRUSTED', `The folder of the MCP server ${name} is not trusted, so it does not start.`)
}

export function asksText(name: string): string {
  return `The MCP server ${name} runs outside of the sandbox, so a person starts it each time: in Settings, MCP servers.`
}
