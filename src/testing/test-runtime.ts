import { createRouterClient } from '@orpc/server'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { EventEnvelope, StreamMessage } from '#contract/events'
import { SettingsSchema } from '#contract/settings'
import type { ModelProvider, ProviderConfig } from '#core/ports/model-provider'
import type { BlobStore } from '#core/ports/blob-store'
import type { JobQueue } from '#core/ports/job-queue'
import type { McpClients } from '#core/ports/mcp-client'
import type { MemorySearch } from '#core/ports/memory-search'
import type { Snapshots } from '#core/ports/snapshots'
import type { SettingsFile } from '#core/ports/settings-file'
import type { Store } from '#core/ports/store'
import type { Clock } from '#core/ports/system'
import type { WorkspaceFolder } from '#core/ports/workspace-files'
import { AppError } from '#core/errors'
import { defineTool } from '#core/tools/define-tool'
import type { Tool } from '#core/tools/tool'
import { newToken, sha256 } from '../main/adapters/node/system'
import { createScriptRunner } from '../main/adapters/quickjs'
import { openMemoryStore } from '../main/adapters/sqlite'
import { createRuntime } from '../main/runtime/create-runtime'
import { noFileTools } from './no-file-tools'
import { noProfileFiles } from './no-profile-files'
import { noWeb } from './no-web'
import { noSnapshots } from './no-snapshots'
import { memoryAuditSigning } from './memory-audit'
import { createMemorySettingsFile } from './memory-settings-file'
import { createManualClock } from './manual-clock'
import { createScriptedProvider, type FakeReply } from './scripted-provider'

export interface TestRuntimeOptions {
  readonly script?: Parameters<typeof createScriptedProvider>[0]
  readonly tools?: readonly Tool[]
  readonly store?: Store
  /** A queue of its own when left out. */
  readonly jobs?: JobQueue
  /** That of the store, where one is given. */
  readonly memorySearch?: MemorySearch
  readonly settingsFile?: SettingsFile
  readonly clock?: Clock
  readonly environment?: Readonly<Record<string, string>>
  readonly contextWindow?: number
  /** False: the model cannot see. */
  readonly images?: boolean
  readonly snapshots?: Snapshots
  /** None when left out. */
  readonly mcpClients?: McpClients
  /** What is in the folder, by path; nothing when left out. */
  readonly files?: Map<string, string>
  /** Instead of the scripted model: the client of each key. */
  readonly providerFor?: (config: ProviderConfig) => ModelProvider
  /** Prefix of the ids, for a second runtime on the same store. */
  readonly ids?: string
}

/** The whole runtime in memory: real database and contract; a scripted model, a folder without files. */
export function startTestRuntime(options: TestRuntimeOptions = {}) {
  const clock = options.clock ?? createManualClock()
  const own = openMemoryStore({ clock })
  const store = options.store ?? own
  const jobs = options.jobs ?? own.jobs
  const provider = createScriptedProvider(options.script ?? (() => ({ text: 'Hello.' })))
  const keys = new Map<string, string>()
  const configs: ProviderConfig[] = []
  const logged: string[] = []
  const blobs = memoryBlobs()
  const leftovers: string[] = []
  let count = 0
  const newId = () => `${options.ids ?? 'id'}-${String(++count).padStart(6, '0')}`
  const model = {
    id: 'fake/model', provider: 'fake', name: 'model', contextWindow: options.contextWindow ?? 200_000, maxOutputTokens: 4000,
    price: { input: 1, output: 2, cachedInput: null }, tools: true, thinking: false, images: options.images ?? true, available: true,
  }
  if (!options.store) {
    store.settings.put(SettingsSchema.parse({ defaultModel: 'fake/model', learning: { learn: 'rules' }, compatible: [{ id: 'fake', name: 'Fake', baseUrl: 'http://127.0.0.1:9' }] }))
    store.workspaces.insert({ id: 'workspace', name: 'Folder', path: '/folder', trusted: true, createdAt: 1, lastOpenedAt: 1 })
  }
  const runtime = createRuntime({
    store, jobs, clock, newId, memorySearch: options.memorySearch ?? own.memorySearch,
    auditReader: own.auditReader, auditSigning: memoryAuditSigning(),
    settingsFile: options.settingsFile ?? createMemorySettingsFile(), profileFiles: noProfileFiles, recentErrors: () => [],
    newTraceId: () => 'trace-start',
    random: () => 0.5, sha256, newToken,
    logger: { debug: () => undefined, info: () => undefined, warn: (event) => void logged.push(event), error: (event) => void logged.push(event) },
    tools: options.tools ?? [readTool(), writeTool().tool, askTool()],
    folders: {
      open: (path) => Promise.resolve(emptyFolder(path, options.files)), isAvailable: () => Promise.resolve(true), realPath: (path) => Promise.resolve(path),
      subfolders: () => Promise.resolve({ path: '/', parent: null, folders: [] }),
    },
    search: { glob: () => Promise.resolve({ paths: [], truncated: false }), search: () => Promise.resolve({ lines: [], truncated: false }) },
    ...noFileTools(),
    scripts: createScriptRunner(),
    ...noWeb, ...(options.mcpClients && { mcpClients: options.mcpClients }),
    commands: { sandboxed: false, run: () => Promise.reject(new Error('no commands here')), killLeftovers: (marker) => { leftovers.push(marker); return Promise.resolve() } },
    artifacts: memoryArtifacts(),
    blobs,
    snapshots: options.snapshots ?? noSnapshots(),
    scratchFolder: (id) => `/scratch/${id}`,
    secrets: {
      kind: 'session', get: (name) => Promise.resolve(keys.get(name) ?? null),
      set: (name, value) => { keys.set(name, value); return Promise.resolve() }, remove: (name) => { keys.delete(name); return Promise.resolve() },
    },
    createProvider: (config) => { configs.push(config); return Promise.resolve(options.providerFor?.(config) ?? provider) },
    builtinModels: (kind) => (kind === 'compatible' ? [model] : []),
    demo: { start: () => Promise.resolve('http://127.0.0.1:9'), stop: () => Promise.resolve() },
    discoverLocalServers: () => Promise.resolve([]),
    environment: options.environment ?? {},
    host: { kind: 'headless', version: '0.0.0', platform: 'test', pickFolder: null },
  })
  const client = createRouterClient(runtime.router, { context: { traceId: 'trace-test' } })
  return { runtime, client, store, jobs, memorySearch: options.memorySearch ?? own.memorySearch, clock, provider, configs, logged, leftovers, keys, blobs, events: recordEvents(runtime), until: untilEvent(runtime) }
}

