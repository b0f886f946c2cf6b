import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, TimestampSchema } from './common'

/** The first part of the names of its tools: `github` gives `github__search`. */
export const McpNameSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$/, 'A name has up to 24 small letters, digits and single dashes inside')
const VariableSchema = z.string().max(100).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'A variable is named with letters, digits and _')
const HeaderSchema = z.string().max(100).regex(/^[A-Za-z0-9-]+$/, 'A header is named with letters, digits and -')
const line = (most: number) => z.string().max(most).refine((text) => !text.includes('\0'), 'This text has a character that no program takes')

export const McpStdioSchema = z.object({
  kind: z.literal('stdio'),
  command: line(4096).refine((text) => text.trim() !== '', 'The command is missing'),
  args: z.array(line(8192)).max(200).default([]),
  /** Names of variables. Their values are kept as secrets. */
  variables: z.array(VariableSchema).max(100).default([]),
  /** What it sees beside the programs of the system and a folder of its own; absolute. */
  folders: z.array(z.object({ path: line(4096).refine((path) => /^(\/|[A-Za-z]:[\\/])/.test(path), 'Folders are named from the root'), write: z.boolean() })).max(20).default([]),
  /** Hosts that it may reach. */
  hosts: z.array(z.string().max(300)).max(100).default([]),
  /** False: it runs with all rights of the person, who is asked before each start. */
  sandboxed: z.boolean().default(true),
})

export const McpHttpSchema = z.object({
  kind: z.literal('http'),
  url: z.string().max(4000).refine(isWebAddress, 'An address begins with https:// or http:// and has no name or password in it'),
  /** Names of headers that it is sent. Their values are kept as secrets. */
  headers: z.array(HeaderSchema).max(50).default([]),
})

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === ''
}

export const McpTransportSchema = z.discriminatedUnion('kind', [McpStdioSchema, McpHttpSchema])
export type McpTransport = z.infer<typeof McpTransportSchema>

const SecretsSchema = z.record(z.string().max(100), z.string().max(20_000)).default({})

export const NewMcpServerSchema = z.object({
  name: McpNameSchema,
  /** Null: in every folder. */
  workspaceId: IdSchema.nullable().default(null),
  transport: McpTransportSchema,
  /** The longest that a call may take, waiting for a person left out. */
  timeoutMs: z.int().min(1000).max(3_600_000).default(60_000),
  /** Values of its variables and headers. Never given back; those left out stay as they are. */
  secrets: SecretsSchema,
})
export type NewMcpServer = z.infer<typeof NewMcpServerSchema>

/**
 * `off`: no person has agreed to it as it is now. `idle`: starts when it is needed. `asks`: runs outside of the sandbox, so a person starts it.
 * `waiting`: it ended on its own and starts again at `retryAt`. `failed`: it ended too often, or could not be reached; a person starts it again.
 */
export const McpStateSchema = z.enum(['off', 'idle', 'asks', 'starting', 'running', 'waiting', 'failed'])

export const McpServerSchema = NewMcpServerSchema.omit({ secrets: true }).extend({
  id: IdSchema,
  createdAt: TimestampSchema,
  /** Of everything that decides what it may do: what a person agrees to. */
  fingerprint: z.string(),
  state: McpStateSchema,
  /** Why it is not running, in plain words. */
  problem: z.string().nullable(),
  retryAt: TimestampSchema.nullable(),
  /** What it says of itself. */
  about: z.object({ name: z.string(), version: z.string() }).nullable(),
  /** Whether what it runs is confined now; null of one that is reached over the network. */
  confined: z.boolean().nullable(),
  /** Variables and headers without a value. */
  missing: z.array(z.string()),
  /** `needed`: a person has to sign in. */
  signIn: z.enum(['none', 'needed', 'done']),
  tools: z.object({ allowed: z.int(), held: z.int(), off: z.int() }),
})
export type McpServer = z.infer<typeof McpServerSchema>

/** What a tool says of itself. Nothing of it is believed. */
export const McpToolDefinitionSchema = z.object({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()),
})
export type McpToolDefinition = z.infer<typeof McpToolDefinitionSchema>

/**
 * `new` and `changed` are held: agents do not have them until a person has seen them. `clash`: another one has its name already.
 * `gone`: the server does not offer it any more.
 */
export const McpToolStateSchema = z.enum(['allowed', 'new', 'changed', 'off', 'gone', 'clash'])

export type McpToolState = z.infer<typeof McpToolStateSchema>

