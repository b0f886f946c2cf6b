import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestRuntime } from '../../../../testing/test-runtime'
import { createFaceClient } from './client'
import { createFace } from './face'

/**
 * The suite of the protocol's makers against what Trestle is to other clients. The suite knows only HTTP, which Trestle does not offer: here its
 * server is put behind one. Most of its other scenarios want tools of a demonstration server.
 */
const bench = { url: '', folder: '', stop: () => Promise.resolve() }

beforeAll(async () => {
  bench.folder = mkdtempSync(join(tmpdir(), 'trestle-face-conformance-'))
  const app = startTestRuntime()
  await app.runtime.start()
  await app.client.settings.put({ mcpServer: { access: 'read' } })
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => randomUUID(), onsessioninitialized: (id) => { sessions.set(id, transport) } })
    await createFace({ client: createFaceClient(app.runtime.router), visitors: app.runtime.mcpVisitors, version: '0.0.0' }).connect(transport as unknown as Transport)
    return transport
  }
  const server = createServer((request, response) => {
    const id = request.headers['mcp-session-id']
    const known = typeof id === 'string' ? sessions.get(id) : undefined
    void (known ? Promise.resolve(known) : open()).then((transport) => transport.handleRequest(request, response))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  bench.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/mcp`
  bench.stop = async () => {
    server.closeAllConnections()
    server.close()
    await app.runtime.stop(0)
  }
}, 30_000)
afterAll(async () => {
  await bench.stop()
  rmSync(bench.folder, { recursive: true, force: true })
})

it.each(['server-initialize', 'ping', 'tools-list', 'resources-list'])('%s', async (scenario) => {
  const suite = resolve('node_modules/@modelcontextprotocol/conformance/dist/index.js')
  const { code, output } = await new Promise<{ code: number; output: string }>((done) => {
    execFile(process.execPath, [suite, 'server', '--url', bench.url, '--scenario', scenario, '--output-dir', bench.folder], { timeout: 60_000 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : 1, output: `${stdout}\n${stderr}` })
    })
  })
  expect(code, output.slice(-3000)).toBe(0)
}, 60_000)
