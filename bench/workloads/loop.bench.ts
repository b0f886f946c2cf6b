import { noProfileFiles } from '../../src/testing/no-profile-files'
import { createRouterClient } from '@orpc/server'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { SettingsSchema } from '#contract/settings'
import { defineTool } from '#core/tools/define-tool'
import { createContentStore } from '../../src/main/adapters/content-store'
import { createDemoServer } from '../../src/main/adapters/demo'
import { createSessionSecrets } from '../../src/main/adapters/keytar'
import { createBlobStore } from '../../src/main/adapters/node/blob-store'
import { createArtifactStore } from '../../src/main/adapters/node/artifact-store'
import { createCommandRunner } from '../../src/main/adapters/node/command-runner'
import { createFolders } from '../../src/main/adapters/node/folders'
import { createSettingsFile } from '../../src/main/adapters/node/settings-file'
import { newId, sha256, newToken, systemClock, systemRandom } from '../../src/main/adapters/node/system'
import { createProvider } from '../../src/main/adapters/providers'
import { createScriptRunner } from '../../src/main/adapters/quickjs'
import { createTextSearch } from '../../src/main/adapters/ripgrep/text-search'
import { openStore } from '../../src/main/adapters/sqlite'
import { createRuntime } from '../../src/main/runtime/create-runtime'
import { memoryAuditSigning } from '../../src/testing/memory-audit'
import { noFileTools } from '../../src/testing/no-file-tools'
import { noWeb } from '../../src/testing/no-web'
import { forkModelServer } from '../fork-model'
import { median } from '../median'
import { report } from '../report'

/** The benchmarks run from the root of the project. The peers are installed when one first runs, so nothing is known of their types. */
const { Agent, createOpenAICompatible, isStepCount, jsonSchema, streamText, tool } = await import(pathToFileURL(resolve('bench/peers/index.mjs')).href)

const ROUNDS = 7
const LENGTHS = [50, 100, 500] as const
const PEER_STEPS = 100

const parameters = { type: 'object', properties: { path: { type: 'string' }, line: { type: 'number' } }, required: ['path', 'line'] }

/** Does a turn of that many steps, a step being one model call and one tool call, and returns how often the tool ran. */
type Loop = (steps: number) => Promise<number>

/**
 * The whole runtime over a profile on disk, as a host composes it. The tool does nothing, so nothing waits for its intent. With
 * `effect` it counts as an edit: the intent of each call is on disk before it runs.
 */
async function openTrestle(profile: string, modelUrl: string, { effect }: { readonly effect: boolean }) {
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: (event: string, fields?: object) => console.error(event, fields) }
  const opened = openStore({ path: join(profile, 'trestle.db'), backupFolder: join(profile, 'backups'), clock: systemClock, newId, logger })
  const workspace = join(profile, 'workspace')
  await mkdir(workspace, { recursive: true })
  let calls = 0
  const noop = defineTool({
    name: 'noop', description: 'Does nothing.', capability: effect ? 'edit' : 'read', readOnly: !effect, input: z.object({ path: z.string(), line: z.number() }),
    prepare: () => Promise.resolve({
      title: 'Do nothing', paths: [],
      execute: () => {
        calls += 1
        return Promise.resolve({ content: 'ok' })
      },
    }),
  })
  const model = { id: 'openai/bench', provider: 'openai', name: 'bench', contextWindow: 1_000_000, maxOutputTokens: 8000, price: { input: 1, output: 2, cachedInput: null }, tools: true, thinking: false, images: false, available: true }
  const runtime = createRuntime({
    jobs: opened.jobs, memorySearch: opened.memorySearch, auditReader: opened.auditReader, auditSigning: memoryAuditSigning(),
    store: opened.store, settingsFile: createSettingsFile({ path: join(profile, 'settings.json'), clock: systemClock }), profileFiles: noProfileFiles, recentErrors: () => [],
    folders: createFolders({ binFolder: join(profile, 'bin'), tracesFolder: join(profile, 'unfinished-writes') }), search: createTextSearch(), ...noFileTools(), ...noWeb, scripts: createScriptRunner(), commands: createCommandRunner(),
    artifacts: createArtifactStore({ folder: join(profile, 'artifacts') }), blobs: createBlobStore({ folder: join(profile, 'attachments') }),
    snapshots: createContentStore({ folder: join(profile, 'content') }), scratchFolder: (id) => join(profile, 'scratch', id), secrets: createSessionSecrets(),
    createProvider, builtinModels: (kind) => (kind === 'openai' ? [model] : []), demo: createDemoServer(), discoverLocalServers: () => Promise.resolve([]),
    tools: [noop], clock: systemClock, newId, newTraceId: newId, random: systemRandom, sha256, newToken, logger,
    environment: { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: `${modelUrl}/v1`, TRESTLE_MODEL: model.id },
    host: { kind: 'headless', version: '0', platform: process.platform, pickFolder: null },
  })
  const client = createRouterClient(runtime.router, { context: { traceId: 'bench' } })
  await runtime.start()
  const defaults = SettingsSchema.parse({})
  await client.settings.put({ defaultMode: 'auto-edit', limits: { ...defaults.limits, maxSteps: 10_000 }, guardrails: { ...defaults.guardrails, tripwires: { ...defaults.guardrails.tripwires, unusual: null } } })
  const { id: workspaceId } = await client.workspaces.open({ path: workspace })
  await client.workspaces.trust({ id: workspaceId, trusted: true })
  const run: Loop = async (steps) => {
    calls = 0
    const { status } = await client.agents.execute({ instruction: `steps=${steps}`, workspaceId, timeoutMs: 600_000 })
    return status === 200 ? calls : 0
  }
  const close = async () => {
    await runtime.stop(0)
    await opened.close()
  }
  return { run, close }
}

