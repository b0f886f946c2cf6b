import type { DesktopState, Instruction } from '#contract/desktop'
import { type Children, createChildren } from '#core/agents/children'
import { handOver } from '#core/agents/hand-over'
import { createProfiles } from '#core/agents/profiles'
import { type AgentTemplates, createTemplates } from '#core/agents/templates'
import { type AttachmentService, createAttachmentService } from '#core/attachments/attachment-service'
import { createResolveMessages } from '#core/attachments/resolve-messages'
import type { BranchService } from '#core/checkpoints/branch-service'
import { type BehaviorService, createBehaviorService } from '#core/behavior/behavior-service'
import { type Checkpoints, createCheckpoints } from '#core/checkpoints/create-checkpoints'
import type { UncommittedService } from '#core/checkpoints/uncommitted'
import type { EventStream } from '#core/events/event-stream'
import { createEventStream } from '#core/events/event-stream'
import { type Plans, createPlans } from '#core/plans/plans'
import { waitForPlan } from '#core/plans/wait-for-plan'
import { sessionsThatWait } from '#core/plans/waiting-sessions'
import { createFileService, type FileService } from '#core/files/file-service'
import { createMcpService, type McpService } from '#core/mcp/mcp-service'
import { createMcpVisitors, type McpVisitors } from '#core/mcp/visitors'
import { createAgentMemory } from '#core/memory/agent/from-memory'
import { createGraphToolkit } from '#core/memory/agent/graph-toolkit'
import { createLearning, type Learning } from '#core/memory/agent/learning'
import { createMemoryToolkit } from '#core/memory/agent/tools'
import { createMemory, type Memory } from '#core/memory/create-memory'
import { createMoments } from '#core/memory/moments'
import { type AccessService, createAccessService } from '#core/access/access-service'
import { createModelRegistry, type ModelRegistry } from '#core/models/model-registry'
import { tellModels } from '#core/models/tell-models'
import { createTellKeyMoved } from '#core/models/tell-key-moved'
import type { ArtifactStore } from '#core/ports/artifact-store'
import type { AuditReader, AuditSigning } from '#core/ports/audit-store'
import type { BlobStore } from '#core/ports/blob-store'
import type { CommandRunner } from '#core/ports/command-runner'
import type { FileSearch } from '#core/ports/file-search'
import type { FolderIndex } from '#core/ports/folder-index'
import type { GitStatus } from '#core/ports/git-status'
import type { BuiltinModels, CreateProvider, DemoServer, DiscoverLocalServers } from '#core/ports/model-provider'
import type { McpClients } from '#core/ports/mcp-client'
import type { Sandbox } from '#core/ports/sandbox'
import type { ScriptRunner } from '#core/ports/script-runner'
import type { SecretStore } from '#core/ports/secret-store'
import type { JobQueue } from '#core/ports/job-queue'
import type { MemorySearch } from '#core/ports/memory-search'
import type { Snapshots } from '#core/ports/snapshots'
import type { ProfileFiles } from '#core/ports/profile-data'
import type { SettingsFile } from '#core/ports/settings-file'
import type { Store } from '#core/ports/store'
import type { TerminalProcesses } from '#core/ports/terminal-processes'
import type { Clock, Logger, NewId, Random, Sha256 } from '#core/ports/system'
import type { WebClient, WebSearch } from '#core/ports/web'
import type { Folders, TextSearch } from '#core/ports/workspace-files'
import { createFindInFiles, type FindInFiles } from '#core/find-in-files/find-in-files'
import { type Answers, createAnswers } from '#core/sessions/answers'
import { createPromptService, type PromptService } from '#core/sessions/prompt-service'
import { createRunManager, type RunManager } from '#core/sessions/run-manager'
import type { SessionBinPorts } from '#core/sessions/session-bin'
import { createSessionService, type SessionService } from '#core/sessions/session-service'
import { createSlots } from '#core/sessions/slots'
import { createToolContexts } from '#core/sessions/tool-contexts'
import { createSearchService, type SearchService } from '#core/search/search-service'
import { createTerminalService, type TerminalService } from '#core/terminals/terminal-service'
import { parseEnvironment } from '#core/settings/environment'
import { createFolderSettings, type FolderSettingsService } from '#core/settings/folder/folder-settings'
import { createSettingsService, type SettingsService } from '#core/settings/settings-service'
import { type AuditLog, createAuditLog } from '#core/audit/audit-log'
import { createLoginAudit, type Login } from '#core/audit/login-audit'
import { withSecretAudit } from '#core/audit/secret-audit'
import { createPermissionService, type PermissionService } from '#core/permissions/permission-service'
import { withBehavior } from '#core/behavior/behavior-part'
import { createFirstLook } from '#core/sandbox/first-look'
import { createProposals } from '#core/behavior/proposals'
import { createGraphTools } from '#core/tools/graph-tools'
import { createMemoryTools } from '#core/tools/memory-tools'
import { createDelegate } from '#core/tools/delegate'
import { createHandOver } from '#core/tools/hand-over'
import { createProposeBehavior } from '#core/tools/propose-behavior'
import { createProposePlan } from '#core/tools/propose-plan'
import { createFetchUrl } from '#core/tools/web/fetch-url'
import { createWebSearch } from '#core/tools/web/web-search'
import { createTaskProgress } from '#core/tools/task-progress'
import type { Tool } from '#core/tools/tool'
import { createDueTimes } from '#core/schedules/due-times'
import { createScheduler, type Scheduler } from '#core/schedules/scheduler'
import { createScheduleService, type ScheduleService } from '#core/schedules/schedule-service'
import { createCheckBudget } from '#core/tasks/budgets'
import { createTaskPart } from '#core/tasks/task-part'
import { taskTools } from '#core/tasks/agent-tasks'
import { createTasks, type Tasks } from '#core/tasks/create-tasks'
import { noteProgress } from '#core/tasks/progress'
import { createUsageService, type UsageService } from '#core/usage/usage-service'
import type { RecentError } from '#core/work/recent-errors'
import { createWebService, type WebService } from '#core/web/web-service'
import { tellLongWait } from '#core/work/tell-long-wait'
import { tellNotice } from '#core/work/tell-notice'
import { createWorkService, type WorkService } from '#core/work/work-service'
import { createWorkflows, type Workflows } from '#core/workflows/workflows'
import { createWorkspaceService, type WorkspaceService } from '#core/workspaces/workspace-service'
import { agentTools } from './agent-tools'