export const McpToolSchema = z.object({
  /** As agents see it. */
  name: z.string(),
  state: McpToolStateSchema,
  /** Of `seen`. */
  hash: z.string(),
  seen: McpToolDefinitionSchema,
  /** What was agreed to; null when nothing was. */
  allowed: McpToolDefinitionSchema.nullable(),
})
export type McpTool = z.infer<typeof McpToolSchema>

/** A tool that no agent has until a person has looked at it. */
export const McpHeldToolSchema = z.object({ serverId: IdSchema, server: z.string(), tool: McpToolSchema })
export type McpHeldTool = z.infer<typeof McpHeldToolSchema>

/** A program that came as an MCP client of Trestle since it was started, or that a person narrowed. */
export const McpVisitorSchema = z.object({
  /** As it calls itself: no proof of who it is. */
  name: z.string(),
  version: z.string(),
  /** How many are connected under this name now. */
  connected: z.int(),
  lastSeenAt: TimestampSchema.nullable(),
  calls: z.int(),
  /** Of these, calls of tools that change something. */
  acts: z.int(),
  /** What it may do now. */
  access: z.enum(['off', 'read', 'act']),
})
export type McpVisitor = z.infer<typeof McpVisitorSchema>

export const McpLogLineSchema = z.object({ at: TimestampSchema, from: z.enum(['trestle', 'server']), text: z.string() })
export type McpLogLine = z.infer<typeof McpLogLineSchema>

export const McpProposalSchema = z.object({
  name: z.string(),
  transport: McpTransportSchema,
  /** As they were written, to be seen before they are kept. */
  secrets: SecretsSchema,
  /** What a person should know before they agree. */
  notes: z.array(z.string()),
})
export type McpProposal = z.infer<typeof McpProposalSchema>

const ProposalsSchema = z.object({ items: z.array(McpProposalSchema), problems: z.array(z.string()) })
export type McpProposals = z.infer<typeof ProposalsSchema>

export const McpResourceSchema = z.object({
  serverId: IdSchema, server: z.string(), uri: z.string(), name: z.string(), description: z.string(), mimeType: z.string().nullable(),
})
export type McpResource = z.infer<typeof McpResourceSchema>

/** Resources that are named by filling something in. */
export const McpResourceTemplateSchema = z.object({
  serverId: IdSchema, server: z.string(),
  /** As it is typed after `/`. */
  name: z.string(),
  /** As the server calls it. */
  ownName: z.string(), description: z.string(), uriTemplate: z.string(),
  /** What is to be filled in. */
  variables: z.array(z.string()),
})
export type McpResourceTemplate = z.infer<typeof McpResourceTemplateSchema>

export const McpPromptSchema = z.object({
  serverId: IdSchema, server: z.string(),
  /** As it is typed after `/`. */
  name: z.string(),
  /** As the server calls it. */
  ownName: z.string(), description: z.string(),
  arguments: z.array(z.object({ name: z.string(), description: z.string(), required: z.boolean() })),
})
export type McpPrompt = z.infer<typeof McpPromptSchema>

/** What is left of a name that a client gives itself. */
export const McpVisitorNameSchema = z.string().regex(/^[\w .-]{1,40}$/)

const tags = ['mcp']
const ById = z.object({ id: IdSchema })
const AttachableSchema = z.object({ name: z.string(), text: z.string().nullable(), base64: z.string().nullable() })