function piAgent(modelUrl: string): Loop {
  return async (steps) => {
    let calls = 0
    const agent = new Agent({
      getApiKey: () => 'key',
      initialState: {
        systemPrompt: 'You are an agent.',
        thinkingLevel: 'off',
        model: {
          id: 'bench', name: 'bench', api: 'openai-completions', provider: 'openai', baseUrl: `${modelUrl}/v1`, reasoning: false, input: ['text'],
          cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 }, contextWindow: 1_000_000, maxTokens: 8000,
        },
        tools: [{
          name: 'noop', label: 'noop', description: 'Does nothing.', parameters,
          execute: () => {
            calls += 1
            return Promise.resolve({ content: [{ type: 'text', text: 'ok' }], details: {} })
          },
        }],
      },
    })
    await agent.prompt(`steps=${steps}`)
    return calls
  }
}

function vercelAi(modelUrl: string): Loop {
  const model = createOpenAICompatible({ name: 'bench', baseURL: `${modelUrl}/v1`, apiKey: 'key' }).chatModel('bench')
  return async (steps) => {
    let calls = 0
    const noop = tool({
      description: 'Does nothing.', inputSchema: jsonSchema(parameters),
      execute: () => {
        calls += 1
        return Promise.resolve('ok')
      },
    })
    const result = streamText({ model, system: 'You are an agent.', prompt: `steps=${steps}`, tools: { noop }, stopWhen: isStepCount(steps + 10) })
    await result.consumeStream()
    return calls
  }
}

interface Sample {
  readonly perSecond: number
  /** Of this process, in ms per step; the model server is another. */
  readonly cpu: number
}

async function sample(loop: Loop, steps: number): Promise<Sample> {
  globalThis.gc?.()
  const cpu = process.cpuUsage()
  const started = performance.now()
  const done = await loop(steps)
  const ms = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  if (done !== steps) throw new Error(`the tool ran ${done} times instead of ${steps}`)
  return { perSecond: (steps * 1000) / ms, cpu: (user + system) / 1000 / steps }
}

/** What the database grows by per step, measured with everything moved from the log into the one file. */
async function bytesPerStep(profile: string, modelUrl: string): Promise<number> {
  const sizeAfter = async (steps: number) => {
    const { run, close } = await openTrestle(profile, modelUrl, { effect: true })
    await run(steps)
    await close()
    return (await stat(join(profile, 'trestle.db'))).size
  }
  const before = await sizeAfter(1)
  return ((await sizeAfter(1000)) - before) / 1000
}

// Not in the system's temporary folder, which may be memory.
const folder = resolve('node_modules/.cache/trestle-bench')
await mkdir(folder, { recursive: true })
const profiles = await Promise.all([1, 2, 3].map(() => mkdtemp(join(folder, 'loop-'))))
const [profile = '', effectsProfile = '', sizeProfile = ''] = profiles
const server = await forkModelServer()
const trestle = await openTrestle(profile, server.url, { effect: false })
const effects = await openTrestle(effectsProfile, server.url, { effect: true })
const contenders = [
  ...LENGTHS.map((steps) => ({ name: `ours.${steps}`, loop: trestle.run, steps })),
  { name: 'effects', loop: effects.run, steps: PEER_STEPS },
  { name: '@mariozechner/pi-agent-core', loop: piAgent(server.url), steps: PEER_STEPS },
  { name: 'ai', loop: vercelAi(server.url), steps: PEER_STEPS },
]
const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]))
for (let round = -1; round < ROUNDS; round += 1) {
  for (const { name, loop, steps } of contenders) {
    const measured = await sample(loop, steps)
    // The round before the first warms up.
    if (round >= 0) samples.get(name)?.push(measured)
  }
}
await trestle.close()
await effects.close()

const medianOf = (name: string, key: keyof Sample) => median((samples.get(name) ?? []).map((measured) => measured[key]))
for (const peer of ['@mariozechner/pi-agent-core', 'ai']) {
  report({ name: 'loop.steps', value: medianOf(`ours.${PEER_STEPS}`, 'perSecond'), unit: 'steps/s', peer, peerValue: medianOf(peer, 'perSecond') })
  report({ name: 'loop.cpu', value: medianOf(`ours.${PEER_STEPS}`, 'cpu'), unit: 'ms/step', peer, peerValue: medianOf(peer, 'cpu') })
  report({ name: 'loop.effects.steps', value: medianOf('effects', 'perSecond'), unit: 'steps/s', peer, peerValue: medianOf(peer, 'perSecond') })
}
const [short, , long] = LENGTHS
report({ name: `loop.steps.${long}`, value: medianOf(`ours.${long}`, 'perSecond'), unit: 'steps/s', peer: `ours, ${short} steps`, peerValue: medianOf(`ours.${short}`, 'perSecond') })
report({ name: 'loop.disk', value: await bytesPerStep(sizeProfile, server.url), unit: 'bytes/step' })
server.stop()
for (const used of profiles) await rm(used, { recursive: true, force: true })
