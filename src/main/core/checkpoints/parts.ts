import type { CheckpointDiff } from '#contract/checkpoints'

/**
 * A part of a checkpoint that keeps its own history as revisions: memory, tasks. The feature that owns it gives one of
 * these; without it the part does not exist, and checkpoints have null for it.
 */
export interface RevisionPart {
  /** The newest revision of what belongs to a workspace. Called inside the transaction that records a checkpoint. */
  revision(workspaceId: string | null): number | null
  /** `to` null: as it is now. */
  diff(workspaceId: string | null, from: number, to: number | null): NonNullable<CheckpointDiff['memory']>
  /** Makes it as it was, by new revisions. Called inside the transaction that ends a restore. */
  restore(workspaceId: string | null, revision: number): void
}

export interface RevisionParts {
  readonly memory: RevisionPart | null
  readonly tasks: RevisionPart | null
}

export const noRevisionParts: RevisionParts = { memory: null, tasks: null }
