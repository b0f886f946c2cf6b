import { expect, it } from 'vitest'
import { createManualClock } from '../../../testing/manual-clock'
import { inSlices } from './in-slices'

it('ends a slice when its time is over, whatever its items take, and leaves none out', async () => {
  const clock = createManualClock()
  const slices: number[][] = []
  const took = [1, 1, 1, 9, 1, 1, 0, 0, 0, 0, 2, 2]
  await inSlices({ clock, store: { room: () => Promise.resolve() } }, took, (slice) => {
    const done: number[] = []
    for (const ms of slice) {
      clock.advance(ms)
      done.push(ms)
    }
    slices.push(done)
  })
  expect(slices).toEqual([[1, 1, 1], [9], [1, 1, 0, 0, 0, 0, 2], [2]])
})
