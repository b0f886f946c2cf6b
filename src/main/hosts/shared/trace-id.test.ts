import { describe, expect, it } from 'vitest'
import { newTraceId, traceIdFrom } from './trace-id'

const id = '0af7651916cd43dd8448eb211c80319c'

describe('a trace', () => {
  it('goes on with that of the caller', () => {
    expect([`00-${id}-b7ad6b7169203331-01`, `01-${id}-b7ad6b7169203331-00-later`].map(traceIdFrom)).toEqual([id, id])
  })

  it.each([undefined, '', 'junk', `00-${id}`, `00-${id.toUpperCase()}-b7ad6b7169203331-01`, `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, `ff-${id}-b7ad6b7169203331-01`, `00-${id}x-b7ad6b7169203331-01`, `x00-${id}-b7ad6b7169203331-01`])(
    'begins anew for %s', (header) => {
      const trace = traceIdFrom(header)
      expect(trace).toMatch(/^[\da-f]{32}$/)
      expect(trace).not.toBe(id)
    })

  it('has an id of its own each time', () => {
    expect(newTraceId()).not.toBe(newTraceId())
  })
})
