import { join } from 'node:path'
import type { McpClients } from '#core/ports/mcp-client'
import type { Sandbox } from '#core/ports/sandbox'
import type { SecretStore } from '#core/ports/secret-store'
import type { Clock, Logger } from '#core/ports/system'
import { createRepeats, type Repeats } from '#core/repeats/repeats'
import { createBuiltinTools } from '#core/tools/builtin'
import type { Tool } from '#core/tools/tool'
import { withRecentErrors } from '#core/work/recent-errors'
import { createContentStore } from '../../adapters/content-store'
import { createDemoServer } from '../../adapters/demo'
import { createFolderIndex } from '../../adapters/folder-index'
import { createGitStatus } from '../../adapters/git'
import { createLazySecrets, createSecretStore, createSessionSecrets, likelySecretsKind } from '../../adapters/keytar'
import { createMcpClients } from '../../adapters/mcp'
import { createArtifactStore } from '../../adapters/node/artifact-store'
import { createAuditSigning } from '../../adapters/node/audit-signing'
import { createBlobStore } from '../../adapters/node/blob-store'
import { createCommandRunner } from '../../adapters/node/command-runner'
import { createFolders } from '../../adapters/node/folders'
import { createSettingsFile } from '../../adapters/node/settings-file'
import { newId, newToken, sha256, systemClock, systemRandom } from '../../adapters/node/system'
import { terminalEnvironment } from '../../adapters/node/processes/command-environment'
import { endProcesses } from '../../adapters/node/processes/end-processes'
import { spawnMarked } from '../../adapters/node/processes/spawn-marked'
import { createScriptRunner } from '../../adapters/quickjs'
import { createFileLogger } from '../../adapters/pino/logger'
import { createTerminalProcesses } from '../../adapters/pty'
import { builtinModels, createDiscoverLocalServers, createProvider } from '../../adapters/providers'
import { createSandbox } from '../../adapters/sandbox'
import { createTextSearch } from '../../adapters/ripgrep/text-search'
import { createFileSearch } from '../../adapters/ripgrep/file-search'
import { openStore } from '../../adapters/sqlite'
import { createGuardedFetch, createReadability, createWebClient, createWebSearch } from '../../adapters/web'
import { createRuntime, type HostInfo, type Runtime } from '../../runtime/create-runtime'
import { openFaceSocket } from './mcp-face/socket'
import { profileIdOf } from './profile'
import { newTraceId } from './trace-id'
import { createProfileFiles } from './profile-files'
import type { ReportBug } from './wire-error'

export interface ComposeOptions {
  /** What a person should know of what was done before the start. */
  readonly startNotice?: string | null
  /** A folder that exists. */
  readonly profile: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly host: HostInfo
  /** Ports we listen on ourselves: no model servers. */
  readonly ownPorts: () => readonly number[]
  /** The keychain of the system when left out. */
  readonly openSecrets?: () => Promise<SecretStore>
  /** That of the system when left out. */
  readonly clock?: Clock
  /** The built-in ones when left out. */
  readonly tools?: readonly Tool[]
}

export interface ComposedRuntime {
  readonly runtime: Runtime
  readonly logger: Logger
  readonly clock: Clock
  readonly reportBug: ReportBug
  /** For requests that carry a key, so that they may be sent again. */
  readonly repeats: Repeats
  /** For after the start: looks whether there is a keychain, and starts the thread of the checkpoints. */
  warmUp(): void
  /** Once the runtime has stopped. */
  close(): Promise<void>
}

