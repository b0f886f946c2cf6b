import type { CheckpointSettings } from '#contract/settings'
import type { Coverage, FileState } from '#contract/file-changes'

/**
 * States of folders, kept by content in the profile: what is the same is kept once, over all states, sessions and
 * workspaces. Works off the caller's thread. A state is named by its `treeId`.
 *
 * Failures are AppError: `WORKSPACE_UNAVAILABLE` (the folder is gone), `CONTENT_DAMAGED` (data.hash), `DISK_FULL`.
 */
export interface Snapshots {
  /** The tree id of an empty folder. */
  readonly emptyTreeId: string
  /** The files as they are, on disk in the store when it resolves. Calls for one folder queue up. */
  take(root: string, limits: SnapshotLimits): Promise<Snapshot>
  /**
   * Called before something of ours writes these paths while a `take` may still be reading: that one then has what was
   * there before. Returns at once when nothing is being read.
   */
  protect(root: string, paths: readonly string[]): Promise<void>
  /** Every path that differs, folders included, sorted; at most `limit`. */
  diff(from: string, to: string, limit: number): Promise<TreeDiff>
  /** What a state has at a path; null when nothing. */
  stateAt(treeId: string, path: string): Promise<FileState | null>
  /** Content by its hash; null when it is longer than `maxBytes`. */
  read(hash: string, maxBytes: number): Promise<Uint8Array | null>
  /** Keeps content of our own making, for `apply`. Gives its hash. */
  store(bytes: Uint8Array): Promise<string>
  /**
   * Changes files, each in one step and only where `before` is what is there; where `after` is there already, it is
   * done. Safe to call again after a crash with the same arguments.
   */
  apply(root: string, id: string, changes: readonly ApplyChange[], onProgress: (done: number) => void): Promise<{ readonly failed: readonly { readonly path: string; readonly reason: string }[] }>
  /** Writes a state into a folder that does not exist yet. Paths whose content is damaged are left out and named. */
  materialise(treeId: string, folder: string): Promise<{ readonly damaged: readonly string[] }>
  /** Removes a folder that `materialise` made. */
  discard(folder: string): Promise<void>
  /** Stops watching a folder and forgets what was known of it; its states stay. */
  forget(root: string): Promise<void>
  /** Which of these hashes cannot be read. */
  findDamaged(hashes: readonly string[]): Promise<readonly string[]>
  usage(roots: readonly StoreRoot[]): Promise<StoreUsage>
  /** Removes all that no tree in `keep` needs, and nothing else: trees taken while the call is on its way stay too. */
  prune(keep: readonly string[], onProgress: Progress): Promise<{ readonly freedBytes: number }>
  compact(onProgress: Progress): Promise<{ readonly freedBytes: number }>
  /** Reads everything. Damaged content is forgotten, so that it is stored anew where it is seen again. */
  verify(roots: readonly StoreRoot[], onProgress: Progress): Promise<readonly DamagedContent[]>
  close(): Promise<void>
}

export type Progress = (done: number, total: number) => void

export interface SnapshotLimits {
  readonly maxFileBytes: number
  readonly maxFiles: number
}

export interface Snapshot {
  readonly treeId: string
  readonly coverage: Omit<Coverage, 'commands'>
  /** Compressed. */
  readonly storedBytes: number
}

export interface TreeChange {
  readonly path: string
  readonly before: FileState | null
  readonly after: FileState | null
}

export interface TreeDiff {
  readonly changes: readonly TreeChange[]
  readonly total: number
  /** Folders whose list of names is damaged; what is below them is not in `changes`. */
  readonly damaged: readonly string[]
}

export type ApplyChange = TreeChange

/** A state that something keeps: for sums by workspace and age. */
export interface StoreRoot {
  readonly treeId: string
  readonly checkpointId: string
  readonly workspaceId: string | null
  readonly age: 'day' | 'week' | 'month' | 'older'
  /** Whether pruning now would let it go. */
  readonly prunable: boolean
}

export interface StoreUsage {
  readonly bytes: number
  readonly slackBytes: number
  readonly objects: number
  readonly prunableBytes: number
  readonly workspaces: readonly { readonly workspaceId: string | null; readonly bytes: number; readonly sharedBytes: number }[]
  readonly ages: Readonly<Record<StoreRoot['age'], number>>
}

export interface DamagedContent {
  readonly hash: string
  readonly path: string | null
  readonly checkpointIds: readonly string[]
}

export function limitsOf(settings: Pick<CheckpointSettings, 'maxFileMegabytes' | 'maxFiles'>): SnapshotLimits {
  return { maxFileBytes: settings.maxFileMegabytes * 1024 * 1024, maxFiles: settings.maxFiles }
}
