import type { Usage } from '#contract/common'
import type { Prompt } from '#contract/conversation'
import type { Entry } from '#contract/entries'
import type { Answer, HumanRequest } from '#contract/human-requests'
import type { Model } from '#contract/models'
import type { PromptQueue } from '#contract/prompts'
import type { Run, RunState, Step } from '#contract/runs'
import type { Head, PatchSession, Session } from '#contract/sessions'
import type { Settings } from '#contract/settings'
import type { Notice } from '#contract/system'
import type { BinItem, Grant, Workspace } from '#contract/workspaces'
import type { AgentStore } from './agent-store'
import type { BranchStore, CheckpointStore, IntervalStore, RestoreStore, StorageJobStore } from './checkpoint-store'
import type { AnsweredRequestStore } from './answered-request-store'
import type { AuditStore } from './audit-store'
import type { AttachmentStore } from './attachment-store'
import type { BehaviorStore } from './behavior-store'
import type { EventLog } from './event-log'
import type { LabelledFileStore } from './flow-store'
import type { LearningStore } from './learning-store'
import type { McpStore } from './mcp-store'
import type { MemoryReviewStore, MemoryStore, MemoryVectorStore } from './memory-store'
import type { Page } from './page'
import type { AccessTokenStore } from './access-store'
import type { PermissionRuleStore } from './permission-store'
import type { PlanStore } from './plan-store'
import type { ProviderKeyStore } from './provider-key-store'
import type { ScheduleStore } from './schedule-store'
import type { TaskRevisionStore } from './task-revision-store'
import type { TaskNoteStore, TaskRunStore, TaskStore } from './task-store'
import type { UsageStore } from './usage-store'
import type { SearchStore } from './search-store'
import type { WorkflowStore } from './workflow-store'

/**
 * The one database of a profile. All calls are synchronous. Failures of the disk come as AppError
 * (`DISK_FULL`, `DATABASE_DAMAGED`); nothing of a failed transaction stays.
 */
export interface Store {
  /** One transaction, kept as `durability` says when it returns; on disk by default. A call inside another joins it. */
  transaction<T>(work: () => T, durability?: Durability): T
  /** Puts on disk what was left for later. */
  sync(): void
  /** For who writes much and can wait: resolves when the database has caught up with it, mostly at once. */
  room(): Promise<void>
  /** Takes the log over into the file and empties it. Resolves with false where somebody reads it for a longer time. Never inside a transaction. */
  emptyLog(): Promise<boolean>
  /** The same in a moment, then calls back. When it fails it does not: what comes next is to find out. */
  syncSoon(done: () => void): void
  /** Somebody waits for it: what was left for later starts on its way to the disk at once, beside the work. */
  hurry(): void
  readonly sessions: SessionStore
  readonly journal: JournalStore
  readonly runs: RunStore
  readonly steps: StepStore
  readonly requests: HumanRequestStore
  readonly agents: AgentStore
  readonly plans: PlanStore
  readonly workflows: WorkflowStore
  readonly grants: GrantStore
  readonly permissionRules: PermissionRuleStore
  readonly mcp: McpStore
  readonly accessTokens: AccessTokenStore
  readonly providerKeys: ProviderKeyStore
  readonly audit: AuditStore
  readonly prompts: PromptQueueStore
  readonly workspaces: WorkspaceStore
  readonly bin: BinStore
  readonly labelledFiles: LabelledFileStore
  readonly behavior: BehaviorStore
  readonly learning: LearningStore
  readonly settings: SettingsStore
  readonly catalogue: CatalogueStore
  readonly notices: NoticeStore
  readonly flags: FlagStore
  readonly checkpoints: CheckpointStore
  readonly intervals: IntervalStore
  readonly restores: RestoreStore
  readonly branches: BranchStore
  readonly storageJobs: StorageJobStore
  readonly schedules: ScheduleStore
  readonly search: SearchStore
  readonly usage: UsageStore
  readonly attachments: AttachmentStore
  readonly tasks: TaskStore
  readonly taskRuns: TaskRunStore
  readonly taskNotes: TaskNoteStore
  readonly taskRevisions: TaskRevisionStore
  readonly memory: MemoryStore
  readonly memoryVectors: MemoryVectorStore
  readonly memoryReviews: MemoryReviewStore
  readonly answeredRequests: AnsweredRequestStore
  readonly events: EventLog
}

