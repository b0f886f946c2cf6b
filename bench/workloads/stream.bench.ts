import { Anthropic } from '@anthropic-ai/sdk'
import { createRouterClient } from '@orpc/server'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { OpenAI } from 'openai'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { createCredentials } from '../../src/main/hosts/headless/server/credentials'
import { createHttpServer } from '../../src/main/hosts/headless/server/http-server'
import { rateProfiles } from '../../src/main/hosts/headless/server/rate-limiter'
import { composeRuntime } from '../../src/main/hosts/shared/compose-runtime'
import { forkModelServer } from '../fork-model'
import { median } from '../median'
import { report } from '../report'

const ROUNDS = 11
const TOKENS = 20_000
const TOKEN_CHARACTERS = 5
/** For the age of events: as fast as a quick model writes, 500 tokens/s. */
const PACED = { tokens: 2000, everyMs: 2, tokenCharacters: 18 }
const TOKEN = 'the-token-of-the-benchmark'

const providers = ['openai', 'anthropic'] as const
type Provider = (typeof providers)[number]

/** Time from a token leaving the model to its arrival at the client, in ms, for each token of a paced reply. */
const AgesSchema = z.array(z.number())
type Ages = z.infer<typeof AgesSchema>

const MessageSchema = z.object({ topic: z.string().optional(), payload: z.looseObject({ delta: z.string().optional() }).optional() })

/** The client, in a thread of its own as a window is in a process of its own: tells when it has seen as much text as it was told to wait for. */
async function watch(url: string): Promise<void> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  let missing = 0
  let ages: Ages = []
  parentPort?.on('message', (characters) => {
    missing = z.number().parse(characters)
    ages = []
  })
  socket.on('message', (data) => {
    const now = performance.timeOrigin + performance.now()
    const message = MessageSchema.parse(JSON.parse(String(data)))
    if (message.topic === 'stream.open') parentPort?.postMessage([])
    if (message.topic !== 'agent.token') return
    const delta = message.payload?.delta ?? ''
    for (const sent of delta.match(/\d{13}\.\d{3}/g) ?? []) ages.push(now - Number(sent))
    missing -= delta.length
    if (missing === 0) parentPort?.postMessage(ages)
  })
  socket.send(JSON.stringify({ type: 'auth', token: TOKEN }))
  socket.send(JSON.stringify({ type: 'subscribe', topics: ['agent.token'] }))
}

async function openTrestle(modelUrl: string) {
  const profile = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const { runtime, reportBug, clock, close } = composeRuntime({
    profile, ownPorts: () => [],
    environment: {
      TRESTLE_SECRETS: 'session', OPENAI_API_KEY: 'key', OPENAI_BASE_URL: `${modelUrl}/v1`, ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: modelUrl,
    },
    host: { kind: 'headless', version: '0', platform: process.platform, pickFolder: null },
  })
  await runtime.start()
  const server = createHttpServer({
    router: runtime.router, events: runtime.events, isReady: () => true, credentials: createCredentials(TOKEN), onLogin: () => undefined, rates: rateProfiles, clock,
    version: '0', windowRoot: profile, reportBug,
  })
  const port = await server.listen(0, '127.0.0.1')
  const client = createRouterClient(runtime.router, { context: { traceId: 'bench' } })
  const watcher = new Worker(new URL(import.meta.url), { workerData: `ws://127.0.0.1:${port}/ws/stream` })
  await once(watcher, 'message')
  return {
    /** Asks the model in a new session. How long it takes until the client has seen that many characters, which is all of the answer. */
    ask: async (provider: Provider, instruction: string, characters: number): Promise<{ readonly ms: number; readonly ages: Ages }> => {
      const { id } = await client.sessions.create({ model: `${provider}/bench`, mode: 'ask' })
      const seen = once(watcher, 'message')
      watcher.postMessage(characters)
      globalThis.gc?.()
      const started = performance.now()
      const run = client.agents.execute({ instruction, sessionId: id, timeoutMs: 600_000 })
      const [message] = await seen
      const ms = performance.now() - started
      await run
      return { ms, ages: AgesSchema.parse(message) }
    },
    close: async () => {
      await watcher.terminate()
      await runtime.stop(0)
      await server.close()
      await close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** The SDK and nothing else: reads the reply to its end and puts the text together. */
function bareSdk(modelUrl: string): Readonly<Record<Provider, (text: string) => Promise<number>>> {
  const openai = new OpenAI({ apiKey: 'key', baseURL: `${modelUrl}/v1` })
  const anthropic = new Anthropic({ apiKey: 'key', baseURL: modelUrl })
  return {
    openai: async (content) => {
      let text = ''
      const stream = await openai.chat.completions.create({ model: 'bench', stream: true, messages: [{ role: 'user', content }] })
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
      return text.length
    },
    anthropic: async (content) => {
      let text = ''
      const stream = await anthropic.messages.create({ model: 'bench', max_tokens: 100_000, stream: true, messages: [{ role: 'user', content }] })
      for await (const event of stream) if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
      return text.length
    },
  }
}

async function timeOf(ask: () => Promise<number>): Promise<number> {
  globalThis.gc?.()
  const started = performance.now()
  const characters = await ask()
  const ms = performance.now() - started
  if (characters !== TOKENS * TOKEN_CHARACTERS) throw new Error(`${characters} characters arrived`)
  return ms
}

async function measure(): Promise<void> {
  const server = await forkModelServer()
  const trestle = await openTrestle(server.url)
  const bare = bareSdk(server.url)
  const perSecond = (times: readonly number[]) => (TOKENS * 1000) / median(times)
  for (const provider of providers) {
    const ours: number[] = []
    const peers: number[] = []
    const instruction = `tokens=${TOKENS}`
    for (let round = -2; round < ROUNDS; round += 1) {
      const { ms } = await trestle.ask(provider, instruction, TOKENS * TOKEN_CHARACTERS)
      const peerMs = await timeOf(() => bare[provider](instruction))
      // The first rounds warm up.
      if (round < 0) continue
      ours.push(ms)
      peers.push(peerMs)
    }
    const peer = provider === 'openai' ? 'openai' : '@anthropic-ai/sdk'
    report({ name: `stream.${provider}`, value: perSecond(ours), unit: 'tokens/s', peer, peerValue: perSecond(peers) })

    const { ages } = await trestle.ask(provider, `tokens=${PACED.tokens} every=${PACED.everyMs}`, PACED.tokens * PACED.tokenCharacters)
    if (ages.length !== PACED.tokens) throw new Error(`${ages.length} of ${PACED.tokens} tokens arrived`)
    const sorted = ages.sort((left, right) => left - right)
    report({ name: `stream.${provider}.age.p99`, value: sorted[Math.floor(sorted.length * 0.99)] ?? 0, unit: 'ms' })
    report({ name: `stream.${provider}.age.max`, value: sorted.at(-1) ?? 0, unit: 'ms' })
  }
  await trestle.close()
  server.stop()
}

if (isMainThread) await measure()
else await watch(z.string().parse(workerData))
