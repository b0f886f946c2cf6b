import { expect, test } from 'vitest'
import { aCheckpoint } from '../../lib/testing/checkpoint-samples'
import { baseOf } from './use-base'

const list = [
  aCheckpoint('after 2', { kind: 'after_turn' }), aCheckpoint('before 2', { kind: 'before_turn' }),
  aCheckpoint('before 1', { kind: 'before_turn' }), aCheckpoint('pruned', { kind: 'before_turn', files: 'pruned' }),
]

test('the last turn is compared with how it was before it, the session with the oldest state that is kept', () => {
  expect(baseOf(list, 'turn')?.id).toBe('before 2')
  expect(baseOf(list, 'session')?.id).toBe('before 1')
  expect(baseOf([], 'turn')).toBeNull()
})
