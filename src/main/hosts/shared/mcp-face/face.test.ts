import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { PassThrough } from 'node:stream'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startTestRuntime } from '../../../../testing/test-runtime'
import { createFaceClient } from './client'
import { createFace, serveFace } from './face'
import { faceTools } from './face-tools'
import { faceSocketPath, openFaceSocket } from './socket'

const stops: (() => Promise<unknown> | void)[] = []
afterEach(async () => { for (const stop of stops.splice(0).reverse()) await stop() })

async function visit(access: 'off' | 'read' | 'act') {
  const app = startTestRuntime({ script: () => ({ text: 'Hello from the agent.' }) })
  await app.runtime.start()
  stops.push(() => app.runtime.stop(0))
  await app.client.settings.put({ mcpServer: { access } })
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const server = createFace({ client: createFaceClient(app.runtime.router), visitors: app.runtime.mcpVisitors, version: '0.0.0' })
  const visitor = new Client({ name: 'Editor <x>', version: '1' })
  await Promise.all([server.connect(ours), visitor.connect(theirs)])
  stops.push(() => visitor.close())
  const call = async (name: string, input: Record<string, unknown> = {}) => {
    const { content, isError } = await visitor.callTool({ name, arguments: input })
    const [part] = content as { text: string }[]
    return isError === true ? { error: part?.text } : (JSON.parse(part?.text ?? 'null') as Record<string, unknown>)
  }
  return { ...app, visitor, call }
}

test('a client that may read sees sessions, tasks, memory and checkpoints, and can change nothing', async () => {
  const { client, visitor, call } = await visit('read')
  const session = await client.sessions.create({ workspaceId: 'workspace', title: 'About the quay' })
  await client.memory.save({ text: 'The quay is made of stone' })
  await client.memory.save({ text: 'The quay has a secret door', sensitivity: 'sensitive' })
  const task = await client.tasks.create({ title: 'Paint it', instruction: 'In blue', start: 'backlog' })
  const { tools } = await visitor.listTools()
  expect(tools.map(({ name }) => name)).toEqual(faceTools.filter(({ acts }) => !acts).map(({ name }) => name))
  expect(await call('list_sessions')).toMatchObject([{ id: session.id, title: 'About the quay' }])
  expect(await call('read_task', { id: task.id })).toMatchObject({ title: 'Paint it', state: 'backlog' })
  expect(await call('search_memory', { query: 'quay' })).toMatchObject([{ text: 'The quay is made of stone' }])
  expect(await call('list_checkpoints', { sessionId: session.id })).toEqual([])
  for (const { name } of faceTools.filter(({ acts }) => acts)) expect(await call(name)).toEqual({ error: expect.stringContaining('may only read') })
  expect(await call('read_session', { id: 'none' })).toEqual({ error: expect.stringContaining('not found') })
  expect(await call('list_sessions', { limit: 1000 })).toEqual({ error: expect.any(String) })
  const { resources } = await visitor.listResources()
  expect(resources.map(({ uri }) => uri)).toEqual([`trestle://session/${session.id}`, `trestle://task/${task.id}`])
  expect((await visitor.readResource({ uri: `trestle://task/${task.id}` })).contents[0]).toMatchObject({ text: expect.stringContaining('In blue') })
  await expect(visitor.readResource({ uri: 'trestle://session/../../settings' })).rejects.toThrow('no such resource')
})

test('a client that may act starts sessions that ask, and is named in them; it continues no other', async () => {
  const { client, call, until } = await visit('act')
  const mine = await client.sessions.create({ workspaceId: 'workspace', mode: 'auto-edit' })
  expect(await call('continue_session', { sessionId: mine.id, message: 'Do it' })).toEqual({ error: expect.stringContaining('Only sessions that you started') })
  const { sessionId } = await call('start_session', { workspaceId: 'workspace', message: 'Look around' }) as { sessionId: string }
  await until(({ topic, payload, sessionId: id }) => id === sessionId && topic === 'run.update' && 'run' in payload && payload.run.state === 'completed', 0)
  expect(await client.sessions.get({ id: sessionId })).toMatchObject({ mode: 'ask', title: 'Editor x: Look around' })
  expect(await call('read_session', { id: sessionId })).toMatchObject({ messages: [{ from: 'person', text: '[From the MCP client Editor x]\nLook around' }, { from: 'agent', text: 'Hello from the agent.' }] })
  const { id } = await call('create_task', { title: 'Later', instruction: 'Do it later' }) as { id: string }
  expect(await client.tasks.get({ id })).toMatchObject({ state: 'backlog', mode: 'ask' })
  const note = await call('remember', { text: 'It rains a lot in March' }) as { id: string }
  expect(await client.memory.get({ id: note.id })).toMatchObject({ trust: 'untrusted' })
})

