import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTextSearch } from './text-search'

let root: string
const text = createTextSearch()
const never = new AbortController().signal

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'trestle-search-')))
  await put({
    '.gitignore': 'node_modules\n*.log\n',
    'src/app.ts': 'const needle = 1\r\nother\n',
    'src/deep/util.test.ts': 'needle\nneedle\n',
    'node_modules/lib/index.ts': 'needle',
    'debug.log': 'needle',
    '.hidden/conf.ts': 'needle',
    '.git/config.ts': 'needle',
    '.trestle-0123456789abcdef.tmp': 'needle',
    'with space & "quotes".txt': 'needle',
  })
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function put(files: Record<string, string>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
}

const search = (pattern: string, path: string | null = null, limit = 100) => text.search(root, { pattern, path, limit }, never)

test('globs match paths, names at any depth without a slash, hidden files, and nothing that is ignored', async () => {
  expect(await text.glob(root, '**/*.ts', 100, never)).toEqual({ paths: ['.hidden/conf.ts', 'src/app.ts', 'src/deep/util.test.ts'], truncated: false })
  expect((await text.glob(root, '*.ts', 100, never)).paths).toEqual(['.hidden/conf.ts', 'src/app.ts', 'src/deep/util.test.ts'])
  expect((await text.glob(root, './src/*.{ts,js}', 100, never)).paths).toEqual(['src/app.ts'])
  expect(await text.glob(root, '**', 2, never)).toEqual({ paths: ['.gitignore', '.hidden/conf.ts'], truncated: true })
  expect(await text.glob(root, '**/*.nothing', 2, never)).toEqual({ paths: [], truncated: false })
})

test('lines come as path, number and text in the order of paths, and say when there are more', async () => {
  expect(await search('needle')).toEqual({
    lines: ['.hidden/conf.ts:1:needle', 'src/app.ts:1:const needle = 1', 'src/deep/util.test.ts:1:needle', 'src/deep/util.test.ts:2:needle', 'with space & "quotes".txt:1:needle'],
    truncated: false,
  })
  expect(await search('needle', 'src', 2)).toEqual({ lines: ['src/app.ts:1:const needle = 1', 'src/deep/util.test.ts:1:needle'], truncated: true })
  expect((await search('^const\\s+\\w+', 'src/app.ts')).lines).toEqual(['src/app.ts:1:const needle = 1'])
})

test('patterns and paths are arguments, never options', async () => {
  await put({ '--files': 'dash --version', '-x/y.txt': 'dash --version' })
  expect((await search('--version', '--files')).lines).toEqual(['--files:1:dash --version'])
  expect((await search('--version', '-x')).lines).toEqual(['-x/y.txt:1:dash --version'])
})

test('a bad pattern is refused in one line', async () => {
  await expect(search('(unclosed')).rejects.toMatchObject({ code: 'INVALID_PARAMETERS', message: 'Bad pattern: regex parse error: unclosed group' })
})

test('links are not followed, neither inside nor when they are named', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'trestle-outside-'))
  await writeFile(join(outside, 'secret.txt'), 'needle secret')
  await symlink(outside, join(root, 'link'))
  expect((await search('secret')).lines).toEqual([])
  await expect(search('secret', 'link')).rejects.toMatchObject({ code: 'PATH_OUTSIDE_WORKSPACE' })
  await expect(search('x', 'missing')).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  await rm(outside, { recursive: true })
})

test('long lines are cut and binary files are not shown', async () => {
  await put({ 'long.txt': `needle${'x'.repeat(1_000_000)}`, 'binary.dat': 'needle\0needle' })
  expect((await search('needle', 'long.txt')).lines.map((line) => line.length)).toEqual([500])
  expect((await search('needle', 'binary.dat')).lines).toEqual([])
})

test('cancelling ends it with the reason of the signal', async () => {
  const reason = new Error('stop')
  await expect(text.search(root, { pattern: 'x', path: null, limit: 1 }, AbortSignal.abort(reason))).rejects.toBe(reason)
  const controller = new AbortController()
  const running = text.glob(root, '**', 100, controller.signal)
  controller.abort(reason)
  await expect(running).rejects.toBe(reason)
})

test('ignore files above a folder that is in no repository do not count', async () => {
  await put({ 'plain/.gitignore': '*', 'plain/work/a.txt': 'needle' })
  await rm(join(root, '.git'), { recursive: true })
  expect((await text.glob(join(root, 'plain/work'), '**', 10, never)).paths).toEqual(['a.txt'])
  await mkdir(join(root, 'plain/.git'))
  expect((await text.glob(join(root, 'plain/work'), '**', 10, never)).paths).toEqual([])
})
