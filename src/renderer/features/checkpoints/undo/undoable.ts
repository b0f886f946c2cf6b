import type { Checkpoint } from '#contract/checkpoints'

/** A turn that changed nothing leaves no checkpoint after it, and is not offered. */
export function isTurnUndoable(items: readonly Checkpoint[], runId: string): boolean {
  const before = items.find((item) => item.runId === runId && item.kind === 'before_turn')
  return before?.files === 'kept' && items.some((item) => item.runId === runId && item.kind === 'after_turn' && item.files === 'kept')
}

/** The step of a command that changed something; null when there is nothing to undo. */
export function undoableStep(items: readonly Checkpoint[], runId: string, callId: string): string | null {
  const before = items.find((item) => item.kind === 'before_command' && item.runId === runId && item.callId === callId)
  return before?.files === 'kept' ? before.stepId : null
}