export type TestRuntime = ReturnType<typeof startTestRuntime>

/** Everything that was published, in order, from now on. */
function recordEvents(runtime: { events: ReturnType<typeof createRuntime>['events'] }): EventEnvelope[] {
  const seen: EventEnvelope[] = []
  void (async () => {
    for await (const message of runtime.events.subscribe({}, new AbortController().signal)) if (message.topic !== 'stream.open') seen.push(message)
  })()
  return seen
}

/** Waits for an event; `since` 0 takes those of the past too. */
function untilEvent(runtime: { events: ReturnType<typeof createRuntime>['events'] }) {
  return async (matches: (event: EventEnvelope) => boolean, since?: number): Promise<EventEnvelope> => {
    const stop = new AbortController()
    try {
      for await (const message of runtime.events.subscribe(since === undefined ? {} : { since }, stop.signal)) {
        if (isEnvelope(message) && matches(message)) return message
      }
    } finally {
      stop.abort()
    }
    throw new Error('the stream ended')
  }
}

function isEnvelope(message: StreamMessage): message is EventEnvelope {
  return message.topic !== 'stream.open'
}

const output = (content: string) => Promise.resolve({ content })

/** `read {path}`: runs without asking. */
export function readTool(execute: (path: string) => Promise<{ content: string }> = (path) => output(`content of ${path}`)): Tool {
  return defineTool({
    name: 'read', description: 'Reads.', capability: 'read', readOnly: true, input: z.strictObject({ path: z.string().default('a.txt') }),
    prepare: ({ path }) => Promise.resolve({ title: `Read ${path}`, paths: [path], execute: () => execute(path) }),
  })
}

/** `write {path}`: asks; counts what it did, and can tell after a crash when `verifiable`. */
export function writeTool({ verifiable = false, execute = () => Promise.resolve() }: { verifiable?: boolean; execute?: () => Promise<void> } = {}) {
  const written: string[] = []
  const fingerprint = z.object({ path: z.string() })
  const tool: Tool = defineTool({
    name: 'write', description: 'Writes.', capability: 'edit', readOnly: false, input: z.strictObject({ path: z.string().default('a.txt') }),
    prepare: ({ path }) => Promise.resolve({
      title: `Write ${path}`, paths: [path], fingerprint: { path },
      execute: async () => {
        written.push(path)
        await execute()
        return { content: `wrote ${path}` }
      },
    }),
    reconcile: {
      fingerprint,
      judge: ({ path }: z.output<typeof fingerprint>) => Promise.resolve(verifiable ? (written.includes(path) ? 'done' : 'not_done') : 'unknown'),
    },
  })
  return { tool, written }
}

/** `ask_user {question}` */
export function askTool(): Tool {
  return defineTool({
    name: 'ask_user', description: 'Asks.', capability: 'ask', readOnly: false, input: z.strictObject({ question: z.string() }),
    prepare: ({ question }) => Promise.resolve({
      title: question, paths: [], question: { text: question, choices: [] }, execute: ({ answer }) => output(answer ?? ''),
    }),
  })
}

function emptyFolder(root: string, files?: ReadonlyMap<string, string>): WorkspaceFolder {
  const fail = () => Promise.reject(new Error('no files here'))
  const readText: WorkspaceFolder['readText'] = (path) => {
    const text = files?.get(path)
    return text === undefined ? Promise.reject(new AppError('RESOURCE_NOT_FOUND', `${path} not found`)) : Promise.resolve({ text, hash: '', bytes: text.length })
  }
  return {
    root, resolve: fail, readText, readLines: fail, readBinary: fail, makeFolder: fail, writeText: fail, move: fail, list: fail, hash: () => Promise.resolve(null), hashText: () => '',
    moveToBin: fail, restoreFromBin: fail,
  }
}

function memoryArtifacts() {
  const texts = new Map<string, string>()
  return {
    create: (_sessionId: string, id: string) => ({
      id,
      write: (text: string) => { texts.set(id, (texts.get(id) ?? '') + text) },
      close: () => Promise.resolve({ bytes: (texts.get(id) ?? '').length }),
      discard: () => { texts.delete(id); return Promise.resolve() },
    }),
    read: (id: string) => Promise.resolve({ text: texts.get(id) ?? '', bytes: (texts.get(id) ?? '').length, nextOffset: null }),
    removeSession: () => Promise.resolve(),
  }
}

function memoryBlobs(): BlobStore & { readonly kept: ReadonlyMap<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>()
  return {
    kept,
    put: (bytes) => {
      const hash = createHash('sha256').update(bytes).digest('hex')
      kept.set(hash, bytes)
      return Promise.resolve(hash)
    },
    read: (hash) => Promise.resolve(kept.get(hash) ?? null),
    remove: (hash) => { kept.delete(hash); return Promise.resolve() },
  }
}

export type { FakeReply }
