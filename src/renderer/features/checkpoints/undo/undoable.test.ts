import { expect, test } from 'vitest'
import { aCheckpoint } from '../../../lib/testing/checkpoint-samples'
import { newestOf } from '../branches/newest'
import { isTurnUndoable, undoableStep, undoneStates } from './undoable'

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

test('the newest kept checkpoint of a head stands for it, else one of its session', () => {
  const ofHead = (id: string, headId: string, files: 'kept' | 'pruned' = 'kept') => aCheckpoint(id, { files, conversation: { headId, entryId: null } })
  const items = [ofHead('z', 'h1', 'pruned'), ofHead('y', 'h2'), ofHead('x', 'h1')]
  expect([newestOf(items, 'h1'), newestOf(items, 'h3'), newestOf([], 'h1')]).toEqual(['x', 'y', null])
})

test('an undo is shown from after to before, a command against the checkpoint that follows it', () => {
  const items = [after, command, before]
  expect([
    undoneStates(items, { runId: 'r1' }),
    undoneStates(items, { stepId: 'st' }),
    undoneStates([command, before], { stepId: 'st' }),
    undoneStates(items, { runId: 'other' }),
  ]).toEqual([{ from: 'b', to: 'a' }, { from: 'b', to: 'c' }, null, null])
})
