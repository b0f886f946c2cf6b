import type { McpVisitor } from '#contract/mcp'
import type { Settings } from '#contract/settings'
import type { Audit } from '../audit/audit-log'
import type { Login } from '../audit/login-audit'
import type { EventStream } from '../events/event-stream'
import type { Clock } from '../ports/system'
import type { SettingsService } from '../settings/settings-service'

const MOST_NAMES = 100
const LONGEST_NAME = 40
const ranks = { off: 0, read: 1, act: 2 } as const
export type McpAccess = keyof typeof ranks

/** One connected client. What it may is asked anew at every call. */
export interface McpVisit {
  readonly name: string
  access(): McpAccess
  /** A call of one of our tools. `acts`: it changes something, and is recorded. */
  called(tool: string, acts: boolean): void
  /** It is gone. May be called again. */
  leave(): void
}

export interface McpVisitors {
  /** `onChange`: it may do something else than before; `off` closes it. */
  arrive(client: { readonly name: string; readonly version: string }, onChange: (access: McpAccess) => void): McpVisit
  /** The connected first, then those that were there last. */
  list(): McpVisitor[]
  /** Null: as much as the others again. */
  limit(name: string, access: 'off' | 'read' | null, traceId: string): McpVisitor[]
}

export interface McpVisitorPorts {
  readonly settings: Pick<SettingsService, 'current' | 'update' | 'onDidChange'>
  readonly events: EventStream
  readonly audit: Audit
  readonly noteLogin: (login: Login) => void
  readonly clock: Clock
  readonly newTraceId: () => string
}

interface Known {
  version: string
  lastSeenAt: number
  calls: number
  acts: number
}

interface Guest {
  readonly name: string
  last: McpAccess
  readonly onChange: (access: McpAccess) => void
}

export function createMcpVisitors({ settings, events, audit, noteLogin, clock, newTraceId }: McpVisitorPorts): McpVisitors {
  const known = new Map<string, Known>()
  const here = new Set<Guest>()
  const accessOf = (name: string) => accessIn(settings.current().mcpServer, name)
  const tell = () => events.transact((emit) => { emit({ topic: 'mcp.clients', payload: {} }, { sessionId: null, runId: null, traceId: newTraceId() }) })
  const remember = (name: string, version: string): Known => {
    const before = known.get(name)
    const now = { calls: 0, acts: 0, ...before, version, lastSeenAt: clock.now() }
    // The newest is the last.
    known.delete(name)
    known.set(name, now)
    const forgotten = [...known.keys()].find((each) => ![...here].some((guest) => guest.name === each))
    if (known.size > MOST_NAMES && forgotten !== undefined) known.delete(forgotten)
    return now
  }
  const list = (): McpVisitor[] => {
    const narrowed = settings.current().mcpServer.narrowed.map(({ name }) => name).filter((name) => !known.has(name))
    const all = [...[...known.keys()].toReversed(), ...narrowed].map((name): McpVisitor => {
      const { version = '', lastSeenAt = null, calls = 0, acts = 0 } = known.get(name) ?? {}
      return { name, version, lastSeenAt, calls, acts, access: accessOf(name), connected: [...here].filter((guest) => guest.name === name).length }
    })
    return [...all.filter(({ connected }) => connected > 0), ...all.filter(({ connected }) => connected === 0)]
  }
  settings.onDidChange(() => {
    let changed = false
    for (const guest of [...here]) {
      const access = accessOf(guest.name)
      if (access === guest.last) continue
      guest.last = access
      changed = true
      guest.onChange(access)
    }
    if (changed) tell()
  })

  return {
    list,
    arrive: (client, onChange) => {
      const name = plainName(client.name)
      const access = accessOf(name)
      const facts = remember(name, client.version.slice(0, LONGEST_NAME))
      const guest: Guest = { name, last: access, onChange }
      here.add(guest)
      noteLogin({ ok: access !== 'off', via: 'mcp', from: name })
      tell()
      return {
        name,
        access: () => accessOf(name),
        called: (tool, acts) => {
          facts.calls += 1
          facts.lastSeenAt = clock.now()
          if (!acts) return
          facts.acts += 1
          audit.append({ kind: 'tool', severity: 'medium', title: `MCP client ${name}: ${tool}`, content: { client: name, tool } }, { sessionId: null, runId: null, traceId: newTraceId() })
        },
        leave: () => { if (here.delete(guest)) tell() },
      }
    },
    limit: (name, access, traceId) => {
      const { mcpServer } = settings.current()
      const others = mcpServer.narrowed.filter((each) => each.name !== name)
      settings.update({ mcpServer: { ...mcpServer, narrowed: access === null ? others : [...others, { name, access }] } }, traceId)
      audit.append({ kind: 'rule', severity: 'medium', title: `MCP client ${name}: ${access === null ? 'may do what the others may' : access === 'off' ? 'may do nothing' : 'may only read'}`, content: { client: name, access } }, { sessionId: null, runId: null, traceId })
      return list()
    },
  }
}

function accessIn({ access, narrowed }: Settings['mcpServer'], name: string): McpAccess {
  const own = narrowed.find((each) => each.name === name)?.access ?? access
  return ranks[own] < ranks[access] ? own : access
}

function plainName(name: string): string {
  return name.replace(/[^\w .-]/g, '').trim().slice(0, LONGEST_NAME) || 'unknown'
}
