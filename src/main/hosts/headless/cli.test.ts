import Database from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startModelServer } from '../../../testing/model-server'
import { runHost, startHost, type HostProcess, type ReadyLine } from './testing/host-process'

const root = join(import.meta.dirname, '../../../..')
/** Inside the project, so that it finds the native packages. */
const outDir = join(root, 'node_modules/.cache/trestle-cli-test')
const cli = join(outDir, 'headless/cli.js')

let folder: string
const running: HostProcess[] = []

beforeAll(async () => {
  await build({ root, configFile: join(root, 'vite.headless.config.ts'), logLevel: 'error', build: { outDir: join(outDir, 'headless'), emptyOutDir: true } })
}, 60_000)
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'trestle-cli-')))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((host) => host.stop('SIGKILL')))
  await rm(folder, { recursive: true, force: true })
})
afterAll(() => rm(outDir, { recursive: true, force: true }))

const serveArgs = (...more: string[]) => ['serve', '--profile', join(folder, 'profile'), '--port', '0', ...more]

async function start(args = serveArgs(), options: { readonly env?: Record<string, string>; readonly nodeArgs?: string[] } = {}): Promise<HostProcess> {
  const host = await startHost({ cli, args, ...options })
  running.push(host)
  return host
}

async function call(ready: ReadyLine, path: string, init: { readonly method?: string; readonly body?: unknown } = {}) {
  const response = await fetch(`${ready.api}${path}`, {
    method: init.method ?? 'GET', headers: { authorization: `Bearer ${ready.token}`, ...(init.body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('trestle serve', () => {
  it('prints one line when it is ready, answers with the token in it, and ends with 0 on SIGTERM', async () => {
    const host = await start()
    const { ready } = host
    expect(ready).toEqual({
      event: 'ready', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/), api: `${ready.url.split('#')[0]}api/v1`, token: expect.stringMatching(/^[\w-]{43}$/),
      pid: expect.any(Number), version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
    expect((await call(ready, '/settings')).status).toBe(200)
    expect(await (await fetch(new URL('/ready', ready.url))).json()).toEqual({ status: 'ready' })
    const exit = await host.stop('SIGTERM')
    expect(exit).toEqual({ code: 0, signal: null, stdout: `${JSON.stringify(ready)}\n`, stderr: '' })
  })

  it('ends at once although streams, sockets and kept connections are open', async () => {
    const host = await start()
    const { ready } = host
    const stream = await fetch(`${ready.api}/events`, { headers: { authorization: `Bearer ${ready.token}` } })
    const reader = stream.body!.getReader()
    await reader.read()
    const sockets = ['/ws', '/ws/stream'].map((path) => new WebSocket(new URL(path, ready.api.replace('http', 'ws')), { headers: { authorization: `Bearer ${ready.token}` } }))
    await Promise.all(sockets.map((socket) => once(socket, 'open')))
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')))
    const started = performance.now()
    expect((await host.stop('SIGINT')).code).toBe(0)
    expect(performance.now() - started).toBeLessThan(3000)
    expect((await closed).map(([code]) => code)).toEqual([1001, 1001])
    await reader.cancel().catch(() => {})
  })

  it('finds everything again after it was stopped or killed', async () => {
    const first = await start()
    const created = await call(first.ready, '/sessions', { method: 'POST', body: { title: 'Kept' } })
    await first.stop('SIGKILL')
    const second = await start()
    expect((await call(second.ready, `/sessions/${String(created.body['id'])}`)).body).toEqual(created.body)
    expect(second.ready.token).not.toBe(first.ready.token)
    await second.stop()
    const third = await start()
    expect((await call(third.ready, `/sessions/${String(created.body['id'])}`)).body).toEqual(created.body)
  })

  it('ends at once with 130 on the second signal', async () => {
    const model = await startModelServer([{ hang: 'before' }])
    const host = await start(serveArgs('--workspace', folder, '--trust'), { env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: model.url, TRESTLE_MODEL: 'openai/test-model' } })
    const run = await call(host.ready, '/agents/execute', { method: 'POST', body: { instruction: 'wait', timeoutMs: 0 } })
    expect(run.status).toBe(202)
    await model.received(1)
    host.kill('SIGTERM')
    while ((await fetch(new URL('/ready', host.ready.url))).status !== 503);
    expect(await call(host.ready, '/settings')).toMatchObject({ status: 503, body: { code: 'SHUTTING_DOWN' } })
    expect((await host.stop('SIGINT')).code).toBe(130)
    await model.close()
  })

  it('opens and trusts the folder it is given', async () => {
    const host = await start(serveArgs('--workspace', folder, '--trust'))
    expect((await call(host.ready, '/workspaces')).body['items']).toEqual([expect.objectContaining({ path: folder, trusted: true })])
    await host.stop()
    const again = await start(serveArgs('--workspace', join(folder, 'profile')))
    expect((await call(again.ready, '/workspaces')).body['items']).toEqual(expect.arrayContaining([expect.objectContaining({ path: join(folder, 'profile'), trusted: false })]))
  })

  it('takes the token of the environment', async () => {
    const { ready } = await start(serveArgs(), { env: { TRESTLE_TOKEN: 'my-own-token-0123456789' } })
    expect([ready.token, (await call(ready, '/settings')).status]).toEqual(['my-own-token-0123456789', 200])
  })

  it('warns when other machines can reach it', async () => {
    const host = await start(serveArgs('--host', '0.0.0.0'))
    expect(host.ready.url).toMatch(/^http:\/\/127\.0\.0\.1:/)
    expect((await host.stop()).stderr).toBe('trestle: warning: other machines can reach 0.0.0.0; whoever has the token can run commands here as you\n')
  })

  it('ends with 1, one line and a log entry on an error that nobody caught', async () => {
    const bomb = `data:text/javascript,process.on('SIGUSR2', () => { throw new Error('boom') })`
    const host = await start(serveArgs(), { nodeArgs: ['--import', bomb] })
    const exit = await host.stop('SIGUSR2')
    expect([exit.code, exit.stderr]).toEqual([1, expect.stringMatching(/^trestle: stopped by an error inside Trestle[^\n]*\n$/)])
    const logs = join(folder, 'profile', 'logs')
    const log = await readFile(join(logs, (await readdir(logs))[0] ?? ''), 'utf8')
    expect(log).toContain('boom')
    expect(log).not.toContain(host.ready.token)
  })
})

describe('trestle mcp', () => {
  const hello = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } } })}\n`
  const visit = async () => {
    const child = spawn(process.execPath, [cli, 'mcp', '--profile', join(folder, 'profile')], { env: { ...process.env, TRESTLE_SECRETS: 'session' } })
    let output = ''
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
    const answered = new Promise<void>((done) => child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('\n')) done()
    }))
    const closed = once(child, 'close')
    child.stdin.on('error', () => undefined)
    child.stdin.write(hello)
    await Promise.race([answered, closed])
    child.stdin.end()
    const [code] = await closed
    return { code, answer: output === '' ? null : (JSON.parse(output) as unknown), said }
  }

  it('is let in by settings alone, to the Trestle that runs or to one of its own', async () => {
    const host = await start()
    expect(await visit()).toEqual({ code: 3, answer: null, said: expect.stringContaining('does not let MCP clients in') })
    await call(host.ready, '/settings', { method: 'PUT', body: { mcpServer: { access: 'read' } } })
    const served = { code: 0, answer: { jsonrpc: '2.0', id: 1, result: expect.objectContaining({ serverInfo: expect.objectContaining({ name: 'trestle' }) }) }, said: '' }
    expect(await visit()).toEqual(served)
    await host.stop()
    expect(await visit()).toEqual(served)
  })
})

describe('the library of the MCP protocol', () => {
  it('is not loaded at a start and by everyday calls, but with the first server', async () => {
    const list = join(folder, 'loaded')
    const hook = new URL('./testing/trace-loads.mjs', import.meta.url)
    const host = await start(serveArgs(), { env: { TRESTLE_LOADED: list }, nodeArgs: ['--import', hook.href] })
    const loaded = async () => {
      const files = (await readFile(list, 'utf8')).trim().split('\n').map((url) => fileURLToPath(url)).filter((file) => file.startsWith(outDir))
      const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
      // A word of the protocol that none of our own sources has.
      return { all: files.length, library: texts.filter((text) => text.includes('notifications/roots/list_changed')).length }
    }
    for (const path of ['/mcp/servers', '/mcp/offers', '/mcp/held-tools', '/mcp/clients', '/models', '/settings']) expect((await call(host.ready, path)).status).toBe(200)
    expect((await call(host.ready, '/sessions', { method: 'POST', body: {} })).status).toBe(201)
    expect(await loaded()).toEqual({ all: expect.any(Number), library: 0 })
    const { body } = await call(host.ready, '/mcp/servers', { method: 'POST', body: { name: 'none', transport: { kind: 'http', url: 'http://127.0.0.1:9/mcp' } } })
    expect((await call(host.ready, `/mcp/servers/${String(body['id'])}/enable`, { method: 'POST', body: { fingerprint: body['fingerprint'] } })).status).toBe(200)
    expect((await loaded()).library).toBeGreaterThan(0)
  })
})

describe('what cannot start', () => {
  const failed = (code: number, line: RegExp) => ({ code, signal: null, stdout: '', stderr: expect.stringMatching(new RegExp(`^trestle: ${line.source}\\n$`)) })

  it('is refused with 3 while another one has the profile, which goes on', async () => {
    const first = await start()
    expect(await runHost({ cli, args: serveArgs() })).toEqual(failed(3, /Trestle is already running with this profile[^\n]*/))
    expect((await call(first.ready, '/settings')).status).toBe(200)
  })

  it('is refused with 4 when the database is of a newer version, which stays as it is', async () => {
    await (await start()).stop()
    const path = join(folder, 'profile', 'trestle.db')
    const db = new Database(path)
    db.pragma('user_version = 9999')
    db.close()
    const before = await readFile(path)
    expect(await runHost({ cli, args: serveArgs() })).toEqual(failed(4, /[^\n]*newer[^\n]*/))
    expect((await readFile(path)).equals(before)).toBe(true)
  })

  it.each([
    ['an unknown command', ['start'], 2],
    ['a port that is none', ['serve', '--port', 'web'], 2],
    ['nothing', [], 2],
  ])('is refused for %s', async (_name, args, code) => {
    expect(await runHost({ cli, args })).toEqual(failed(code, /[^\n]*; see trestle --help/))
  })

  it('is refused for a token that is too short, a profile that is no folder, a workspace that is not there, a port that is taken', async () => {
    expect(await runHost({ cli, args: serveArgs(), env: { TRESTLE_TOKEN: 'short' } })).toEqual(failed(2, /TRESTLE_TOKEN needs[^\n]*/))
    await writeFile(join(folder, 'file'), '')
    expect(await runHost({ cli, args: ['serve', '--profile', join(folder, 'file')] })).toEqual(failed(1, /The profile folder [^\n]*/))
    expect(await runHost({ cli, args: serveArgs('--workspace', join(folder, 'gone')) })).toEqual(failed(1, /[^\n]*/))
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as { port: number }
    expect(await runHost({ cli, args: ['serve', '--profile', join(folder, 'p'), '--port', String(port)] })).toEqual(failed(1, new RegExp(`Port ${port} is taken[^\\n]*`)))
    blocker.close()
  })
})

describe('trestle demo', () => {
  it('opens a sample folder with the scripted model, and keeps what was done until it starts over', async () => {
    const args = ['demo', '--profile', join(folder, 'demo'), '--port', '0']
    const host = await start(args)
    expect((await call(host.ready, '/settings')).body).toMatchObject({ demo: true, defaultModel: expect.stringMatching(/^demo\//) })
    expect((await call(host.ready, '/workspaces')).body['items']).toEqual([expect.objectContaining({ name: 'harbour-tides', trusted: true })])
    expect((await readdir(join(folder, 'demo', 'harbour-tides'))).sort()).toEqual(['README.md', 'notes.md', 'package.json', 'src'])
    await writeFile(join(folder, 'demo', 'harbour-tides', 'notes.md'), 'mine')
    expect((await runHost({ cli, args: [...args, '--fresh'] })).code).toBe(3)
    await host.stop()
    await (await start(args)).stop()
    expect(await readFile(join(folder, 'demo', 'harbour-tides', 'notes.md'), 'utf8')).toBe('mine')
    await start([...args, '--fresh'])
    expect(await readFile(join(folder, 'demo', 'harbour-tides', 'notes.md'), 'utf8')).toContain('# Notes')
  })

  it('does not take a folder that holds something else', async () => {
    await writeFile(join(folder, 'photo.jpg'), '')
    expect(await runHost({ cli, args: ['demo', '--fresh', '--profile', folder] })).toMatchObject({ code: 1, stderr: expect.stringContaining('holds something else than a demo') })
    expect(await readdir(folder)).toEqual(['photo.jpg'])
  })
})

describe('trestle without starting', () => {
  it('tells its version and its help', async () => {
    expect((await runHost({ cli, args: ['--version'] })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    expect((await runHost({ cli, args: ['serve', '--help'] })).stdout).toContain('--workspace DIR')
  })
})
