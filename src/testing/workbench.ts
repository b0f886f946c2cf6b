import { createRouterClient } from '@orpc/server'
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mode } from '#contract/common'
import type { EventEnvelope } from '#contract/events'
import { SettingsSchema } from '#contract/settings'
import { createBuiltinTools } from '#core/tools/builtin'
import { createContentStore } from '../main/adapters/content-store'
import { createFolderIndex } from '../main/adapters/folder-index'
import { createGitStatus } from '../main/adapters/git'
import { createArtifactStore, createCommandRunner, createFolders, createNewId, endProcesses, systemClock, terminalEnvironment } from '../main/adapters/node'
import { newToken, sha256 } from '../main/adapters/node/system'
import { createBlobStore } from '../main/adapters/node/blob-store'
import { createTerminalProcesses } from '../main/adapters/pty'
import { createScriptRunner } from '../main/adapters/quickjs'
import { createFileSearch } from '../main/adapters/ripgrep'
import { openMemoryStore } from '../main/adapters/sqlite'
import { createSandbox, noSandbox } from '../main/adapters/sandbox'
import { createRuntime } from '../main/runtime/create-runtime'
import { noWeb } from './no-web'
import { noProfileFiles } from './no-profile-files'
import { memoryAuditSigning } from './memory-audit'
import { createMemorySettingsFile } from './memory-settings-file'
import { createScriptedProvider } from './scripted-provider'

export type WorkbenchScript = Parameters<typeof createScriptedProvider>[0]

/** A runtime with a real folder, real tools and the real content store; only the model is a script. Allows what is asked. */
export async function startWorkbench(script: WorkbenchScript, options: { readonly folder?: string; readonly sandboxed?: boolean; readonly mode?: Mode } = {}) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-checkpoints-')))
  const folder = options.folder ?? join(home, 'work')
  mkdirSync(folder, { recursive: true })
  const newId = createNewId()
  const sandbox = options.sandboxed ? createSandbox({ profile: home }) : noSandbox('There is none in this test.')
  const store = openMemoryStore({ clock: systemClock })
  const snapshots = createContentStore({ folder: join(home, 'content') })
  const model = {
    id: 'fake/model', provider: 'fake', name: 'model', contextWindow: 200_000, maxOutputTokens: 4000,
    price: { input: 1, output: 2, cachedInput: null }, tools: true, thinking: false, images: true, available: true,
  }
  store.settings.put(SettingsSchema.parse({ defaultModel: 'fake/model', compatible: [{ id: 'fake', name: 'Fake', baseUrl: 'http://127.0.0.1:9' }] }))
  const logged: unknown[] = []
  const runtime = createRuntime({
    store, jobs: store.jobs, memorySearch: store.memorySearch, auditReader: store.auditReader, auditSigning: memoryAuditSigning(), settingsFile: createMemorySettingsFile(), profileFiles: noProfileFiles, recentErrors: () => [], newId, clock: systemClock, newTraceId: newId, random: () => 0.5, sha256, newToken,
    logger: { debug: () => undefined, info: () => undefined, warn: (event, fields) => void logged.push([event, fields]), error: (event, fields) => void logged.push([event, fields]) },
    tools: createBuiltinTools(), ...noWeb, scripts: createScriptRunner(), folders: createFolders({ binFolder: join(home, 'bin'), tracesFolder: join(home, 'unfinished-writes') }),
    search: { glob: () => Promise.resolve({ paths: [], truncated: false }), search: () => Promise.resolve({ lines: [], truncated: false }) },
    folderIndex: createFolderIndex(), gitStatus: createGitStatus(), fileSearch: createFileSearch(),
    terminalProcesses: createTerminalProcesses({
      environment: (marker) => terminalEnvironment({ ...process.env, SHELL: '/bin/sh' }, marker),
      endTree: (marker, leader) => endProcesses({ marker, leader, clock: systemClock, politely: true }),
    }),
    sandbox, commands: createCommandRunner({ sandbox }), artifacts: createArtifactStore({ folder: join(home, 'artifacts') }), blobs: createBlobStore({ folder: join(home, 'attachments') }), snapshots, scratchFolder: (id) => join(home, 'scratch', id),
    secrets: { kind: 'session', get: () => Promise.resolve(null), set: () => Promise.resolve(), remove: () => Promise.resolve() },
    createProvider: () => Promise.resolve(createScriptedProvider(script)), builtinModels: (kind) => (kind === 'compatible' ? [model] : []),
    demo: { start: () => Promise.resolve('http://127.0.0.1:9'), stop: () => Promise.resolve() }, discoverLocalServers: () => Promise.resolve([]),
    environment: {}, host: { kind: 'headless', version: '0.0.0', platform: process.platform, pickFolder: null },
  })
  const client = createRouterClient(runtime.router, { context: { traceId: 'trace-test' } })
  const events: EventEnvelope[] = []
  const waiting = new Set<() => void>()
  const stop = new AbortController()
  void (async () => {
    for await (const message of runtime.events.subscribe({}, stop.signal)) {
      if (message.topic === 'stream.open') continue
      events.push(message)
      if (message.topic === 'human.request' && message.payload.request.status === 'open') {
        void client.humanRequests.answer({ id: message.payload.request.id, decision: 'once' })
      }
      for (const look of waiting) look()
    }
  })()
  await runtime.start()
  const workspace = await client.workspaces.open({ path: folder })
  await client.workspaces.trust({ id: workspace.id, trusted: true })
  const session = await client.sessions.create({ workspaceId: workspace.id, mode: options.mode ?? 'auto-edit' })

  const until = (matches: (event: EventEnvelope) => boolean): Promise<void> => new Promise((resolve) => {
    const look = () => {
      if (!events.some(matches)) return
      waiting.delete(look)
      resolve()
    }
    waiting.add(look)
    look()
  })
  const checkpoints = async (id = session.id) => (await client.checkpoints.list({ id, limit: 500 })).items
  return {
    home, folder, runtime, client, store, snapshots, events, logged, session, workspace, until, checkpoints,
    /** Sends a message; resolves when the turn and its checkpoints are there. */
    turn: async (text: string, id = session.id) => {
      const { runId } = await client.sessions.send({ id, text })
      await until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null)
      await runtime.settled()
      return runId
    },
    close: async () => {
      stop.abort()
      await runtime.stop(0)
      await store.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export type Workbench = Awaited<ReturnType<typeof startWorkbench>>

/** Everything in a folder: what a restore must bring back byte for byte. `.git` is left out. */
export function treeOf(folder: string, skip: readonly string[] = ['.git']): Record<string, string> {
  const found: Record<string, string> = {}
  const visit = (path: Buffer, shown: string) => {
    for (const name of readdirSync(path, { encoding: 'buffer' })) {
      if (skip.includes(name.toString())) continue
      const child = Buffer.concat([path, Buffer.from('/'), name])
      const label = `${shown}${name.toString('latin1')}`
      const stats = lstatSync(child)
      const mode = (stats.mode & 0o7777).toString(8)
      if (stats.isDirectory()) {
        found[`${label}/`] = mode
        visit(child, `${label}/`)
      } else if (stats.isSymbolicLink()) found[label] = `link ${readlinkSync(child, { encoding: 'buffer' }).toString('latin1')}`
      else found[label] = `${mode} ${readFileSync(child).toString('latin1')}`
    }
  }
  visit(Buffer.from(folder), '')
  return found
}

export function shell(folder: string, command: string): string {
  return execFileSync('/bin/sh', ['-c', command], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
