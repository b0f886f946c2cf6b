import { expect, test } from 'vitest'
import { createManualClock } from '../../../../testing/manual-clock'
import { createTokenBuckets } from './rate-limiter'

test('a client that never stops is told to wait, and slows down no other', () => {
  const clock = createManualClock()
  const buckets = createTokenBuckets({ capacity: 3, perSecond: 1 }, clock)
  for (let call = 0; call < 3; call += 1) buckets.take('busy')
  expect(() => buckets.take('busy')).toThrow(expect.objectContaining({ code: 'RATE_LIMIT_ERROR', retryAfterMs: 1000 }))
  expect(() => buckets.take('other')).not.toThrow()
  clock.advance(1000)
  expect(() => buckets.take('busy')).not.toThrow()
  expect(() => buckets.take('busy')).toThrow()
})

test('more clients than are remembered take no more room', () => {
  const buckets = createTokenBuckets({ capacity: 1, perSecond: 1 }, createManualClock())
  for (let client = 0; client < 1000; client += 1) buckets.take(String(client))
  expect(() => buckets.take('999')).toThrow()
  expect(() => buckets.take('1')).not.toThrow()
})
