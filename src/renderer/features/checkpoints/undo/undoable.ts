import type { Checkpoint, UndoTarget } from '#contract/checkpoints'

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

/** The undo of a turn or a command that stands: nobody has taken it back, or gone to a checkpoint, since. Items are newest first. */
export function standingUndo(items: readonly Checkpoint[], target: UndoTarget): NonNullable<Checkpoint['restore']> | null {
  const moves = items.flatMap(({ restore }) => (restore !== null && restore.changes > 0 ? [restore] : []))
  const at = moves.findIndex(({ undo }) => undo !== null && isSame(undo, target))
  const undone = moves[at]
  if (undone === undefined) return null
  const isOver = moves.slice(0, at).some(({ checkpointId, undo }) => checkpointId !== null || (undo !== null && isSame(undo, { restoreId: undone.id })))
  return isOver ? null : undone
}

function isSame(left: UndoTarget, right: UndoTarget): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
