import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createArtifactStore } from './artifact-store'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trestle-artifacts-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('pages put together are what was written, whole characters each, also after a restart', async () => {
  const writer = createArtifactStore({ folder }).create('session-1', 'a')
  const text = 'aé€😀\n'.repeat(1_000)
  for (const part of text.split('\n')) writer.write(`${part}\n`)
  const { bytes } = await writer.close()
  expect(bytes).toBe(Buffer.byteLength(`${text}\n`))
  const store = createArtifactStore({ folder })
  let read = ''
  for (let offset: number | null = 0; offset !== null; ) {
    const page: { text: string; bytes: number; nextOffset: number | null } = await store.read('a', offset, 997)
    expect([page.bytes, page.text.includes('\uFFFD')]).toEqual([bytes, false])
    read += page.text
    offset = page.nextOffset
  }
  expect(read).toBe(`${text}\n`)
})

test('a page from inside a character starts with the next one; beyond the end there is nothing', async () => {
  const store = createArtifactStore({ folder })
  const writer = store.create('s', 'a')
  writer.write('😀b')
  await writer.close()
  expect(await store.read('a', 1, 1)).toEqual({ text: 'b', bytes: 5, nextOffset: null })
  expect(await store.read('a', 0, 1)).toEqual({ text: '😀', bytes: 5, nextOffset: 4 })
  expect(await store.read('a', 99, 10)).toEqual({ text: '', bytes: 5, nextOffset: null })
})

test('what is beyond the cap is left out', async () => {
  const store = createArtifactStore({ folder, maxBytes: 10 })
  const writer = store.create('s', 'a')
  for (const part of ['12345678', '€€', 'more']) writer.write(part)
  expect(await writer.close()).toEqual({ bytes: 8 })
  expect((await store.read('a', 0, 100)).text).toBe('12345678')
})

test('discarded outputs and those of a removed session are gone', async () => {
  const store = createArtifactStore({ folder })
  const dropped = store.create('one', 'a')
  dropped.write('x'.repeat(1_000_000))
  await dropped.discard()
  const kept = store.create('one', 'b')
  await kept.close()
  expect(await readdir(join(folder, 'one'))).toEqual(['b.txt'])
  await store.removeSession('one')
  await store.removeSession('..')
  expect(await readdir(folder)).toEqual([])
  await expect(store.read('b', 0, 10)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
})

test('ids cannot lead elsewhere', async () => {
  const store = createArtifactStore({ folder: join(folder, 'in') })
  await writeFile(join(folder, 'secret.txt'), 'secret')
  for (const id of ['../secret', '..', '', 'a/b', 'a.b', 'x\0']) {
    await expect(store.read(id, 0, 10)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    expect(() => store.create('s', id)).toThrow('needs ids')
    expect(() => store.create(id, 'a')).toThrow('needs ids')
  }
})

test('a disk that cannot take it is told when the writer closes', async () => {
  const path = join(folder, 'file')
  await writeFile(path, '')
  const blocked = createArtifactStore({ folder: path }).create('s', 'a')
  blocked.write('x')
  await expect(blocked.close()).rejects.toMatchObject({ name: 'AppError' })
  const store = createArtifactStore({ folder })
  await store.create('s', 'a').close()
  await expect(store.create('s', 'a').close()).rejects.toMatchObject({ code: 'CONFLICT' })
})
