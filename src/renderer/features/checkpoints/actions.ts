import type { Checkpoint } from '#contract/checkpoints'
import type { RestoreSource } from './restore/source'

/** What the timeline asks of the window around it. */
export interface CheckpointActions {
  /** Shows what is different; `to` is a checkpoint or `now`. */
  readonly onCompare: (from: string, to: string) => void
  readonly onRestore: (source: RestoreSource) => void
  readonly onBranch: (checkpoint: Checkpoint) => void
  readonly onSave: () => void
  readonly onCompareBranches: (branchId: string, other: string) => void
  readonly onOpenSession: (sessionId: string) => void
}
