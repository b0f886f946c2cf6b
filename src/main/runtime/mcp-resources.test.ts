import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../adapters/node/system'
import { realMcpClients, scriptedServer } from '../../testing/real-mcp-clients'
import { startTestRuntime } from '../../testing/test-runtime'

const bench = { folder: '', stop: [] as (() => Promise<void>)[] }
beforeEach(() => { bench.folder = mkdtempSync(join(tmpdir(), 'trestle-mcp-resources-')) })
afterEach(async () => {
  for (const stop of bench.stop.splice(0)) await stop()
  rmSync(bench.folder, { recursive: true, force: true })
})

test('resources are read, named by templates, and a change after that is told once; what the server logs is in its log', async () => {
  const app = startTestRuntime({ clock: systemClock, mcpClients: realMcpClients(bench.folder), script: [{ toolCalls: [{ name: 'notes__echo', arguments: { text: 'notes://one' } }] }, { text: 'Changed.' }] })
  await app.runtime.start()
  bench.stop.push(() => app.runtime.stop(0))
  const { client } = app
  const { id, fingerprint } = await client.mcp.create({ name: 'notes', transport: { kind: 'stdio', command: process.execPath, args: [scriptedServer, 'resources', ''] } })
  await client.mcp.enable({ id, fingerprint })
  await client.mcp.restart({ id, outside: true })
  const { resources, templates } = await client.mcp.offers({})
  expect(resources).toMatchObject([{ server: 'notes', uri: 'notes://one', name: 'One' }])
  expect(templates).toEqual([{ serverId: id, server: 'notes', name: 'notes__note_of_a_year', ownName: 'Note of a year', description: '', uriTemplate: 'notes://{year}/{+path}', variables: ['year', 'path'] }])
  expect(await client.mcp.readResource({ id, uri: 'notes://one' })).toEqual({ name: 'notes: One', text: 'content of notes://one', base64: null })
  const template = { id, uriTemplate: 'notes://{year}/{+path}' }
  expect(await client.mcp.readTemplate({ ...template, values: { year: '19 24', path: 'a/b' } })).toEqual({ name: 'notes: Note of a year 19 24 a/b', text: 'content of notes://19%2024/a/b', base64: null })
  await expect(client.mcp.readTemplate({ ...template, values: { year: '1924' } })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS', message: 'The resource needs path.' })
  await expect(client.mcp.readTemplate({ id, uriTemplate: 'file:///{path}', values: { path: 'etc/passwd' } })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  const { items } = await client.mcp.tools({ id })
  await client.mcp.decideTools({ id, tools: items.map(({ name, hash }) => ({ name, hash, allowed: true })) })
  await client.permissions.create({ effect: 'allow', scope: 'user', targetId: null, tool: 'notes__*', capability: null, conditions: [], priority: 0, expiresAt: null, note: '' })
  const session = await client.sessions.create({ workspaceId: 'workspace' })
  await client.sessions.send({ id: session.id, text: 'Change it' })
  await app.until(({ topic, payload }) => topic === 'run.update' && 'run' in payload && payload.run.state === 'completed', 0)
  expect((await client.system.info({})).notices.map(({ text }) => text)).toEqual(['notes: One changed since it was attached to a message. Attach it again to send it as it is now.'])
  expect((await client.mcp.log({ id })).lines.map(({ text }) => text)).toContain('warning (notes): {"changed":"notes://one"}')
})
