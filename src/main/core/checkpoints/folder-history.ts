import type { Coverage } from '#contract/file-changes'
import type { WrittenFile } from '../flow/files-written'
import { limitsOf, type Snapshot } from '../ports/snapshots'
import type { Interval, IntervalAuthor } from '../ports/checkpoint-store'
import type { CheckpointPorts } from './ports'

/** More than so many changed paths are not listed one by one; who changed them is then asked of the whole interval. */
const MOST_PATHS = 5000

/** A state of a workspace's files. */
export interface Look {
  readonly treeId: string
  readonly coverage: Omit<Coverage, 'commands'>
  readonly storedBytes: number
  /** Of the newest interval that led here. */
  readonly interval: number
}

export interface FolderHistory {
  /** The files as they are. What changed since the last look becomes an interval with everyone who was at work meanwhile. */
  look(workspaceId: string): Promise<Look>
  /** Files whose content is another one since; null: too many, or it cannot be read. */
  writtenSince(from: Look, to: Look): Promise<readonly WrittenFile[] | null>
  /** Someone of ours may write from now on; the result says that it has ended. */
  begin(workspaceId: string, author: IntervalAuthor): () => void
  /** Before a path is written while the first look may not be through. */
  protect(workspaceId: string, paths: readonly string[]): Promise<void>
  /** Resolves when no look is on its way. */
  idle(): Promise<void>
}

interface Activity {
  readonly author: IntervalAuthor
  ended: boolean
}

export function createFolderHistory({ store, snapshots, clock, settings }: Pick<CheckpointPorts, 'store' | 'snapshots' | 'clock' | 'settings'>): FolderHistory {
  const activities = new Map<string, Set<Activity>>()
  const queues = new Map<string, Promise<unknown>>()

  const look = async (workspaceId: string): Promise<Look> => {
    const root = store.workspaces.get(workspaceId)?.path ?? ''
    const active = activities.get(workspaceId) ?? new Set()
    const endedBefore = [...active].filter(({ ended }) => ended)
    const snapshot = await snapshots.take(root, limitsOf(settings()))
    const interval = await record(workspaceId, snapshot, [...active].map(({ author }) => author))
    for (const activity of endedBefore) active.delete(activity)
    return { treeId: snapshot.treeId, coverage: snapshot.coverage, storedBytes: snapshot.storedBytes, interval: interval?.position ?? 0 }
  }
  const record = async (workspaceId: string, { treeId }: Snapshot, authors: readonly IntervalAuthor[]): Promise<Interval | null> => {
    const last = store.intervals.newest(workspaceId)
    if (last?.toTree === treeId) return last
    const paths = last ? await changedPaths(last.toTree, treeId) : []
    return store.transaction(() => store.intervals.append({ workspaceId, fromTree: last?.toTree ?? null, toTree: treeId, at: clock.now(), authors: last ? authors : [], paths }))
  }
  const changedPaths = async (from: string, to: string): Promise<string[] | null> => {
    const { changes, total, damaged } = await snapshots.diff(from, to, MOST_PATHS)
    return total > MOST_PATHS || damaged.length > 0 ? null : changes.map(({ path }) => path)
  }

  return {
    look: (workspaceId) => {
      const before = queues.get(workspaceId) ?? Promise.resolve()
      const result = before.then(() => look(workspaceId))
      const settled = result.then(() => undefined, () => undefined)
      queues.set(workspaceId, settled)
      void settled.then(() => { if (queues.get(workspaceId) === settled) queues.delete(workspaceId) })
      return result
    },
    writtenSince: async (from, to) => {
      const { changes, total, damaged } = await snapshots.diff(from.treeId, to.treeId, MOST_PATHS)
      if (total > MOST_PATHS || damaged.length > 0) return null
      return changes.flatMap(({ path, before, after }): WrittenFile[] => (after?.kind === 'file' && after.hash !== null && after.hash !== before?.hash ? [{ path, hash: after.hash, before: before?.hash ?? null }] : []))
    },
    begin: (workspaceId, author) => {
      const activity: Activity = { author, ended: false }
      const active = activities.get(workspaceId) ?? new Set()
      active.add(activity)
      activities.set(workspaceId, active)
      return () => { activity.ended = true }
    },
    protect: async (workspaceId, paths) => {
      const root = store.workspaces.get(workspaceId)?.path
      if (root !== undefined) await snapshots.protect(root, paths)
    },
    idle: async () => { await Promise.all(queues.values()) },
  }
}
