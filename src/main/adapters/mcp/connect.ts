import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { LoggingMessageNotificationSchema, PromptListChangedNotificationSchema, ResourceListChangedNotificationSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import type { McpTransport } from '#contract/mcp'
import { AppError, isAppError } from '#core/errors'
import type { McpConnection, McpListener, McpTarget } from '#core/ports/mcp-client'
import type { McpOptions } from './options'
import { createConnection } from './connection'
import { answerRequests, createHelpers } from './help'
import { httpFailure, openHttp } from './http'
import { startProgram } from './start-program'
import { createStdioTransport } from './stdio-transport'

const AGREE_MS = 60_000
const MOST_LOGGED = 2000

export async function connect(options: McpOptions, target: McpTarget, listener: McpListener, signal: AbortSignal): Promise<McpConnection> {
  signal.throwIfAborted()
  const { transport } = target
  return transport.kind === 'http' ? reach(options, target, transport, listener, signal) : run(options, target, transport, listener, signal)
}

async function run(options: McpOptions, target: McpTarget, transport: Extract<McpTransport, { kind: 'stdio' }>, listener: McpListener, signal: AbortSignal): Promise<McpConnection> {
  const program = await startProgram(options, target, transport, listener)
  const stdio = createStdioTransport(program, options.clock.elapsed, (line) => listener.onLine(`not the protocol: ${line.slice(0, 300)}`))
  const end = tellOnce(listener.onEnd)
  stdio.onerror = (error) => end(error.message)
  void program.ended.then((why) => {
    end(why)
    return stdio.close()
  })
  const close = async () => {
    end(null)
    await stdio.close()
    await program.end()
  }
  return agree({ options, target, listener, transport: stdio, close, end, ended: program.ended }, signal)
}

async function reach(options: McpOptions, target: McpTarget, transport: Extract<McpTransport, { kind: 'http' }>, listener: McpListener, signal: AbortSignal): Promise<McpConnection> {
  const end = tellOnce(listener.onEnd)
  const broken: { close: () => Promise<void> } = { close: () => Promise.resolve() }
  const http = await openHttp(options, target, transport, listener, (why) => {
    end(why)
    void broken.close()
  })
  broken.close = async () => {
    end(null)
    await http.terminateSession().catch(() => undefined)
    await http.close().catch(() => undefined)
  }
  return agree({ options, target, listener, transport: http, close: broken.close, end, ended: new Promise(() => undefined) }, signal)
}

/** Whatever ends it is told once, the first reason. */
export function tellOnce(tell: (why: string | null) => void): (why: string | null) => void {
  let told = false
  return (why) => {
    if (told) return
    told = true
    tell(why)
  }
}

interface Agreement {
  readonly options: McpOptions
  readonly target: McpTarget
  readonly listener: McpListener
  readonly transport: Transport
  readonly close: () => Promise<void>
  readonly end: (why: string) => void
  /** Of a program: why it ended. */
  readonly ended: Promise<string>
}

/** Agrees on the protocol; the transport has its own `onerror` by now, which is kept. */
async function agree({ options, target, listener, transport, close, end, ended }: Agreement, signal: AbortSignal): Promise<McpConnection> {
  const client = new Client({ name: 'trestle', title: 'Trestle', version: options.version }, { capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {} } })
  const helpers = createHelpers()
  answerRequests(client, helpers)
  for (const changed of [ToolListChangedNotificationSchema, ResourceListChangedNotificationSchema, PromptListChangedNotificationSchema]) client.setNotificationHandler(changed, () => listener.onToolsChanged())
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => listener.onLine(logLine(params)))
  try {
    const connected = client.connect(transport, { timeout: AGREE_MS, maxTotalTimeout: AGREE_MS, signal })
    connected.catch(() => undefined)
    await Promise.race([connected, ended.then((why) => { throw new AppError('SERVICE_UNAVAILABLE', `The MCP server ${target.name} ended at its start: ${why}`) })])
    return createConnection(client, target, { close, end, helpers })
  } catch (cause) {
    await close()
    signal.throwIfAborted()
    const known = isAppError(cause) ? cause : httpFailure(target, cause)
    if (known) throw known
    throw new AppError('SERVICE_UNAVAILABLE', `The MCP server ${target.name} did not agree on the protocol: ${messageOf(cause)}`, { cause })
  }
}

/** What a server logs over the protocol, as one line. */
function logLine({ level, logger, data }: { level: string; logger?: string | undefined; data: unknown }): string {
  const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? '')
  return `${level}${logger === undefined ? '' : ` (${logger.slice(0, 100)})`}: ${text.slice(0, MOST_LOGGED).replace(/\s+/g, ' ')}`
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : 'it gave no reason').replace(/\s+/g, ' ').slice(0, 300)
}
