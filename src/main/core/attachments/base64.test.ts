import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromBase64, toBase64 } from './base64'

it('is what Node says it is, both ways', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    const text = Buffer.from(bytes).toString('base64')
    expect(toBase64(bytes)).toBe(text)
    expect([...fromBase64(text)]).toEqual([...bytes])
  }))
  const large = new Uint8Array(100_003).map((_byte, index) => (index * 31) % 256)
  expect(toBase64(large)).toBe(Buffer.from(large).toString('base64'))
  expect(Buffer.from(fromBase64(toBase64(large))).equals(Buffer.from(large))).toBe(true)
})
