import type { RevisionDiff, RevisionItem } from '#contract/checkpoints'
import type { Emit } from '../events/event-stream'

/** Whose checkpoints they are. */
export interface PartScope {
  readonly sessionId: string
  readonly workspaceId: string | null
}

export interface PartRestore {
  readonly revision: number
  /** Those that are to go back, of what `plan` gave. */
  readonly ids: readonly string[]
  /** What the restore is called. */
  readonly label: string
  readonly traceId: string
}

/**
 * A part of a checkpoint that keeps its own history as revisions: memory, tasks. The feature that owns it gives one of
 * these; without it the part does not exist, and checkpoints have null for it.
 */
export interface RevisionPart {
  /** The newest revision. Called inside the transaction that records a checkpoint. */
  revision(scope: PartScope): number | null
  /** `to` null: as it is now. */
  diff(scope: PartScope, from: number, to: number | null): RevisionDiff
  /** What going back to a revision would change now, item by item. */
  plan(scope: PartScope, revision: number): readonly RevisionItem[]
  /** Sessions that work on these items; `stop` ends that. */
  sessionsAtWork(ids: readonly string[]): readonly string[]
  /** Called before a restore of these items begins. */
  stop(ids: readonly string[], traceId: string): Promise<void>
  /** Makes them as they were, by new revisions, and gives how many it changed. Called inside the transaction that ends a restore. */
  restore(scope: PartScope, restore: PartRestore, emit: Emit): number
}

export type RevisionPartName = 'memory' | 'tasks'
export type RevisionParts = Readonly<Record<RevisionPartName, RevisionPart | null>>
export const revisionPartNames = ['memory', 'tasks'] as const satisfies readonly RevisionPartName[]
