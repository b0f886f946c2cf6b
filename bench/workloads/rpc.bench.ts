import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { os } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { RPCHandler as SocketHandler } from '@orpc/server/ws'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMainThread, MessageChannel, parentPort, Worker, workerData, type MessagePort } from 'node:worker_threads'
import { WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { Contract } from '#contract'
import { SettingsSchema } from '#contract/settings'
import { openGuard, peerCallOptions } from '../../src/main/hosts/shared/calls'
import { composeRuntime } from '../../src/main/hosts/shared/compose-runtime'
import { createCredentials } from '../../src/main/hosts/headless/server/credentials'
import { createHttpServer } from '../../src/main/hosts/headless/server/http-server'
import { rateProfiles } from '../../src/main/hosts/headless/server/rate-limiter'
import { report } from '../report'

const WARM_UP_MS = 1000
const MEASURE_MS = 3000
/** Calls that wait at the same time, as in a window that loads. */
const IN_FLIGHT = 16
const TOKEN = 'the-token-of-the-benchmark'

const ResultSchema = z.object({ perSecond: z.number(), p99: z.number() })
type Result = z.infer<typeof ResultSchema>
interface Job {
  readonly url: string
  /** Instead of a socket. */
  readonly port?: MessagePort
}

async function measure(call: () => Promise<unknown>): Promise<Result> {
  const run = async (ms: number) => {
    const latencies: number[] = []
    const until = performance.now() + ms
    const lane = async () => {
      while (performance.now() < until) {
        const started = performance.now()
        await call()
        latencies.push(performance.now() - started)
      }
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
    return latencies.sort((left, right) => left - right)
  }
  await run(WARM_UP_MS)
  const latencies = await run(MEASURE_MS)
  return { perSecond: latencies.length / (MEASURE_MS / 1000), p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0 }
}

async function openSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, ['trestle', `token.${TOKEN}`])
  await once(socket, 'open')
  return socket
}

/** The client, in a thread of its own as a window is in a process of its own. */
async function work({ url, port }: Job): Promise<Result> {
  port?.start()
  const link = port ? new PortLink({ port }) : new SocketLink({ websocket: (await openSocket(url)) as unknown as globalThis.WebSocket })
  const client: ContractRouterClient<Contract> = createORPCClient(link)
  return measure(() => client.settings.get({}))
}

async function inWorker(job: Job): Promise<Result> {
  const worker = new Worker(new URL(import.meta.url), { workerData: job, ...(job.port ? { transferList: [job.port] } : {}) })
  const [result] = await once(worker, 'message')
  await worker.terminate()
  return ResultSchema.parse(result)
}

function reportBoth(name: string, ours: Result, bare: Result): void {
  const peer = 'bare oRPC'
  report({ name: `rpc.${name}`, value: ours.perSecond, unit: 'calls/s', peer, peerValue: bare.perSecond })
  report({ name: `rpc.${name}.p99`, value: ours.p99, unit: 'ms', peer, peerValue: bare.p99 })
}

async function main(): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const composed = composeRuntime({
    profile, environment: { TRESTLE_SECRETS: 'session' }, ownPorts: () => [],
    host: { kind: 'headless', version: '0', platform: process.platform, pickFolder: null },
  })
  const { runtime, reportBug, clock } = composed
  await runtime.start()

  // The library alone: the same answer, without contract, store or checks.
  const answer = SettingsSchema.parse({})
  const bareRouter = { settings: { get: os.handler(() => answer) } }

  const [ours, bare] = [new MessageChannel(), new MessageChannel()]
  new RPCHandler(runtime.router, peerCallOptions({ guard: openGuard, reportBug })).upgrade(ours.port1, { context: { traceId: '' } })
  new RPCHandler(bareRouter).upgrade(bare.port1)
  reportBoth('message-port', await inWorker({ url: '', port: ours.port2 }), await inWorker({ url: '', port: bare.port2 }))

  const server = createHttpServer({
    router: runtime.router, events: runtime.events, isReady: () => true, credentials: createCredentials(TOKEN), onLogin: () => undefined, rates: rateProfiles, clock,
    version: '0', windowRoot: profile, reportBug,
  })
  const port = await server.listen(0, '127.0.0.1')
  const bareHandler = new SocketHandler(bareRouter)
  const bareServer = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, handleProtocols: () => 'trestle' })
  bareServer.on('connection', (socket) => void bareHandler.upgrade(socket))
  await once(bareServer, 'listening')
  const barePort = (bareServer.address() as AddressInfo).port
  reportBoth('websocket', await inWorker({ url: `ws://127.0.0.1:${port}/ws` }), await inWorker({ url: `ws://127.0.0.1:${barePort}/` }))

  bareServer.close()
  for (const { port1 } of [ours, bare]) port1.close()
  await runtime.stop(0)
  await server.close()
  await composed.close()
  await rm(profile, { recursive: true, force: true })
}

if (isMainThread) await main()
else parentPort?.postMessage(await work(workerData))
