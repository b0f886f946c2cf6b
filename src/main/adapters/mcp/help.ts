import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { type CreateMessageRequest, CreateMessageRequestSchema, type ElicitRequest, ElicitRequestSchema, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js'
import type { McpField, McpHelp, McpSample } from '#core/ports/mcp-client'

const MOST_FIELDS = 20
const MOST_CHARS = 50_000

/** Calls at work, in the order of their begin: what the server asks for meanwhile is for the oldest. */
export interface Helpers {
  add(help: McpHelp): () => void
  first(): McpHelp | null
}

export function createHelpers(): Helpers {
  const helpers = new Set<McpHelp>()
  return {
    add: (help) => {
      helpers.add(help)
      return () => helpers.delete(help)
    },
    first: () => [...helpers][0] ?? null,
  }
}

/** A server may ask a person, or for a reply of the model, only while a call of it is at work; nobody is asked otherwise. */
export function answerRequests(client: Client, helpers: Helpers): void {
  client.setRequestHandler(ElicitRequestSchema, async ({ params }, { signal }) => {
    const help = helpers.first()
    if (help === null || !('requestedSchema' in params)) return { action: 'decline' }
    const answers = await help.ask({ message: params.message.slice(0, MOST_CHARS), fields: fieldsOf(params) }, signal)
    return answers === null ? { action: 'decline' } : { action: 'accept', content: { ...answers } }
  })
  client.setRequestHandler(CreateMessageRequestSchema, async ({ params }, { signal }) => {
    const reply = await helpers.first()?.sample(sampleOf(params), signal) ?? null
    if (reply === null) throw new McpError(-1, 'The user did not allow this.')
    return { role: 'assistant', content: { type: 'text', text: reply.text }, model: reply.model, stopReason: 'endTurn' }
  })
}

type Form = Extract<ElicitRequest['params'], { requestedSchema: unknown }>

function fieldsOf({ requestedSchema: { properties, required = [] } }: Form): McpField[] {
  const entries = Object.entries(properties)
  if (entries.length > MOST_FIELDS) throw new McpError(ErrorCode.InvalidParams, `At most ${MOST_FIELDS} fields can be asked for at once`)
  return entries.map(([name, schema]) => {
    const label = `${schema.title ?? name}${schema.description === undefined ? '' : ` (${schema.description})`}${'default' in schema && schema.default !== undefined ? `; left out it is ${JSON.stringify(schema.default)}` : ''}`.slice(0, 2000)
    return { name, label, required: required.includes(name), ...kindOf(schema) }
  })
}

function kindOf(schema: Form['requestedSchema']['properties'][string]): Pick<McpField, 'kind' | 'choices'> {
  if (schema.type === 'boolean') return { kind: 'boolean', choices: [] }
  if (schema.type === 'number' || schema.type === 'integer') return { kind: schema.type, choices: [] }
  if (schema.type === 'array') {
    const { items } = schema
    return { kind: 'choices', choices: 'enum' in items ? items.enum.map(plain) : items.anyOf.map(titled) }
  }
  if ('oneOf' in schema) return { kind: 'choice', choices: schema.oneOf.map(titled) }
  if ('enum' in schema) {
    const names = 'enumNames' in schema ? schema.enumNames : undefined
    return { kind: 'choice', choices: schema.enum.map((value, index) => ({ value, label: names?.[index] ?? value })) }
  }
  return { kind: 'text', choices: [] }
}

const plain = (value: string) => ({ value, label: value })
const titled = ({ const: value, title }: { const: string; title: string }) => ({ value, label: title })

function sampleOf({ systemPrompt, messages, maxTokens }: CreateMessageRequest['params']): McpSample {
  const said = messages.map(({ role, content }) => ({
    role, text: (Array.isArray(content) ? content : [content]).map((part) => (part.type === 'text' ? part.text : `[${part.type}, left out]`)).join('\n'),
  }))
  const chars = said.reduce((sum, { text }) => sum + text.length, systemPrompt?.length ?? 0)
  if (chars > MOST_CHARS) throw new McpError(ErrorCode.InvalidParams, 'The messages are too long')
  return { system: systemPrompt ?? '', messages: said, maxTokens: Math.min(Math.max(1, Math.trunc(maxTokens)), 8000) }
}
