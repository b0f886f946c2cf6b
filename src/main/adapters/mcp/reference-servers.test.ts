import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { McpTransport } from '#contract/mcp'
import type { McpConnection, McpHelp, McpListener, McpQuestion, McpSample } from '#core/ports/mcp-client'
import { realMcpClients } from '../../../testing/real-mcp-clients'

const never = new AbortController().signal
const bench = { folder: '', stops: [] as (() => Promise<unknown> | void)[] }
beforeEach(() => { bench.folder = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-mcp-reference-'))) })
afterEach(async () => {
  for (const stop of bench.stops.splice(0)) await stop()
  rmSync(bench.folder, { recursive: true, force: true })
})

const program = (name: string) => resolve('node_modules/@modelcontextprotocol', name, 'dist/index.js')
const listener: McpListener = { onEnd: () => undefined, onToolsChanged: () => undefined, onLine: () => undefined, onDropped: () => undefined }
const stdio = (name: string, args: string[] = [], variables: string[] = []): McpTransport => ({
  kind: 'stdio', command: process.execPath, args: [program(name), ...args], variables, folders: [], hosts: [], sandboxed: false,
})

async function connect(transport: McpTransport, secrets: Record<string, string> = {}): Promise<McpConnection> {
  const connection = await realMcpClients(join(bench.folder, 'own')).connect({
    id: 'server', name: 'reference', transport, secrets, credentials: { read: () => Promise.resolve(null), write: () => Promise.resolve() },
  }, listener, never)
  bench.stops.push(() => connection.close())
  return connection
}
const call = async (connection: McpConnection, name: string, input: Record<string, unknown>, help?: McpHelp) =>
  (await connection.callTool(name, input, { signal: never, onProgress: () => undefined, ...(help && { help }) })).text

it('everything: tools, resources, prompts, questions to the person and to the model', async () => {
  const connection = await connect(stdio('server-everything'))
  expect((await connection.listTools(never)).map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'get-sum', 'trigger-sampling-request', 'trigger-elicitation-request']))
  expect(await call(connection, 'echo', { message: 'harbour' })).toBe('Echo: harbour')
  expect(await call(connection, 'get-sum', { a: 2, b: 3 })).toContain('5')
  expect(await call(connection, 'get-tiny-image', {})).toContain('[picture image/png')
  const asked: (McpQuestion | McpSample)[] = []
  const help: McpHelp = {
    ask: (question) => Promise.resolve(asked.push(question) === 0 ? null : { name: 'Ada', check: true }),
    sample: (request) => Promise.resolve(asked.push(request) === 0 ? null : { text: 'An answer of the model', model: 'fake/model' }),
  }
  expect(await call(connection, 'trigger-sampling-request', { prompt: 'Say it', maxTokens: 50 }, help)).toContain('An answer of the model')
  expect(await call(connection, 'trigger-elicitation-request', {}, help)).toContain('Ada')
  expect(asked).toMatchObject([{ messages: [{ role: 'user', text: expect.stringContaining('Say it') }], maxTokens: 50 }, { fields: expect.arrayContaining([expect.objectContaining({ name: 'check', kind: 'boolean' })]) }])
  // Without a call that takes it, nobody is asked.
  expect(await call(connection, 'trigger-elicitation-request', {})).toMatch(/declin/i)
  const { resources, prompts } = await connection.listOffers(never)
  expect(resources.length).toBeGreaterThan(0)
  expect((await connection.readResource(resources[0]?.uri ?? '', never)).text).not.toBe('')
  const simple = prompts.find((prompt) => prompt.arguments.length === 0)
  expect(await connection.getPrompt(simple?.name ?? '', {}, never)).not.toBe('')
}, 30_000)

it('everything over streamable HTTP', async () => {
  const port = await freePort()
  const child = spawn(process.execPath, [program('server-everything'), 'streamableHttp'], { env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'pipe'] })
  bench.stops.push(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  await new Promise<void>((done) => { for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { if (chunk.includes('listening')) done() }) })
  const connection = await connect({ kind: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: [] })
  expect(await call(connection, 'echo', { message: 'quay' })).toBe('Echo: quay')
  expect((await connection.listTools(never)).length).toBeGreaterThan(5)
}, 30_000)

it('filesystem: works in its folder and nowhere else', async () => {
  const connection = await connect(stdio('server-filesystem', [bench.folder]))
  await call(connection, 'write_file', { path: join(bench.folder, 'a.txt'), content: 'from a server' })
  expect(readFileSync(join(bench.folder, 'a.txt'), 'utf8')).toBe('from a server')
  expect(await call(connection, 'read_text_file', { path: '/etc/hostname' })).toMatch(/denied|outside/i)
}, 30_000)

it('memory: keeps what it is told, where its variable says', async () => {
  const file = join(bench.folder, 'memory.jsonl')
  const connection = await connect(stdio('server-memory', [], ['MEMORY_FILE_PATH']), { MEMORY_FILE_PATH: file })
  await call(connection, 'create_entities', { entities: [{ name: 'Quay', entityType: 'place', observations: ['is made of stone'] }] })
  expect(await call(connection, 'search_nodes', { query: 'Quay' })).toContain('is made of stone')
  expect(existsSync(file)).toBe(true)
}, 30_000)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
