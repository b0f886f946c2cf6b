import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createBlobStore } from './blob-store'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'trestle-blobs-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const bytes = new TextEncoder().encode('content')

it('keeps the same content once, and gives it back until it is removed', async () => {
  const blobs = createBlobStore({ folder: join(folder, 'deep') })
  const [first, second] = await Promise.all([blobs.put(bytes), blobs.put(bytes)])
  expect(first).toBe(second)
  expect(readdirSync(join(folder, 'deep', first.slice(0, 2)))).toEqual([first])
  expect(Buffer.from(await blobs.read(first) ?? []).toString()).toBe('content')
  await blobs.remove(first)
  await blobs.remove(first)
  expect(await blobs.read(first)).toBeNull()
})

it('gives nothing that is not what it was, and takes no path for a hash', async () => {
  const blobs = createBlobStore({ folder })
  const hash = await blobs.put(bytes)
  writeFileSync(join(folder, hash.slice(0, 2), hash), 'c0ntent')
  expect(await blobs.read(hash)).toBeNull()
  writeFileSync(join(folder, 'secret'), 'x')
  expect(await blobs.read('../secret')).toBeNull()
  await blobs.remove('../secret')
  expect(readdirSync(folder)).toContain('secret')
})

it('says that nothing could be kept where the folder cannot be written to', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(createBlobStore({ folder: join(folder, 'file') }).put(bytes)).rejects.toThrow()
})