export const mcp = {
  list: oc.route({ method: 'GET', path: '/mcp/servers', tags, summary: 'The MCP servers of the user and of all folders' })
    .input(EmptySchema).output(z.object({ items: z.array(McpServerSchema) })),
  propose: oc.route({ method: 'POST', path: '/mcp/proposals', tags, summary: 'Reads servers from JSON or a link; nothing is kept and nothing runs' })
    .input(z.object({ text: z.string().max(200_000) })).output(ProposalsSchema),
  proposeFromFolder: oc.route({ method: 'GET', path: '/mcp/proposals/{workspaceId}', tags, summary: 'Reads servers from .mcp.json of a trusted folder; nothing is kept and nothing runs' })
    .input(z.object({ workspaceId: IdSchema })).output(ProposalsSchema),
  create: oc.route({ method: 'POST', path: '/mcp/servers', successStatus: 201, tags, summary: 'Keep a server; it does not run before a person agreed to it' })
    .input(NewMcpServerSchema).output(McpServerSchema),
  change: oc.route({ method: 'PUT', path: '/mcp/servers/{id}', tags, summary: 'Change a server: all of it is given but the values of secrets. Changed, it has to be agreed to again' })
    .input(NewMcpServerSchema.omit({ workspaceId: true }).extend({ id: IdSchema })).output(McpServerSchema),
  remove: oc.route({ method: 'DELETE', path: '/mcp/servers/{id}', tags, summary: 'Stop a server and forget it with its secrets' }).input(ById).output(EmptySchema),
  enable: oc.route({ method: 'POST', path: '/mcp/servers/{id}/enable', tags, summary: 'Agree to a server exactly as it was shown, and start it where it is confined' })
    .input(ById.extend({ fingerprint: z.string().max(200) })).output(McpServerSchema),
  disable: oc.route({ method: 'POST', path: '/mcp/servers/{id}/disable', tags, summary: 'Stop a server; agents do not have its tools any more' }).input(ById).output(McpServerSchema),
  restart: oc.route({ method: 'POST', path: '/mcp/servers/{id}/restart', tags, summary: 'Start a server anew, or for the first time; outside of the sandbox only when that is said' })
    .input(ById.extend({ outside: z.boolean().default(false) })).output(McpServerSchema),
  stop: oc.route({ method: 'POST', path: '/mcp/servers/{id}/stop', tags, summary: 'Stop a server until it is needed again' }).input(ById).output(McpServerSchema),
  signIn: oc.route({ method: 'POST', path: '/mcp/servers/{id}/sign-in', tags, summary: 'Begin to sign in: the address is opened by the person with their own browser, on this machine' })
    .input(ById).output(z.object({ url: z.string() })),
  signOut: oc.route({ method: 'DELETE', path: '/mcp/servers/{id}/sign-in', tags, summary: 'Forget a sign-in' }).input(ById).output(McpServerSchema),
  tools: oc.route({ method: 'GET', path: '/mcp/servers/{id}/tools', tags, summary: 'Its tools, and what changed since they were agreed to' })
    .input(ById).output(z.object({ items: z.array(McpToolSchema) })),
  held: oc.route({ method: 'GET', path: '/mcp/held-tools', tags, summary: 'Tools that are new or changed, of all servers that were agreed to; nobody has them until a person has decided. The first 200' })
    .input(EmptySchema).output(z.object({ items: z.array(McpHeldToolSchema), total: z.int() })),
  decideTools: oc.route({ method: 'PUT', path: '/mcp/servers/{id}/tools', tags, summary: 'Allow tools exactly as they were shown, or turn them off' })
    .input(ById.extend({ tools: z.array(z.object({ name: z.string().max(100), hash: z.string().max(200), allowed: z.boolean() })).min(1).max(500) }))
    .output(z.object({ items: z.array(McpToolSchema) })),
  offers: oc.route({ method: 'GET', path: '/mcp/offers', tags, summary: 'Resources, templates of resources and prompts of the servers that run, for a folder' })
    .input(z.object({ workspaceId: IdSchema.optional() })).output(z.object({ resources: z.array(McpResourceSchema), templates: z.array(McpResourceTemplateSchema), prompts: z.array(McpPromptSchema) })),
  readResource: oc.route({ method: 'POST', path: '/mcp/servers/{id}/resources', tags, summary: 'The content of a resource, to be attached: a text, or bytes in Base64' })
    .input(ById.extend({ uri: z.string().max(4000) })).output(AttachableSchema),
  readTemplate: oc.route({ method: 'POST', path: '/mcp/servers/{id}/templates', tags, summary: 'The content of a resource that a template names, once it is filled in' })
    .input(ById.extend({ uriTemplate: z.string().max(2000), values: z.record(z.string().max(100), z.string().max(2000)).default({}) })).output(AttachableSchema),
  getPrompt: oc.route({ method: 'POST', path: '/mcp/servers/{id}/prompts', tags, summary: 'The text of a prompt, to be looked at and sent by a person' })
    .input(ById.extend({ name: z.string().max(200), arguments: z.record(z.string().max(200), z.string().max(20_000)).default({}) })).output(z.object({ text: z.string() })),
  clients: oc.route({ method: 'GET', path: '/mcp/clients', tags, summary: 'Programs that came to Trestle as MCP clients, and what they may do' })
    .input(EmptySchema).output(z.object({ items: z.array(McpVisitorSchema) })),
  limitClient: oc.route({ method: 'PUT', path: '/mcp/clients/{name}', tags, summary: 'Let the clients of a name do less than the others, or as much again; what they are connected with is closed when they may do nothing' })
    .input(z.object({ name: McpVisitorNameSchema, access: z.enum(['off', 'read']).nullable() })).output(z.object({ items: z.array(McpVisitorSchema) })),
  log: oc.route({ method: 'GET', path: '/mcp/servers/{id}/log', tags, summary: 'What it and Trestle said lately; kept in memory only' })
    .input(ById).output(z.object({ lines: z.array(McpLogLineSchema), dropped: z.int() })),
}
