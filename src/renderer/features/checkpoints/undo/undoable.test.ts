import { expect, test } from 'vitest'
import type { Checkpoint } from '#contract/checkpoints'
import { aCheckpoint } from '../../../lib/testing/checkpoint-samples'
import { isTurnUndoable, standingUndo, undoableStep } from './undoable'

const before = aCheckpoint('a', { kind: 'before_turn', runId: 'r1' })
const after = aCheckpoint('b', { kind: 'after_turn', runId: 'r1' })
const command = aCheckpoint('c', { kind: 'before_command', runId: 'r1', callId: 'call', stepId: 'st' })

test('a turn can be undone once both its ends are known and kept', () => {
  expect([
    isTurnUndoable([after, before], 'r1'),
    isTurnUndoable([before], 'r1'),
    isTurnUndoable([after, before], 'r2'),
    isTurnUndoable([after, { ...before, files: 'pruned' }], 'r1'),
  ]).toEqual([true, false, false, false])
})

test('a command can be undone by the step of the checkpoint before it', () => {
  expect([
    undoableStep([command], 'r1', 'call'),
    undoableStep([command], 'r2', 'call'),
    undoableStep([command], 'r1', 'other'),
    undoableStep([{ ...command, files: 'pruned' }], 'r1', 'call'),
  ]).toEqual(['st', null, null, null])
})

const move = (id: string, over: Partial<NonNullable<Checkpoint['restore']>>) =>
  aCheckpoint(`before ${id}`, { kind: 'before_restore', restore: { id, checkpointId: null, undo: null, changes: 1, ...over } })
const undo = move('u', { undo: { runId: 'r1' } })

test('an undo stands until it is taken back, or a checkpoint is gone back to', () => {
  const standing = (...newer: readonly Checkpoint[]) => standingUndo([...newer, undo, after, before], { runId: 'r1' })?.id ?? null
  expect([
    standing(),
    standing(move('other', { undo: { runId: 'r2' } })),
    standing(move('redo', { undo: { restoreId: 'u' } })),
    standing(move('nothing', { undo: { restoreId: 'u' }, changes: 0 })),
    standing(move('back', { checkpointId: 'a' })),
    standing(move('again', { undo: { runId: 'r1' } }), move('redo', { undo: { restoreId: 'u' } })),
    standingUndo([undo], { stepId: 'st' }),
  ]).toEqual(['u', 'u', null, 'u', null, 'again', null])
})