/** Calls the constructors in order. Throws AppError: PROFILE_IN_USE, DATABASE_NEWER, DISK_FULL, PERMISSION_DENIED. */
export function composeRuntime({ profile, environment, host, ownPorts, openSecrets, startNotice = null, clock = systemClock, tools = createBuiltinTools() }: ComposeOptions): ComposedRuntime {
  const fileLogger = createFileLogger({ folder: join(profile, 'logs') })
  const { logger, recent } = withRecentErrors(fileLogger, clock)
  const opened = openStore({ path: join(profile, 'trestle.db'), backupFolder: join(profile, 'backups'), clock, newId, logger, appVersion: host.version })
  const secrets = secretsFor({ profile, environment, host, openSecrets })
  const snapshots = createContentStore({
    folder: join(profile, 'content'),
    onQuarantined: (path) => {
      logger.error('content.damaged', { path })
      opened.store.notices.insert({ id: newId(), level: 'error', text: 'The checkpoint store was damaged and has been put aside; a new one is in use. Files of older checkpoints cannot be restored; conversations can.' }, clock.now())
    },
  })
  const sandbox = createSandbox({ profile })
  const folders = createFolders({ binFolder: join(profile, 'bin'), tracesFolder: join(profile, 'unfinished-writes'), profile })
  const runtime = createRuntime({
    store: opened.store,
    jobs: opened.jobs,
    memorySearch: opened.memorySearch,
    auditReader: opened.auditReader,
    auditSigning: createAuditSigning(join(profile, 'audit-head.json')),
    recentErrors: recent,
    profileFiles: createProfileFiles({ profile, clock, backUpNow: () => opened.backup.now() }),
    settingsFile: createSettingsFile({ path: join(profile, 'settings.json'), clock }),
    folders,
    search: createTextSearch(),
    folderIndex: createFolderIndex(),
    gitStatus: createGitStatus(),
    fileSearch: createFileSearch(),
    terminalProcesses: createTerminalProcesses({
      environment: (marker) => terminalEnvironment(process.env, marker),
      endTree: (marker, leader) => endProcesses({ marker, leader, clock, politely: true }),
    }),
    commands: createCommandRunner({ sandbox }), sandbox,
    artifacts: createArtifactStore({ folder: join(profile, 'artifacts') }),
    blobs: createBlobStore({ folder: join(profile, 'attachments') }),
    snapshots,
    scratchFolder: (branchId) => join(profile, 'scratch', branchId),
    secrets,
    createProvider,
    builtinModels,
    demo: createDemoServer(),
    discoverLocalServers: createDiscoverLocalServers({ excludePorts: ownPorts }),
    tools,
    scripts: createScriptRunner(),
    web: createWebClient({ userAgent: `Trestle/${host.version}`, readable: createReadability(), allowedPrivateHosts: () => opened.store.settings.get().web.privateHosts }),
    webSearch: createWebSearch(),
    mcpClients: mcpClientsOf({ sandbox, profile, clock, version: host.version, privateHosts: () => opened.store.settings.get().web.privateHosts }),
    clock,
    newId,
    newTraceId,
    random: systemRandom,
    sha256, newToken,
    logger,
    environment,
    host,
    ...(process.versions['tz'] !== undefined && { timeZoneData: process.versions['tz'] }),
  })
  if (startNotice !== null) opened.store.notices.insert({ id: newId(), level: 'warning', text: startNotice }, clock.now())
  opened.backup.start()
  const stops: (() => Promise<void>)[] = []
  const stopNotices = opened.onDidNotice((notice) => {
    runtime.events.transact((emit) => emit({ topic: 'system.notice', payload: notice }, { sessionId: null, runId: null, traceId: newTraceId() }))
  })
  return {
    runtime, logger, clock,
    repeats: createRepeats({ store: opened.store.answeredRequests, clock, owner: newId() }),
    reportBug: (error, traceId) => logger.error('bug', { error, traceId }),
    warmUp: () => {
      stops.push(openFaceSocket({ runtime, profile, version: host.version, logger }))
      warmUp({ secrets, folders, snapshots, logger })
    },
    close: async () => {
      stopNotices()
      for (const stop of stops.splice(0)) await stop()
      await opened.close()
      fileLogger.close()
    },
  }
}

function mcpClientsOf({ sandbox, profile, clock, version, privateHosts }: {
  readonly sandbox: Sandbox
  readonly profile: string
  readonly clock: Clock
  readonly version: string
  readonly privateHosts: () => readonly string[]
}): McpClients {
  return createMcpClients({
    sandbox, folder: join(profile, 'mcp'), version, clock, newId, spawn: (program) => spawnMarked(program),
    fetchFor: ({ host }) => createGuardedFetch({ userAgent: `Trestle/${version}`, allowed: [host, ...privateHosts()] }),
    endTree: (marker, leader) => endProcesses({ marker, leader, clock, politely: true }),
  })
}

function warmUp({ secrets, folders, snapshots, logger }: {
  readonly secrets: SecretStore
  readonly folders: ReturnType<typeof createFolders>
  readonly snapshots: ReturnType<typeof createContentStore>
  readonly logger: Logger
}): void {
  void secrets.get('warm-up').catch((error: unknown) => logger.warn('secrets.unavailable', { error }))
  void folders.clearUnfinished().catch((error: unknown) => logger.warn('folders.unfinished', { error }))
  void snapshots.findDamaged([]).catch((error: unknown) => logger.warn('content.unavailable', { error }))
}

function secretsFor({ profile, environment, host, openSecrets }: Pick<ComposeOptions, 'profile' | 'environment' | 'host'> & { readonly openSecrets: ComposeOptions['openSecrets'] }): SecretStore {
  if (environment['TRESTLE_SECRETS'] === 'session') return createSessionSecrets()
  return createLazySecrets({
    likelyKind: likelySecretsKind(host.platform, environment),
    open: openSecrets ?? (async () => createSecretStore({ profileId: await profileIdOf(profile) })),
  })
}
