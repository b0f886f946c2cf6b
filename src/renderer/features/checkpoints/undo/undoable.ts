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

/** Two states by the ids of their checkpoints. */
export interface States {
  readonly from: string
  readonly to: string
}

/** From after to before: what undoing a turn or a command takes back. Items are newest first; null when one end is not kept. */
export function undoneStates(items: readonly Checkpoint[], target: UndoTarget): States | null {
  const at = items.findIndex((item) => ('runId' in target ? item.kind === 'before_turn' && item.runId === target.runId : item.stepId === target.stepId))
  const before = items[at]
  const after = 'runId' in target ? items.find((item) => item.kind === 'after_turn' && item.runId === target.runId) : items[at - 1]
  return before?.files === 'kept' && after?.files === 'kept' ? { from: after.id, to: before.id } : null
}
