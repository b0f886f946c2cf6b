import type { Checkpoint } from '#contract/checkpoints'
import type { RestoreSource } from './restore/source'

/** Of whatever of ours changed a file. Without a step: the whole turn. */
export interface StepPlace {
  readonly sessionId: string
  readonly runId: string
  readonly stepId: string | null
}

/** What the timeline asks of the window around it. */
export interface CheckpointActions {
  /** Shows what is different; `to` is a checkpoint or `now`. */
  readonly onCompare: (from: string, to: string) => void
  readonly onRestore: (source: RestoreSource) => void
  readonly onBranch: (checkpoint: Checkpoint) => void
  readonly onSave: () => void
  readonly onCompareBranches: (branchId: string, other: string) => void
  readonly onOpenSession: (sessionId: string) => void
  /** Shows what an agent did where it did it. */
  readonly onOpenStep: (step: StepPlace) => void
}