/**
 * What a transaction survives from the moment it returns. `disk`: everything (synchronous FULL), and so does all before
 * it. `later`: the end of the process, but a loss of power only with the next transaction or `sync` that is on disk;
 * until then it may not be told to anybody, and no effect may rest on it.
 */
export type Durability = 'disk' | 'later'

export type { Page } from './page'

/** `status`, counts, heads and sums of a Session are derived or kept up to date by the store. */
export type NewSession = Pick<Session, 'id' | 'workspaceId' | 'title' | 'model' | 'mode' | 'createdAt'> & { readonly head: Head }

export interface SessionConditions extends Pick<Session, 'workspaceId' | 'model' | 'mode'> {
  /** Null without a folder. */
  readonly workspace: Pick<Workspace, 'name' | 'trusted'> | null
}

export interface SessionStore {
  insert(session: NewSession): void
  get(id: string): Session | null
  /** What its calls depend on, without what is costly to derive. */
  conditions(id: string): SessionConditions | null
  list(query: { workspaceId?: string | undefined; archived: boolean; deleted?: boolean | undefined; cursor?: string | undefined; limit: number }): Page<Session>
  patch(id: string, patch: Omit<PatchSession, 'id'> & { readonly updatedAt?: number; readonly deletedAt?: number | null }): void
  /** Of those that were put into the bin before `before`. */
  listDeletedBefore(before: number): string[]
  /** Adds to the sums of tokens and cost. */
  addUsage(id: string, usage: Usage, costUsd: number | null): void
  /** Removes the session with its entries, runs, steps, requests and grants. */
  remove(id: string): void
  insertHead(sessionId: string, head: Head): void
}

export type EntryOutline = Pick<Entry, 'id' | 'parentId' | 'at'> & { readonly kind: Entry['payload']['kind'] }

export interface JournalStore {
  /** Adds an entry and moves the head to it. Throws (a bug) when the head is not at `entry.parentId`. */
  append(entry: Entry, headId: string): void
  get(id: string): Entry | null
  /** The entry and its ancestors, oldest first. `limit` takes the newest ones. */
  path(fromEntryId: string, limit?: number): Entry[]
  /** The ids alone. */
  pathIds(fromEntryId: string): string[]
  /** The user messages of the path, oldest first, the newest 20,000, with the start of their text; and how many entries the path has. */
  prompts(fromEntryId: string): { readonly items: Prompt[]; readonly entries: number }
  /** What makes the tree of a session, in the order of writing. */
  outline(sessionId: string): EntryOutline[]
  /** All branches, in the order of writing; `after` 0 begins, `next` goes on. */
  listBySession(sessionId: string, after: number, limit: number): { readonly items: readonly Entry[]; readonly next: number | null }
}

export type NewRun = Pick<Run, 'id' | 'sessionId' | 'headId' | 'text' | 'attachments' | 'model' | 'mode' | 'createdAt'> & Partial<Pick<Run, 'promptTry' | 'joins'>>
export type RunPatch = Partial<Pick<Run, 'state' | 'entryId' | 'model' | 'mode' | 'text' | 'attachments' | 'order' | 'headId' | 'error' | 'startedAt' | 'endedAt' | 'joins' | 'joinedRunId'>>

export interface RunStore {
  /** In state `queued`. */
  insert(run: NewRun): void
  get(id: string): Run | null
  /** What it used so far. */
  spent(id: string): Pick<Run, 'steps' | 'usage' | 'costUsd'> | null
  patch(id: string, patch: RunPatch): void
  addUsage(id: string, usage: Usage, costUsd: number | null): void
  /** Oldest first. */
  listInStates(states: readonly RunState[], sessionId?: string): Run[]
  /** Newest first. */
  listBySession(sessionId: string, limit: number): Run[]
}

