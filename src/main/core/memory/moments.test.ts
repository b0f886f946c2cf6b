import { expect, it } from 'vitest'
import { createManualClock } from '../../../testing/manual-clock'
import { createMoments } from './moments'

it('tells what was there before a mark from what comes after it within the same millisecond', () => {
  const clock = createManualClock()
  const moments = createMoments(clock)
  const before = moments.now()
  const mark = moments.mark()
  expect(before).toBe(mark)
  expect(moments.now()).toBeGreaterThan(mark)
  expect(moments.mark()).toBeGreaterThan(mark)
})