export interface HostInfo {
  readonly kind: 'electron' | 'headless'
  readonly version: string
  readonly platform: string
  /** Shows the folder picker of the system; null where the host has none. */
  readonly pickFolder: null | (() => Promise<string | null>)
  /** Stops in order and starts anew, soon after it returned; left out where the host cannot. */
  readonly restart?: () => void
  /** What is around its windows; left out where there is nothing. */
  readonly desktop?: {
    state(): DesktopState
    instructions(windowId: string, signal: AbortSignal): AsyncGenerator<Instruction, void, void>
  }
  /** Of what it runs on. */
  readonly versions?: Readonly<Record<string, string>>
  /** Shows a file in the file manager of the system; left out where the host has none. */
  readonly revealFile?: (path: string) => void
}

/** All that a runtime needs from outside. */
export interface RuntimePorts {
  readonly store: Store
  readonly jobs: JobQueue
  readonly memorySearch: MemorySearch
  readonly auditReader: AuditReader
  readonly auditSigning: AuditSigning
  readonly settingsFile: SettingsFile
  readonly profileFiles: ProfileFiles
  readonly recentErrors: () => readonly RecentError[]
  readonly folders: Folders
  readonly search: TextSearch
  readonly folderIndex: FolderIndex
  readonly gitStatus: GitStatus
  readonly fileSearch: FileSearch
  readonly terminalProcesses: TerminalProcesses
  readonly commands: CommandRunner
  readonly sandbox: Sandbox
  readonly artifacts: ArtifactStore
  /** Content of attachments. */
  readonly blobs: BlobStore
  readonly snapshots: Snapshots
  /** Where the copy of a folder for a branch goes. */
  readonly scratchFolder: (branchId: string) => string
  readonly secrets: SecretStore
  readonly createProvider: CreateProvider
  readonly builtinModels: BuiltinModels
  readonly demo: DemoServer
  readonly discoverLocalServers: DiscoverLocalServers
  readonly tools: readonly Tool[]
  readonly scripts: ScriptRunner
  readonly web: WebClient
  readonly webSearch: WebSearch
  readonly mcpClients: McpClients
  readonly clock: Clock
  readonly newId: NewId
  readonly newTraceId: () => string
  readonly random: Random
  readonly sha256: Sha256
  /** Unguessable, fit for a header. */
  readonly newToken: () => string
  readonly logger: Logger
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly host: HostInfo
  /** The edition of the time zone data that `Intl` calculates with; left out where it is not known. */
  readonly timeZoneData?: string
}