test('a client is let in only where a person said so, at once in both directions', async () => {
  const { client, visitor, call } = await visit('off')
  await expect(visitor.listTools()).rejects.toThrow('does not let this MCP client in')
  await client.settings.put({ mcpServer: { access: 'read' } })
  expect((await visitor.listTools()).tools.length).toBeGreaterThan(5)
  const closed = new Promise<void>((resolve) => { visitor.onclose = resolve })
  await client.settings.put({ mcpServer: { access: 'off' } })
  await closed
  await expect(call('list_sessions')).rejects.toThrow()
})

test('a person sees who came and what they did, and lets one of them do less, or nothing, at once', async () => {
  const { client, visitor, call } = await visit('act')
  const changes: number[] = []
  visitor.setNotificationHandler(ToolListChangedNotificationSchema, () => void changes.push(changes.length))
  await call('list_sessions')
  await call('create_task', { title: 'Later', instruction: 'Do it later' })
  expect((await client.mcp.clients({})).items).toMatchObject([{ name: 'Editor x', version: '1', connected: 1, calls: 2, acts: 1, access: 'act' }])
  await client.mcp.limitClient({ name: 'Editor x', access: 'read' })
  await expect.poll(() => changes).toHaveLength(1)
  expect(await call('create_task', { title: 'More', instruction: 'Do it' })).toEqual({ error: expect.stringContaining('may only read') })
  const closed = new Promise<void>((resolve) => { visitor.onclose = resolve })
  expect((await client.mcp.limitClient({ name: 'Editor x', access: 'off' })).items).toMatchObject([{ name: 'Editor x', access: 'off' }])
  await closed
  expect((await client.mcp.clients({})).items).toMatchObject([{ name: 'Editor x', connected: 0, access: 'off' }])
  expect((await client.mcp.limitClient({ name: 'Editor x', access: null })).items).toMatchObject([{ access: 'act' }])
  expect((await client.audit.list({ limit: 100 })).items.toReversed().map(({ title }) => title).filter((title) => /Editor x/.test(title))).toEqual([
    'Editor x came in as an MCP client', 'MCP client Editor x: create_task', 'MCP client Editor x: may only read', 'MCP client Editor x: may do nothing', 'MCP client Editor x: may do what the others may',
  ])
})

test('a client that does not wait for answers is known by its name all the same', async () => {
  const app = startTestRuntime()
  await app.runtime.start()
  stops.push(() => app.runtime.stop(0))
  await app.client.settings.put({ mcpServer: { access: 'read' } })
  const [input, output] = [new PassThrough(), new PassThrough()]
  const served = serveFace({ client: createFaceClient(app.runtime.router), visitors: app.runtime.mcpVisitors, version: '0.0.0' }, input, output)
  const say = (message: object) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`
  input.write(say({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'Hasty', version: '3' } } }) + say({ method: 'notifications/initialized' }) + say({ id: 2, method: 'tools/call', params: { name: 'list_sessions', arguments: {} } }))
  await expect.poll(async () => (await app.client.mcp.clients({})).items).toMatchObject([{ name: 'Hasty', version: '3', connected: 1, calls: 1 }])
  input.end()
  await served
  expect((await app.client.mcp.clients({})).items).toMatchObject([{ name: 'Hasty', connected: 0 }])
})

test('a name opens nothing that is closed to all', async () => {
  const { client, call } = await visit('read')
  await client.mcp.limitClient({ name: 'Editor x', access: 'read' })
  expect(await call('create_task', { title: 'More', instruction: 'Do it' })).toEqual({ error: expect.stringContaining('may only read') })
  await client.settings.put({ mcpServer: { access: 'off', narrowed: [{ name: 'Editor x', access: 'read' }] } })
  await expect(call('list_sessions')).rejects.toThrow()
})

test('its socket is only there while clients are let in, for this person alone, and junk closes nobody else out', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'trestle-face-'))
  stops.push(() => rmSync(profile, { recursive: true, force: true }))
  const app = startTestRuntime()
  await app.runtime.start()
  stops.push(() => app.runtime.stop(0))
  const close = openFaceSocket({ runtime: app.runtime, profile, version: '0.0.0', logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } })
  stops.push(close)
  const path = faceSocketPath(profile)
  expect(existsSync(path)).toBe(false)
  await app.client.settings.put({ mcpServer: { access: 'read' } })
  const reach = async (): Promise<Socket> => {
    for (;;) {
      const socket = connect(path)
      const opened = await once(socket, 'connect').then(() => true, () => false)
      if (opened) return socket
    }
  }
  const junk = await reach()
  junk.write('no json\n{"jsonrpc":"2.0"}\n')
  const socket = await reach()
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0)
  socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } } })}\n`)
  const [answer] = await once(socket, 'data') as [Buffer]
  expect(JSON.parse(answer.toString())).toMatchObject({ id: 1, result: { serverInfo: { name: 'trestle' } } })
  const gone = once(socket, 'close')
  await app.client.settings.put({ mcpServer: { access: 'off' } })
  await gone
  junk.destroy()
  expect(existsSync(path)).toBe(false)
})
