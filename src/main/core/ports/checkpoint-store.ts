import type { Branch, Checkpoint } from '#contract/checkpoints'
import type { ChangeAuthor, Coverage } from '#contract/file-changes'
import type { StorageJob } from '#contract/storage'
import type { ApplyChange } from './snapshots'

/** A checkpoint with what only we need of it. */
export interface StoredCheckpoint extends Omit<Checkpoint, 'coverage'> {
  readonly coverage: Coverage
  readonly prompt: string | null
  /** The newest interval of the workspace when it was taken; 0 when there was none. */
  readonly interval: number
}

export type CheckpointPatch = Partial<Pick<StoredCheckpoint, 'title' | 'pinned' | 'changes' | 'files'>>

export interface CheckpointStore {
  insert(checkpoint: StoredCheckpoint): void
  get(id: string): StoredCheckpoint | null
  patch(id: string, patch: CheckpointPatch): void
  /** Children take its parent. */
  remove(id: string): void
  /** Newest first. */
  list(sessionId: string, query: { readonly cursor?: string | undefined; readonly limit: number }): { readonly items: readonly StoredCheckpoint[]; readonly nextCursor: string | null }
  listByRun(runId: string): StoredCheckpoint[]
  /** Newest first, over all sessions. */
  listPinned(query: { readonly cursor?: string | undefined; readonly limit: number }): { readonly items: readonly StoredCheckpoint[]; readonly nextCursor: string | null }
  /** All whose files are kept, newest first. */
  listKept(): Pick<StoredCheckpoint, 'id' | 'sessionId' | 'workspaceId' | 'treeId' | 'at' | 'pinned' | 'kind'>[]
  /** Where a session stands. */
  current(sessionId: string): string | null
  setCurrent(sessionId: string, checkpointId: string | null): void
}

/** Someone who could have changed files between two states. */
export interface IntervalAuthor extends Omit<ChangeAuthor, 'certain'> {
  /** What it said it would write; null: anything. */
  readonly paths: readonly string[] | null
}

/** From one state of a workspace to the next one. Together they are a workspace's history. */
export interface Interval {
  readonly position: number
  readonly workspaceId: string
  readonly fromTree: string | null
  readonly toTree: string
  readonly at: number
  /** Nobody of ours: a person, or another program. */
  readonly authors: readonly IntervalAuthor[]
  /** What changed; null when it was too much to list. */
  readonly paths: readonly string[] | null
}

export interface IntervalStore {
  append(interval: Omit<Interval, 'position'>): Interval
  newest(workspaceId: string): Interval | null
  /** Oldest first. */
  listAfter(workspaceId: string, position: number, until: number): Interval[]
  /** Oldest first: those that a run had a part in, among others or alone, which began at `since`. */
  listByRun(workspaceId: string, runId: string, since: number): Interval[]
  treesSince(at: number): string[]
  newestTrees(): string[]
  removeBefore(at: number): void
}

/** What a restore set out to do. It is on disk before the first file is touched, so that the next start can finish it. */
export interface StoredRestore {
  readonly id: string
  readonly sessionId: string
  readonly workspaceId: string | null
  readonly checkpointId: string | null
  readonly redoCheckpointId: string
  readonly state: 'applying' | 'completed' | 'rolled_back'
  readonly at: number
  readonly changes: readonly ApplyChange[]
  /** Null: the conversation stays. */
  readonly conversation: { readonly entryId: string | null } | null
  /** Parts with revisions that are restored too, and what of them. */
  readonly revisions: readonly { readonly part: 'memory' | 'tasks'; readonly ids: readonly string[] }[]
  /** Where the session stands when it is done. */
  readonly currentId: string
  readonly label: string
}

export interface RestoreStore {
  insert(restore: StoredRestore): void
  get(id: string): StoredRestore | null
  /** The changes are forgotten. */
  finish(id: string, state: 'completed' | 'rolled_back'): void
  listUnfinished(): StoredRestore[]
  listByCheckpoint(checkpointId: string): Pick<StoredRestore, 'id' | 'at' | 'redoCheckpointId'>[]
}

export interface BranchStore {
  insert(branch: Branch): void
  get(id: string): Branch | null
  /** Newest first. */
  listByOrigin(sessionId: string): Branch[]
  /** Those that were made from a session, and those that it is itself. Newest first. */
  listOf(sessionId: string): Branch[]
  list(): Branch[]
  setBroughtHome(id: string, at: number): void
  /** Another session is where it came from. */
  rehome(id: string, origin: Pick<Branch, 'originSessionId' | 'originHeadId' | 'checkpointId'>): void
  remove(id: string): void
}

export interface StorageJobStore {
  put(job: StorageJob): void
  /** The newest of each kind. */
  list(): StorageJob[]
}