/** What is written before a step starts. `fingerprint` is what the tool needs to find out, after a crash, whether its effect happened. */
export interface StepIntent {
  readonly step: Pick<Step, 'id' | 'runId' | 'sessionId' | 'kind' | 'name' | 'purpose' | 'callId' | 'startedAt'>
  /** Whether the step may be done again when its outcome is not known. */
  readonly repeatable: boolean
  readonly fingerprint: unknown
}
export type StepResult = Pick<Step, 'state' | 'entryId' | 'endedAt' | 'usage' | 'costUsd' | 'error'>

export interface StepStore {
  /** Numbers the step within its run and returns it. */
  insert(intent: StepIntent): Step
  /** Written once: throws (a bug) when the step already has a result. */
  finish(id: string, result: StepResult): Step
  savePartialText(id: string, text: string): void
  get(id: string): Step | null
  listByRun(runId: string): Step[]
  /** Newest tool step of a call, with what its intent recorded. */
  findByCall(runId: string, callId: string): { readonly step: Step; readonly repeatable: boolean; readonly fingerprint: unknown } | null
  /** Steps whose result is missing. */
  listUnfinished(): Step[]
  /** Tool calls in the busiest minute of each of the newest runs in a folder that have ended. */
  busiestMinutes(workspaceId: string, limit: number): number[]
}

export interface HumanRequestStore {
  insert(request: HumanRequest): void
  get(id: string): HumanRequest | null
  /** Newest request of that kind about a call. */
  findByCall(runId: string, callId: string, kind: HumanRequest['kind']): HumanRequest | null
  list(query: { status?: HumanRequest['status'] | undefined; sessionId?: string | undefined; cursor?: string | undefined; limit: number }): Page<HumanRequest>
  /** Returns false when the request was not open any more. */
  close(id: string, status: 'answered' | 'cancelled', answer: Answer | null, at: number): boolean
  listOpenByRun(runId: string): HumanRequest[]
  /** Open ones that were asked before `before` and are not parked, oldest first. */
  listToPark(before: number, limit: number): HumanRequest[]
  park(id: string, at: number): void
}

export interface PromptQueueStore {
  /** As it is without one: stopped, and it stops at a failure. */
  get(sessionId: string): PromptQueue
  put(queue: PromptQueue): void
}

export interface GrantStore {
  insert(grant: Grant): void
  /** What applies to a session at `now`: its own and its workspace's. */
  listFor(sessionId: string, workspaceId: string | null, now: number): Grant[]
  listByWorkspace(workspaceId: string, now: number): Grant[]
  /** Those that have expired are of no use any more. */
  removeExpired(now: number): void
  /** Returns false when there was none. */
  remove(id: string): boolean
  /** Of tools whose names begin so, in all sessions and folders. */
  removeForTools(prefix: string): void
}

export type StoredWorkspace = Omit<Workspace, 'available'>
export interface WorkspaceStore {
  insert(workspace: StoredWorkspace): void
  get(id: string): StoredWorkspace | null
  findByPath(path: string): StoredWorkspace | null
  list(): StoredWorkspace[]
  patch(id: string, patch: { trusted?: boolean; lastOpenedAt?: number; name?: string }): void
  /** Throws AppError CONFLICT when it still has sessions. */
  remove(id: string): void
}

export interface BinStore {
  insert(item: BinItem): void
  get(id: string): BinItem | null
  list(workspaceId: string): BinItem[]
  remove(id: string): void
}

export interface SettingsStore {
  /** The settings that were good last, with defaults for what is missing. */
  get(): Settings
  put(settings: Settings): void
}

/** Models as the providers last listed them. */
export interface CatalogueStore {
  get(provider: string): readonly Model[] | null
  put(provider: string, models: readonly Model[], at: number): void
}

/** Single facts about the profile that outlive a restart. */
export interface FlagStore {
  get(name: string): string | null
  put(name: string, value: string): void
  remove(name: string): void
}

export interface NoticeStore {
  insert(notice: Notice, at: number): void
  list(): Notice[]
  remove(id: string): void
}
