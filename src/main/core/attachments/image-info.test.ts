import { expect, it } from 'vitest'
import { imageInfo, imageTokens } from './image-info'

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
const onePixelPng = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

it('knows an image and its size by its first bytes', () => {
  expect(imageInfo(bytes(onePixelPng))).toEqual({ mimeType: 'image/png', width: 1, height: 1 })
  expect(imageInfo(bytes('R0lGODlhAgADAIAAAP///wAAACwAAAAAAgADAAACAoRRADs='))).toEqual({ mimeType: 'image/gif', width: 2, height: 3 })
  const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 20, 0, 30, 1, 1, 1, 1, 0])
  expect(imageInfo(jpeg)).toEqual({ mimeType: 'image/jpeg', width: 30, height: 20 })
  const webp = new Uint8Array(30)
  webp.set(Buffer.from('RIFF\u0000\u0000\u0000\u0000WEBPVP8X'), 0)
  webp.set([9, 0, 0, 4, 0, 0], 24)
  expect(imageInfo(webp)).toEqual({ mimeType: 'image/webp', width: 10, height: 5 })
})

it('takes nothing else for one, and survives what is cut off', () => {
  expect(imageInfo(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeNull()
  expect(imageInfo(new Uint8Array())).toBeNull()
  for (let length = 0; length < 40; length += 1) expect(() => imageInfo(bytes(onePixelPng).subarray(0, length))).not.toThrow()
  expect(imageInfo(new Uint8Array([0xff, 0xd8, 0xff]))).toBeNull()
  expect(imageInfo(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0]))).toMatchObject({ width: 0 })
})

it('estimates what an image takes', () => {
  expect(imageTokens({ width: 750, height: 100 })).toBe(104)
  expect(imageTokens({ width: 20_000, height: 20_000 })).toBe(1600)
  expect(imageTokens({ width: 0, height: 0 })).toBe(1600)
})