export interface Services {
  readonly events: EventStream
  readonly settings: SettingsService
  readonly folderSettings: FolderSettingsService
  readonly models: ModelRegistry
  readonly answers: Answers
  readonly runs: RunManager
  readonly prompts: PromptService
  readonly sessions: SessionService
  readonly search: SearchService
  readonly memory: Memory
  readonly learning: Learning
  readonly attachments: AttachmentService
  readonly workspaces: WorkspaceService
  readonly usage: UsageService
  readonly behavior: BehaviorService
  readonly permissions: PermissionService
  readonly access: AccessService
  readonly audit: AuditLog
  /** Told by the host of everyone who comes over the network. */
  readonly noteLogin: (login: Login) => void
  readonly web: WebService
  readonly mcp: McpService
  /** Who comes to Trestle as an MCP client. */
  readonly mcpVisitors: McpVisitors
  /** Resolves when it is known whether commands are confined; the first call begins to look. */
  readonly sandboxKnown: () => Promise<void>
  readonly work: WorkService
  readonly checkpoints: Checkpoints
  readonly uncommitted: UncommittedService
  readonly branches: BranchService
  readonly files: FileService
  readonly findInFiles: FindInFiles
  readonly terminals: TerminalService
  readonly tasks: Tasks
  readonly schedules: ScheduleService
  readonly scheduler: Scheduler
  readonly templates: AgentTemplates
  readonly children: Children
  readonly plans: Plans
  readonly workflows: Workflows
}

