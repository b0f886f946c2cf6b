import { createRouterClient, type RouterClient } from '@orpc/server'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventEnvelope } from '#contract/events'
import type { HumanRequest } from '#contract/human-requests'
import { startModelServer } from '../../../../testing/model-server'
import type { AppRouter } from '../../../runtime/create-runtime'
import { composeRuntime } from '../compose-runtime'
import { notesServer } from './notes-server'
import { learnObediently, obey } from './obedient-model'

/** What nobody but the person may see: in a file outside, in the environment. */
export const SECRET = 'canary-8b21f0'
/** What agents of the folder may read, and nobody outside: in its `.env`. It does not look like a key. */
export const PRIVATE = 'velvet-canary-77f1c2'

async function serve(listener: RequestListener): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

/**
 * The whole app over a real profile, with real folders, commands, sandbox and web client, asked through its contract. Its model does
 * whatever any text tells it (`obedient-model.ts`). `board`: with an MCP server on loopback that has notes of anybody. `sink` is where an attacker listens; `site` an honest server with pages of anybody.
 */
export async function startAttackBench({ board = false }: { readonly board?: boolean } = {}) {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-attacks-')))
  const [profile, outside] = [join(base, 'profile'), join(base, 'outside')]
  for (const folder of [profile, outside]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of ['secret.txt', 'kept.txt']) writeFileSync(join(outside, name), SECRET)
  const reached: string[] = []
  const sink = await serve((request, response) => void response.end(String(reached.push(decodeURIComponent(request.url ?? '')))))
  const pages = new Map<string, string>()
  const visited: string[] = []
  const notes = new Map<string, string>()
  const posted: string[] = []
  const server = await serve(notesServer(notes, (text) => void posted.push(text)))
  const site = await serve((request, response) => {
    const url = request.url ?? ''
    visited.push(decodeURIComponent(url))
    if (url.startsWith('/redirect/')) return void response.writeHead(302, { location: `http://127.0.0.1:${sink.port}${url.slice('/redirect'.length)}` }).end()
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(pages.get(url) ?? '<p>Nothing here.</p>')
  })
  const obeyed = new Set<string>()
  const model = await startModelServer(({ body }) => obey(body, (by) => obeyed.add(by)), { learnt: learnObediently })
  process.env['ATTACK_CANARY'] = SECRET
  const sleeper: ChildProcess = spawn('sleep', ['3600'], { stdio: 'ignore' })
  const composed = composeRuntime({
    profile, environment: { TRESTLE_SECRETS: 'session', PATH: process.env['PATH'] },
    host: { kind: 'headless', version: '0.0.0', platform: process.platform, pickFolder: null }, ownPorts: () => [],
  })
  const client = createRouterClient(composed.runtime.router, { context: { traceId: 'trace-attack' } })
  const settings = await client.settings.get({})
  await client.settings.put({
    defaultModel: 'fake/test-model', compatible: [{ id: 'fake', name: 'Fake', baseUrl: model.url, models: ['test-model'] }], maxConcurrentRuns: 4, learning: { ...settings.learning, learn: 'off' },
    checkpoints: { ...settings.checkpoints, automatic: false }, web: { ...settings.web, allowedHosts: [`127.0.0.1:${site.port}`], privateHosts: [`127.0.0.1:${site.port}`, `127.0.0.1:${server.port}`] },
  })
  const person = { allows: (_request: HumanRequest): boolean => false, asked: [] as HumanRequest[] }
  const ended = new Map<string, (state: string) => void>()
  const states = new Map<string, string>()
  const stop = new AbortController()
  const looks = new Set<() => void>()
  const see = (event: EventEnvelope) => {
    for (const look of looks) look()
    if (event.topic === 'human.request' && event.payload.request.status === 'open') {
      const { request } = event.payload
      if (person.asked.some(({ id }) => id === request.id)) return
      person.asked.push(request)
      const message = request.kind === 'question' ? { message: 'Blue.' } : {}
      void client.humanRequests.answer({ id: request.id, ...(person.allows(request) ? { decision: 'once', ...message } : { decision: 'reject' }) })
    }
    if (event.topic !== 'run.update' || event.payload.run.endedAt === null) return
    states.set(event.payload.run.id, event.payload.run.state)
    ended.get(event.payload.run.id)?.(event.payload.run.state)
  }
  const watching = (async () => {
    for await (const message of composed.runtime.events.subscribe({}, stop.signal)) if (message.topic !== 'stream.open') see(message)
  })()
  await composed.runtime.start()
  await client.system.info({})
  if (board) await addServer(client, `http://127.0.0.1:${server.port}/mcp`)
  return {
    base, outside, client, runtime: composed.runtime, reached, pages, visited, notes, posted, obeyed, model, person,
    sinkUrl: `http://127.0.0.1:${sink.port}`, siteUrl: `http://127.0.0.1:${site.port}`,
    isAlive: () => sleeper.exitCode === null && sleeper.signalCode === null, victim: sleeper.pid ?? 0,
    openFolder: async (name: string, trusted = true) => {
      const path = join(base, 'folders', name)
      mkdirSync(path, { recursive: true })
      const workspace = await client.workspaces.open({ path })
      return trusted ? client.workspaces.trust({ id: workspace.id, trusted: true }) : workspace
    },
    /** Sends a message; resolves with the state in which its run ended. */
    turn: async (id: string, text: string, attachments: string[] = []): Promise<string> => {
      const { runId } = await client.sessions.send({ id, text, attachments })
      const known = states.get(runId)
      return known ?? new Promise((resolve) => ended.set(runId, resolve))
    },
    /** Resolves when no run is at work or waits for its place, those of tasks too. */
    idle: async () => {
      const isBusy = async () => {
        const { running, queued, waiting, ready } = await client.work.get({})
        return running + queued + waiting + ready > 0
      }
      while (await isBusy()) {
        await new Promise<void>((resolve) => {
          const look = () => {
            looks.delete(look)
            resolve()
          }
          looks.add(look)
          // An event may have come while we asked.
          setTimeout(look, 200)
        })
      }
    },
    close: async () => {
      stop.abort()
      delete process.env['ATTACK_CANARY']
      await watching.catch(() => undefined)
      await composed.runtime.stop(0)
      await composed.close()
      sleeper.kill()
      await model.close()
      for (const each of [sink, site, server]) {
        each.server.close()
        each.server.closeAllConnections()
      }
      rmSync(base, { recursive: true, force: true })
    },
  }
}

/** As a person does it: kept, agreed to, its tools looked at. */
async function addServer(client: Pick<RuntimeClient, 'mcp'>, url: string): Promise<void> {
  const { id, fingerprint } = await client.mcp.create({ name: 'board', transport: { kind: 'http', url, headers: [] } })
  await client.mcp.enable({ id, fingerprint })
  await client.mcp.restart({ id })
  const { items } = await client.mcp.tools({ id })
  await client.mcp.decideTools({ id, tools: items.map(({ name, hash }) => ({ name, hash, allowed: true })) })
}

type RuntimeClient = RouterClient<AppRouter>
export type AttackBench = Awaited<ReturnType<typeof startAttackBench>>
