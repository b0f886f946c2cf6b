import { z } from 'zod'
import { AppError } from '#core/errors'
import type { FaceClient } from './client'

/** What one connected client has done so far. */
export interface FaceVisit {
  readonly client: FaceClient
  /** As it calls itself, in plain letters. */
  readonly visitor: () => string
  /** Sessions that it began. */
  readonly sessions: Set<string>
}

export interface FaceTool {
  readonly name: string
  readonly description: string
  /** Only where a person lets clients act. */
  readonly acts: boolean
  readonly parameters: Record<string, unknown>
  run(visit: FaceVisit, input: unknown): Promise<unknown>
}

function tool<Input extends z.ZodType>(name: string, acts: boolean, description: string, input: Input, run: (visit: FaceVisit, input: z.output<Input>) => Promise<unknown>): FaceTool {
  return {
    name, acts, description, parameters: z.toJSONSchema(input, { io: 'input' }),
    run: (visit, given) => {
      const parsed = input.safeParse(given)
      if (!parsed.success) throw new AppError('INVALID_PARAMETERS', z.prettifyError(parsed.error))
      return run(visit, parsed.data)
    },
  }
}

const Id = z.string().min(1).max(64)
const Limit = z.int().min(1).max(100).default(30)
const Nothing = z.strictObject({})
const cut = (text: string, most = 20_000) => (text.length > most ? `${text.slice(0, most)} […]` : text)

const reading: readonly FaceTool[] = [
  tool('list_workspaces', false, 'Folders that were opened in Trestle.', Nothing, async ({ client }) => (await client.workspaces.list({})).items.map(({ id, name, trusted }) => ({ id, name, trusted }))),
  tool('list_sessions', false, 'Conversations with agents, newest activity first.', z.strictObject({ workspaceId: Id.optional(), limit: Limit }), async ({ client }, input) =>
    (await client.sessions.list(input)).items.map(({ id, title, workspaceId, status, openRequests, updatedAt }) => ({ id, title, workspaceId, status, openRequests, updatedAt: new Date(updatedAt).toISOString() }))),
  tool('read_session', false, 'The newest messages of a conversation, oldest first.', z.strictObject({ id: Id, limit: Limit }), async ({ client }, { id, limit }) => {
    const { title, status } = await client.sessions.get({ id })
    const { items } = await client.sessions.entries({ id, limit })
    return { title, status, messages: items.flatMap(messageOf) }
  }),
  tool('list_tasks', false, 'Tasks of the board, newest first.', z.strictObject({ workspaceId: Id.optional(), limit: Limit }), async ({ client }, input) =>
    (await client.tasks.list(input)).items.map(({ id, title, state, workspaceId }) => ({ id, title, state, workspaceId }))),
  tool('read_task', false, 'A task with its texts.', z.strictObject({ id: Id }), async ({ client }, { id }) => {
    const { title, state, instruction, context } = await client.tasks.get({ id })
    return { id, title, state, instruction: cut(instruction), context: cut(context) }
  }),
  tool('search_memory', false, 'What Trestle remembers, without what is marked as private.', z.strictObject({ query: z.string().min(1).max(500), limit: Limit }), async ({ client }, { query, limit }) =>
    (await client.memory.query({ q: query, limit })).items.filter(({ item }) => item.sensitivity === 'normal').map(({ item: { id, kind, title, text, trust } }) => ({ id, kind, title, text: cut(text), trust }))),
  tool('list_checkpoints', false, 'Points to which a session can be brought back by a person, newest first.', z.strictObject({ sessionId: Id, limit: Limit }), async ({ client }, { sessionId, limit }) =>
    (await client.checkpoints.list({ id: sessionId, limit })).items.map(({ id, title, at }) => ({ id, title, at: new Date(at).toISOString() }))),
]

const acting: readonly FaceTool[] = [
  tool('start_session', true, 'Start an agent in a folder with a message. It asks a person before it changes or runs anything. Read its answer with read_session.', z.strictObject({
    workspaceId: Id, message: z.string().trim().min(1).max(20_000),
  }), async (visit, { workspaceId, message }) => {
    const { id } = await visit.client.sessions.create({ workspaceId, mode: 'ask', title: cut(`${visit.visitor()}: ${message}`.replace(/\s+/g, ' '), 80) })
    visit.sessions.add(id)
    await visit.client.sessions.send({ id, text: signed(visit, message) })
    return { sessionId: id }
  }),
  tool('continue_session', true, 'Send a message to a session that you started.', z.strictObject({ sessionId: Id, message: z.string().trim().min(1).max(20_000) }), async (visit, { sessionId, message }) => {
    if (!visit.sessions.has(sessionId)) throw new AppError('PERMISSION_DENIED', 'Only sessions that you started since you connected can be continued.')
    await visit.client.sessions.send({ id: sessionId, text: signed(visit, message) })
    return { sessionId }
  }),
  tool('create_task', true, 'Put a task into the backlog. A person starts it.', z.strictObject({ title: z.string().trim().min(1).max(200), instruction: z.string().trim().min(1).max(20_000), workspaceId: Id.optional() }), async (visit, { title, instruction, workspaceId }) => {
    const { id, state } = await visit.client.tasks.create({ title, instruction: signed(visit, instruction), workspaceId: workspaceId ?? null, start: 'backlog', mode: 'ask' })
    return { id, state }
  }),
  tool('remember', true, 'Note something. It is marked as not trusted until a person looks at it.', z.strictObject({ text: z.string().trim().min(3).max(2000) }), async (visit, { text }) => {
    const { item, outcome } = await visit.client.memory.save({ text, trust: 'untrusted', tags: ['mcp'] })
    return { id: item.id, outcome }
  }),
  tool('create_checkpoint', true, 'Take a checkpoint of a session now.', z.strictObject({ sessionId: Id, name: z.string().trim().min(1).max(200) }), async ({ client }, { sessionId, name }) => {
    const { id } = await client.checkpoints.create({ id: sessionId, name, pinned: false })
    return { id }
  }),
]

/** In the order in which clients are told of them. None deletes, restores, approves or allows anything: that is for people. */
export const faceTools: readonly FaceTool[] = [...reading, ...acting]

/** Nobody mistakes it for the person's own words. */
function signed({ visitor }: FaceVisit, text: string): string {
  return `[From the MCP client ${visitor()}]\n${text}`
}

export function messageOf({ payload }: Awaited<ReturnType<FaceClient['sessions']['entries']>>['items'][number]): { from: string; text: string }[] {
  switch (payload.kind) {
    case 'user_message': return [{ from: 'person', text: cut(payload.text) }]
    case 'assistant_message': return [{ from: 'agent', text: cut([payload.text, ...payload.toolCalls.map(({ name }) => `[uses ${name}]`)].filter((part) => part !== '').join('\n')) }]
    case 'run_ended': return [{ from: 'trestle', text: `The turn ended: ${payload.state}` }]
    default: return []
  }
}