/** The services of core, in the order in which they build on each other. Throws AppError for an environment that makes no sense. */
export function createServices(given: RuntimePorts): Services {
  const { store, clock, newId, host } = given
  const events = createEventStream({ store, clock })
  const audit = createAuditLog({ ...given, onProblem: (text, traceId) => tellNotice({ store, events, clock, newId }, { level: 'error', text }, traceId) })
  const ports = { ...given, audit, secrets: withSecretAudit(given.secrets, { ...given, audit }) }
  const environment = parseEnvironment(ports.environment)
  const settings = createSettingsService({ store: store.settings, file: ports.settingsFile, events, environment, logger: ports.logger })
  const models = createModelRegistry({ ...ports, catalogue: store.catalogue, settings: settings.current, environment, lockSignal: () => work.lockSignal(), onKeyMoved: createTellKeyMoved({ ...ports, events }), onKeyKnown: () => tellModels(events, ports.newTraceId()) })
  const moments = createMoments(clock)
  const behavior = createBehaviorService({ store, events, clock: moments })
  const sandboxKnown = createFirstLook(ports.sandbox, ports.logger)
  const memory = createMemory({ ...ports, clock: moments, search: ports.memorySearch, events, settings: () => settings.current().memory, embedder: models.embedder, backups: async () => (await ports.profileFiles.look()).backups })
  const agentMemory = createAgentMemory({ memory, store, events, clock, settings: () => settings.current().memory })
  const work: WorkService = createWorkService({ store, events, clock, audit })
  const learnt = { ...ports, events, memory: agentMemory, models, settings: () => settings.current().learning }
  const learning = createLearning({ ...learnt, mayStart: (signal) => work.gate.pass(signal, ports.newTraceId()) })
  const answers = createAnswers({ store, events, clock, newId, audit, allowHosts: (...allowed) => permissions.allowHosts(...allowed), onDecided: (...decided) => { for (const part of [plans, workflows]) part.decide(...decided) } })
  const templates = createTemplates(settings.current)
  const folderSettings = createFolderSettings(ports)
  const agents = createProfiles({ store, templates, settings: settings.current, folderSettings })
  const web = createWebService({ settings: () => settings.current().web, secrets: ports.secrets, search: ports.webSearch })
  const tools = toolsByName([
    ...ports.tools, createFetchUrl(ports.web), createWebSearch(ports.webSearch, web.backend),
    createTaskProgress((sessionId, said) => noteProgress({ store, events, clock, newId }, sessionId, said)),
    createProposeBehavior(createProposals({ store, behavior, newTraceId: ports.newTraceId })), ...createMemoryTools(createMemoryToolkit(learnt)), ...createGraphTools(createGraphToolkit(learnt)),
    createDelegate({ delegate: (input, context) => children.delegate(input, context), templates: templates.list }),
    createProposePlan({
      check: (...args) => plans.check(...args), propose: (...args) => plans.propose(...args), waitForEnd: (context) => waitForPlan({ store, events }, context),
    }),
    ...taskTools({ store, events, newId, templates, profiles: agents, service: { createMany: (...args) => tasks.service.createMany(...args) } }),
    ...agentTools(ports, { events, audit, profiles: agents }, () => ({ workflows, tasks, runs, models, work })), createHandOver((sessionId, traceId) => handOver({ store, events, clock }, sessionId, traceId)),
  ])
  const mcp = createMcpService({ ...ports, events, clients: ports.mcpClients, assertUnlocked: () => work.gate.assertUnlocked() })
  const toolsFor = withServerTools(tools, mcp)
  const noteLogin = createLoginAudit(ports)
  const mcpVisitors = createMcpVisitors({ ...ports, events, settings, noteLogin })
  const attachments = createAttachmentService(ports)
  const access = createAccessService(ports)
  const permissions: PermissionService = createPermissionService({ store, events, audit, clock, newId, toolsFor, settings: settings.current, commands: ports.commands })
  const shared = { ...ports, folderSettings, permissionRules: permissions, attachments, resolveMessages: createResolveMessages(ports), alwaysLeaveOut: leaveOutIn(settings), events, settings: settings.current, models, answers, toolsFor, agents, templates, behavior, memory: agentMemory, learning, platform: host.platform }
  const dueTimes = createDueTimes()
  const taskPart = createTaskPart({
    store, clock, dueTimes,
    park: async (id, traceId) => void await tasks.service.move(id, 'backlog', undefined, { source: { by: 'person', sessionId: null, runId: null }, traceId }),
  })
  const checkpoints = createCheckpoints({ ...ports, events, parts: { memory: withBehavior(memory.part(moments.mark), { store, behavior }), tasks: taskPart }, settings: () => settings.current().checkpoints })
  const checkBudget = createCheckBudget({ store, clock, settings: settings.current })
  const runs = createRunManager({
    ...shared, checkBudget, gate: work.gate, checkpoints: checkpoints.turns, toolContexts: createToolContexts({ ...ports, sandboxKnown }), slots: createSlots(() => settings.current().maxConcurrentRuns, { clock, onLongWait: (waiting) => tellLongWait({ store, events, clock, newId }, waiting, ports.newTraceId()) }),
  })
  const children: Children = createChildren({ ...shared, profiles: agents, runs })
  const branches: BranchService = checkpoints.branches({
    removeSession: (sessionId, traceId) => sessions.remove(sessionId, traceId),
    closeTerminals: (workspaceId) => terminals.closeAll(workspaceId),
  })
  const sessions: SessionService = createSessionService({ ...shared, runs, ...removalFrom(branches, memory.ofSession) })
  const terminals = createTerminalService({ ...ports, processes: ports.terminalProcesses })
  const workspaces = createWorkspaceService({
    store, audit, folders: ports.folders, events, clock, newId, terminals: { closeAll: async (id) => void await Promise.all([terminals.closeAll(id), mcp.trustChanged(id)]) },
  })
  const files = createFileService({ ...ports, index: ports.folderIndex, git: ports.gitStatus, protect: checkpoints.protect })
  const findInFiles = createFindInFiles({
    ...ports,
    takeCheckpoint: (workspaceId, sessionId, name, traceId) => {
      const session = sessionId === undefined ? null : store.sessions.get(sessionId)
      const known = session?.workspaceId === workspaceId ? session : store.sessions.list({ workspaceId, archived: false, limit: 1 }).items[0]
      const place = known ?? sessions.create({ workspaceId, title: 'Search and replace' }, traceId)
      return checkpoints.service.create(place.id, { name: name.slice(0, 200), pinned: false }, traceId)
    },
  })
  const tasks: Tasks = createTasks({
    ...shared, runs, sessions, checkBudget, dueTimes, isPaused: () => work.current().pausedAt !== null, runSchedule: (id, origin) => schedules.runNow(id, origin),
    waitForPlans: () => sessionsThatWait(store),
  })
  const plans: Plans = createPlans({ ...shared, profiles: agents, tasks: tasks.service })
  const workflows: Workflows = createWorkflows({ ...shared, profiles: agents, sessions, tasks: tasks.service, actions: tasks.actions, runs })
  const schedules: ScheduleService = createScheduleService({ store, events, clock, dueTimes, tasks: tasks.service, preflight: tasks.preflight })
  const scheduler = createScheduler({ ...ports, events, dueTimes, tasks: tasks.service, timeZoneData: ports.timeZoneData ?? '' })
  return { audit, folderSettings, noteLogin, mcpVisitors, sandboxKnown, access, behavior, permissions, plans, workflows, templates, children, tasks, schedules, scheduler, events, settings, models, answers, runs, prompts: createPromptService({ store, events, runs }), sessions, search: createSearchService(ports), memory, learning, attachments, workspaces, work, checkpoints, uncommitted: checkpoints.uncommitted(ports.gitStatus), branches, files, findInFiles, terminals, usage: createUsageService({ store: store.usage, clock }), web, mcp }
}

