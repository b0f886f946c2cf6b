import { AppError } from '../errors'
import type { McpConnection } from '../ports/mcp-client'
import type { Clock } from '../ports/system'
import { untrustedText } from '../tools/web/untrusted-text'
import { createHelp } from './help'
import type { ExecuteContext, PreparedCall, Tool, ToolOutput } from '../tools/tool'

export interface McpToolFacts {
  readonly server: { readonly id: string; readonly name: string }
  /** As agents call it. */
  readonly name: string
  /** As the server calls it. */
  readonly ownName: string
  readonly description: string
  readonly parameters: Readonly<Record<string, unknown>>
  readonly hosts: readonly string[]
  readonly timeoutMs: number
  /** Why nobody has it now; null: agents have it. */
  readonly held: string | null
}

export interface McpToolPorts {
  readonly clock: Clock
  /** The connection, once the tool there is still what a person agreed to. AppError otherwise. */
  readonly connect: (signal: AbortSignal) => Promise<McpConnection>
}

/** A tool of a server as agents have it. What the server says of its effects is not believed: each call may have one, and none is made twice. */
export function createMcpTool(facts: McpToolFacts, ports: McpToolPorts): Tool {
  const { server, name, held } = facts
  return {
    name, description: facts.description, capability: 'mcp', readOnly: false, timeoutMs: null, untrusted: true, sends: true, server,
    parameters: facts.parameters,
    ...(held !== null && { held }),
    prepare: (input): Promise<PreparedCall> => {
      if (held !== null) return Promise.reject(new AppError('SERVICE_UNAVAILABLE', held))
      if (!isRecord(input)) return Promise.reject(new AppError('INVALID_PARAMETERS', `Invalid parameters for ${name}: they have to be an object.`))
      return Promise.resolve({
        title: `${server.name}: ${facts.ownName}`, paths: [], hosts: facts.hosts,
        execute: (context) => call(facts, ports, input, context),
      })
    },
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function call({ server, ownName, timeoutMs }: McpToolFacts, { clock, connect }: McpToolPorts, input: Record<string, unknown>, context: ExecuteContext): Promise<ToolOutput> {
  const connection = await connect(context.signal)
  const limit = new AbortController()
  const tooLong = new AppError('TIMEOUT_ERROR', `The MCP server ${server.name} took longer than ${Math.round(timeoutMs / 1000)} s for ${ownName}, so the call was given up. Whether it did something is not known.`)
  const timer = createTimer(clock, timeoutMs, () => limit.abort(tooLong))
  try {
    const { text, isError, truncated } = await connection.callTool(ownName, input, {
      signal: AbortSignal.any([context.signal, limit.signal]), onProgress: context.onOutput, help: createHelp(server.name, context.asides, timer.pause),
    })
    const shown = text === '' ? '[The server answered with nothing]' : `${text}${truncated ? '\n[The rest was longer than is taken]' : ''}`
    return { content: untrustedText(context.newId().slice(-8), `MCP server ${server.name}, tool ${ownName}`, shown), isError }
  } finally {
    timer.stop()
  }
}

/** Runs out after `ms` that were not paused. */
function createTimer(clock: Clock, ms: number, onEnd: () => void) {
  let left = ms
  let since = clock.elapsed()
  let paused = 0
  let cancel = clock.after(left, onEnd)
  return {
    stop: () => cancel(),
    pause: () => {
      paused += 1
      if (paused === 1) {
        cancel()
        left -= clock.elapsed() - since
      }
      return () => {
        paused -= 1
        if (paused > 0) return
        since = clock.elapsed()
        cancel = clock.after(Math.max(0, left), onEnd)
      }
    },
  }
}
