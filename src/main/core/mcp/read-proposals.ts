import { z } from 'zod'
import { type McpProposal, type McpProposals, type McpTransport, McpTransportSchema } from '#contract/mcp'
import { fromBase64 } from '../attachments/base64'
import { parseHostPattern } from '../sandbox/host-patterns'

const MOST = 50

/** As other programs write it. `type` is left out by most. */
const EntrySchema = z.looseObject({
  type: z.string().optional(), transport: z.string().optional(),
  command: z.string().optional(), args: z.array(z.union([z.string(), z.number()])).optional(), env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  url: z.string().optional(), serverUrl: z.string().optional(), headers: z.record(z.string(), z.string()).optional(),
})

/**
 * Reads servers out of what other programs use: `{"mcpServers": {…}}`, `{"servers": {…}}`, the inside of it, one server alone, or a link
 * `trestle://mcp?config=<that JSON>` (as it is or in base64). Nothing is looked up and nothing runs.
 */
export function readProposals(text: string): McpProposals {
  const source = fromLink(text.trim())
  if (source === null) return { items: [], problems: ['This link proposes no server that can be read.'] }
  const parsed = parseJson(source)
  if (parsed === undefined) return { items: [], problems: ['This is not JSON. Other programs write {"mcpServers": {"name": {"command": "…"}}}.'] }
  const entries = entriesOf(parsed)
  if (entries.length === 0) return { items: [], problems: ['No server was found in it. Other programs write {"mcpServers": {"name": {"command": "…"}}}.'] }
  const items: McpProposal[] = []
  const problems: string[] = entries.length > MOST ? [`Only the first ${MOST} servers are shown.`] : []
  for (const [name, value] of entries.slice(0, MOST)) {
    const read = readEntry(name, value)
    if (typeof read === 'string') problems.push(`${name.slice(0, 60)}: ${read}`)
    else items.push(read)
  }
  return { items, problems }
}

function fromLink(text: string): string | null {
  if (!/^trestle:/i.test(text)) return text
  const [, config] = /^trestle:\/\/mcp\/?\?config=([^&#]*)$/i.exec(text) ?? []
  if (config === undefined) return null
  try {
    const plain = decodeURIComponent(config)
    if (plain.trim().startsWith('{')) return plain
    const base64 = plain.replaceAll('-', '+').replaceAll('_', '/')
    return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? new TextDecoder().decode(fromBase64(base64)) : null
  } catch {
    return null
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  if (!isObject(value)) return []
  for (const key of ['mcpServers', 'servers', 'context_servers']) if (isObject(value[key])) return Object.entries(value[key])
  if (typeof value['command'] === 'string' || typeof value['url'] === 'string') return [[typeof value['name'] === 'string' ? value['name'] : 'server', value]]
  return Object.entries(value).filter(([, each]) => isObject(each))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readEntry(name: string, value: unknown): McpProposal | string {
  const entry = EntrySchema.safeParse(value)
  if (!entry.success) return 'it is not written as a server.'
  const { command, args = [], env = {}, headers = {} } = entry.data
  const url = entry.data.url ?? entry.data.serverUrl
  if ((command === undefined) === (url === undefined)) return 'it needs a command or an address, and not both.'
  if ((entry.data.type ?? entry.data.transport) === 'sse') return 'it speaks an old form of the protocol (SSE) that Trestle does not.'
  const secrets = command === undefined ? headers : Object.fromEntries(Object.entries(env).map(([key, each]) => [key, String(each)]))
  const wanted = command === undefined
    ? { kind: 'http', url, headers: Object.keys(headers) }
    : { kind: 'stdio', command, args: args.map(String), variables: Object.keys(env), hosts: hostsFor(command), sandboxed: true }
  const transport = McpTransportSchema.safeParse(wanted)
  if (!transport.success) return transport.error.issues[0]?.message ?? 'it is not written as a server.'
  return { name: plainName(name), transport: transport.data, secrets, notes: notesOn(transport.data) }
}

/** Programs that fetch what they run. */
const registries: Readonly<Record<string, readonly string[]>> = {
  npx: ['registry.npmjs.org'], bunx: ['registry.npmjs.org'], pnpx: ['registry.npmjs.org'], uvx: ['pypi.org', 'files.pythonhosted.org'], pipx: ['pypi.org', 'files.pythonhosted.org'],
}

function hostsFor(command: string): readonly string[] {
  const program = command.split(/[\\/]/).at(-1)?.replace(/\.(cmd|exe)$/i, '') ?? ''
  return (registries[program] ?? []).filter((host) => parseHostPattern(host) !== null)
}

/** What a person could overlook. */
export function notesOn(transport: McpTransport): string[] {
  if (transport.kind === 'http') {
    const { protocol, hostname } = new URL(transport.url)
    const isHere = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
    return protocol === 'http:' && !isHere ? ['What is sent to it can be read on the way: its address is not https.'] : []
  }
  const program = transport.command.split(/[\\/]/).at(-1) ?? ''
  const shell = /^(sh|bash|zsh|dash|fish|cmd|powershell|pwsh)(\.exe)?$/i.test(program)
  const loads = transport.variables.filter((name) => /^(LD_|DYLD_|NODE_OPTIONS$|PYTHONSTARTUP$|PYTHONPATH$|PERL5OPT$|RUBYOPT$|BASH_ENV$|ENV$|PATH$)/.test(name))
  return [
    ...(hostsFor(transport.command).length > 0 ? ['It downloads a program and runs it: each start can bring another version, unless its name ends with one.'] : []),
    ...(shell ? ['It is a shell: everything in its arguments is run.'] : []),
    ...(loads.length > 0 ? [`${loads.join(', ')} can make it load other programs.`] : []),
  ]
}

function plainName(name: string): string {
  const plain = name.split('/').at(-1)?.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 24).replace(/^-+|-+$/g, '') ?? ''
  return plain === '' ? 'server' : plain
}