/** Adds a folder to those in which what looks like a key is always left out. */
function leaveOutIn(settings: SettingsService): (folder: string, traceId: string) => void {
  return (folder, traceId) => {
    const { secrets } = settings.current()
    if (!secrets.leaveOutIn.includes(folder)) settings.update({ secrets: { ...secrets, leaveOutIn: [...secrets.leaveOutIn, folder] } }, traceId)
  }
}

function toolsByName(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  const byName = new Map(tools.map((tool) => [tool.name, tool]))
  if (byName.size !== tools.length) throw new Error('two tools have the same name')
  return byName
}

/** Those of Trestle and of the servers of a folder; the same map as long as nothing changes. */
function withServerTools(own: ReadonlyMap<string, Tool>, mcp: McpService): (workspaceId: string | null) => ReadonlyMap<string, Tool> {
  const merged = new WeakMap<ReadonlyMap<string, Tool>, ReadonlyMap<string, Tool>>()
  return (workspaceId) => {
    const others = mcp.toolsFor(workspaceId)
    if (others.size === 0) return own
    const known = merged.get(others) ?? new Map([...own, ...[...others].filter(([name]) => !own.has(name))])
    merged.set(others, known)
    return known
  }
}

/** What others keep of a session goes with it. */
function removalFrom(branches: BranchService, memory: Memory['ofSession']): Pick<SessionBinPorts, 'onRemoving' | 'onRemoved'> {
  return {
    onRemoving: (...session) => {
      branches.sessionRemoving(...session)
      memory.sessionRemoving(...session)
    },
    onRemoved: async (sessionId, traceId) => {
      await branches.sessionRemoved(sessionId, traceId)
      await memory.sessionRemoved(sessionId)
    },
  }
}
