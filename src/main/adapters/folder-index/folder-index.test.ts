import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FolderChange } from '#contract/files'
import type { FolderIndex } from '#core/ports/folder-index'
import { createFolderIndex } from './folder-index'

let base: string
let root: string
let index: FolderIndex
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-index-')))
  root = join(base, 'work')
  mkdirSync(root)
  index = createFolderIndex()
})
afterEach(async () => {
  await index.close()
  rmSync(base, { recursive: true, force: true })
})

function put(...paths: readonly string[]) {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), path.endsWith('.gitignore') ? 'ignored/\n*.log\n' : 'text')
  }
}
const names = async (path = '') => (await index.list(root, path)).entries.map(({ name, kind, ignored }) => `${name}${kind === 'folder' ? '/' : kind === 'file' ? '' : ` ${kind}`}${ignored ? ' ignored' : ''}`)
const find = (query: string) => index.find(root, { query, mode: 'contains', limit: 100 })

/** Collects changes; `until` resolves with the first that fits, from all so far. */
function watchAll() {
  const seen: FolderChange[] = []
  const waiting = new Set<() => void>()
  const stop = index.watch(root, (change) => {
    seen.push(change)
    for (const look of waiting) look()
  })
  const until = (fits: (change: FolderChange) => boolean) => new Promise<FolderChange>((resolve) => {
    const look = () => {
      const found = seen.find(fits)
      if (found) resolve(found)
    }
    waiting.add(look)
    look()
  })
  return { seen, until, stop }
}
const listed = async () => {
  const watch = watchAll()
  await watch.until((change) => change.listed)
  return watch
}

test('folders come first, names in the order of people, and what is ignored says so', async () => {
  put('.gitignore', 'b.txt', 'a10.txt', 'a9.txt', 'src/x.ts', 'ignored/deep/y', 'z.log', '.hidden', '.git/config', '.trestle-0123456789abcdef.tmp')
  symlinkSync('/etc', join(root, 'link'))
  expect(await names()).toEqual(['ignored/ ignored', 'src/', '.gitignore', '.hidden', 'a9.txt', 'a10.txt', 'b.txt', 'link link', 'z.log ignored'])
  expect(await names('ignored')).toEqual(['deep/ ignored'])
  expect(await names('ignored/deep')).toEqual(['y ignored'])
})

test('links are never followed, and nothing outside can be listed', async () => {
  put('in/file')
  mkdirSync(join(base, 'outside'))
  writeFileSync(join(base, 'outside/secret'), '')
  symlinkSync(join(base, 'outside'), join(root, 'link'))
  for (const path of ['link', '..', '../outside', 'in/../..', '/etc', 'link/..', 'in\0']) await expect(index.list(root, path), path).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  await listed()
  expect((await find('secret')).items).toEqual([])
  // Swapped while it is known.
  await names('in')
  renameSync(join(root, 'in'), join(root, 'was'))
  symlinkSync(join(base, 'outside'), join(root, 'in'))
  expect(JSON.stringify(await index.list(root, 'in').catch(() => null))).not.toContain('secret')
})

test('tells everybody who begins to watch that all is listed, also when it was before', async () => {
  put('a.txt')
  await listed()
  await listed()
  await expect.poll(async () => (await find('a')).listed).toBe(true)
  await listed()
})

test('finds files that are not ignored, counts all, and says when it is still listing', async () => {
  put('.gitignore', 'src/app.ts', 'src/deep/app.test.ts', 'ignored/app.ts', 'app.log')
  await listed()
  expect(await find('app')).toMatchObject({ items: [{ path: 'src/app.ts', positions: [4, 5, 6] }, { path: 'src/deep/app.test.ts', positions: [9, 10, 11] }], matching: 2, total: 3, listed: true, truncated: false })
})

test('tells of new, changed, moved and removed files, at any depth, also in folders that have just come', async () => {
  put('a/one.txt')
  const { until } = await listed()
  put('a/b/c/two.txt')
  await until(({ folders }) => folders.includes('a'))
  await expect.poll(async () => (await find('two')).items.length).toBe(1)
  appendFileSync(join(root, 'a/b/c/two.txt'), 'more')
  await until(({ files }) => files.includes('a/b/c/two.txt'))
  put('a/b/c/three.txt')
  await until(({ folders }) => folders.includes('a/b/c'))
  renameSync(join(root, 'a/b'), join(root, 'moved'))
  await until(({ folders }) => folders.includes(''))
  await expect.poll(async () => (await find('three')).items.map(({ path }) => path)).toEqual(['moved/c/three.txt'])
  rmSync(join(root, 'moved'), { recursive: true })
  await expect.poll(async () => (await find('t')).items.map(({ path }) => path)).toEqual(['a/one.txt'])
})

test('a folder that is ignored is watched once it was opened', async () => {
  put('.gitignore', 'ignored/one')
  const { until } = await listed()
  expect(await names('ignored')).toEqual(['one ignored'])
  put('ignored/two')
  await until(({ folders }) => folders.includes('ignored'))
  expect(await names('ignored')).toEqual(['one ignored', 'two ignored'])
})

test('other rules are obeyed as soon as they are written', async () => {
  put('a.log', 'b.txt')
  const { until } = await listed()
  writeFileSync(join(root, '.gitignore'), '*.log')
  await until(({ reset, folders }) => reset || folders.includes(''))
  await expect.poll(() => names()).toEqual(['.gitignore', 'a.log ignored', 'b.txt'])
})

test('a flood ends in the true list', async () => {
  const { until } = await listed()
  execFileSync('/bin/sh', ['-c', 'for d in $(seq 1 20); do mkdir $d; for f in $(seq 1 1000); do : > $d/$f; done; done'], { cwd: root })
  await until(({ reset, folders }) => reset || folders.length > 0)
  await expect.poll(async () => (await find('')).total, { timeout: 15_000 }).toBe(20_000)
})

test('says that the folder is gone, and is up to date when it is back', async () => {
  put('one')
  const { until, seen } = await listed()
  renameSync(root, join(base, 'away'))
  await until(({ available }) => !available)
  await expect(index.list(root, '')).rejects.toMatchObject({ code: 'WORKSPACE_UNAVAILABLE' })
  writeFileSync(join(base, 'away/two'), '')
  seen.length = 0
  renameSync(join(base, 'away'), root)
  await until(({ available, reset }) => available && reset)
  expect(await names()).toEqual(['one', 'two'])
})

test('every name survives, whatever its bytes are', async () => {
  execFileSync('/bin/sh', ['-c', `printf x > "$(printf 'bad\\377')"; printf x > "$(printf 'line\\nbreak')"; printf x > 'ünï 🚢'`], { cwd: root })
  await listed()
  expect(await names()).toEqual(expect.arrayContaining(['bad\udcff', 'line\nbreak', 'ünï 🚢']))
  expect((await find('bad')).items).toEqual([{ path: 'bad\udcff', positions: [0, 1, 2] }])
})
