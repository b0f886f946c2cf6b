import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isAppError } from '#core/errors'
import type { WorkspaceFolder } from '#core/ports/workspace-files'
import { canReachByHandle } from './files/directory'
import { parsePath } from './files/path-rules'
import { createFolders } from './folders'

let base: string
let root: string
let outside: string

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'trestle-confine-')))
  root = join(base, 'work')
  outside = join(base, 'outside')
  await mkdir(join(root, 'sub/deep'), { recursive: true })
  await mkdir(join(base, 'work-sibling'))
  await mkdir(outside)
  await writeFile(join(root, 'in.txt'), 'inside')
  await writeFile(join(root, 'sub/in.txt'), 'inside too')
  await writeFile(join(outside, 'secret.txt'), 'secret')
  await writeFile(join(base, 'work-sibling/secret.txt'), 'secret')
  await symlink(join(outside, 'secret.txt'), join(root, 'file-link'))
  await symlink(outside, join(root, 'folder-link'))
  await symlink('../outside', join(root, 'relative-link'))
  await symlink(join(outside, 'nothing'), join(root, 'dangling'))
  await symlink(join(root, 'folder-link/nothing/deeper'), join(root, 'dangling-by-link'))
  await symlink('loop-b', join(root, 'loop-a'))
  await symlink('loop-a', join(root, 'loop-b'))
  await symlink(join(outside, '../work/folder-link'), join(root, 'link-to-link'))
})
afterEach(() => rm(base, { recursive: true, force: true }))

const hostile = [
  '..', '../', '../outside/secret.txt', 'sub/../../outside/secret.txt', './../outside/secret.txt', 'sub/deep/../../../outside/secret.txt',
  '..\\outside\\secret.txt', 'sub\\..\\..\\outside\\secret.txt', '/etc/passwd', '/', '//etc/passwd', '/proc/self/environ', '/dev/zero',
  '~', '~/secret', 'file:///etc/passwd', 'in.txt\0', '\0', 'sub/\0/../../outside/secret.txt',
  'file-link', 'folder-link', 'folder-link/secret.txt', 'folder-link/new.txt', 'folder-link/a/b/new.txt', 'relative-link/secret.txt', 'relative-link/new.txt',
  'dangling', 'dangling/x', 'dangling-by-link', 'loop-a', 'loop-a/x', 'link-to-link/secret.txt', 'sub/../folder-link/secret.txt',
]

describe.each([['through handles', canReachByHandle], ['by paths', false]])('%s', (_name, byHandle) => {
  let folder: WorkspaceFolder
  beforeEach(async () => {
    folder = await createFolders({ binFolder: join(base, 'bin'), tracesFolder: join(base, 'traces'), byHandle }).open(root)
  })

  const operations: [string, (path: string) => Promise<unknown>][] = [
    ['resolve', (path) => folder.resolve(path)],
    ['readText', (path) => folder.readText(path, 1_000)],
    ['readLines', (path) => folder.readLines(path, 1, 10, 1_000)],
    ['writeText', (path) => folder.writeText(path, 'written', null)],
    ['move from', (path) => folder.move(path, 'sub/moved')],
    ['move to', (path) => folder.move('in.txt', path)],
    ['list', (path) => folder.list(path, 10)],
    ['hash', (path) => folder.hash(path)],
    ['moveToBin', (path) => folder.moveToBin(path, 'bin-1')],
    ['restoreFromBin', (path) => folder.restoreFromBin('kept', path)],
  ]

  test.each(operations)('%s refuses every path that leads outside, and changes nothing', async (_operation, run) => {
    await folder.moveToBin('sub/in.txt', 'kept')
    const before = await tree(base)
    const results: Record<string, string> = {}
    for (const path of [...hostile, join(outside, 'secret.txt'), `${root}-sibling/secret.txt`, `${root}/../outside/secret.txt`]) {
      results[path] = await run(path).then(() => 'ALLOWED', (error) => (isAppError(error) ? `${error.code}: ${error.message}` : String(error)))
    }
    const refused = 'PATH_OUTSIDE_WORKSPACE: Path access denied - outside workspace'
    expect(results).toEqual(Object.fromEntries(Object.keys(results).map((path) => [path, refused])))
    expect(await tree(base)).toEqual(before)
  })

  test('no message names a path outside the workspace', async () => {
    for (const [, run] of operations) {
      for (const path of [...hostile, 'missing.txt', 'in.txt/x', 'sub', '.', 'n'.repeat(300)]) {
        const message = await run(path).then(() => '', (error: Error) => error.message)
        expect(message).not.toMatch(/\/proc\/|\/tmp\/|outside\//)
      }
    }
  })

  test('encoded dots are names like any other', async () => {
    await folder.writeText('%2e%2e/%2e%2e%2fx', 'plain', null)
    expect(await readFile(join(root, '%2e%2e', '%2e%2e%2fx'), 'utf8')).toBe('plain')
  })

  test('absolute paths inside, dots that stay inside and links that stay inside lead to the real path', async () => {
    await symlink('sub', join(root, 'sub-link'))
    await symlink(join(root, 'sub/in.txt'), join(root, 'in-link'))
    await symlink('../outside/../work/sub', join(root, 'around'))
    const paths = [join(root, 'sub/in.txt'), `${root}/./sub//deep/../in.txt`, 'sub-link/in.txt', 'in-link', 'around/in.txt', './sub/in.txt', 'sub/in.txt/']
    for (const path of paths) expect(await folder.resolve(path)).toEqual({ path: 'sub/in.txt', kind: 'file' })
    expect(await folder.resolve('sub-link/new/file')).toEqual({ path: 'sub/new/file', kind: 'missing' })
    expect(await folder.resolve('.')).toEqual({ path: '', kind: 'directory' })
    expect(await folder.resolve(root)).toEqual({ path: '', kind: 'directory' })
    await folder.writeText('in-link', 'through', folder.hashText('inside too'))
    expect(await readFile(join(root, 'sub/in.txt'), 'utf8')).toBe('through')
    expect((await readdir(root, { withFileTypes: true })).find((entry) => entry.name === 'in-link')?.isSymbolicLink()).toBe(true)
  })

  test('a link to something that does not exist inside is not written through', async () => {
    await symlink('later.txt', join(root, 'promise'))
    await expect(folder.writeText('promise', 'x', null)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND', message: 'promise is a link to something that does not exist' })
    expect(await readdir(root)).not.toContain('later.txt')
  })

  test('a folder opened through a link takes absolute paths in both spellings', async () => {
    await symlink(root, join(base, 'alias'))
    const aliased = await createFolders({ binFolder: join(base, 'bin'), tracesFolder: join(base, 'traces'), byHandle }).open(join(base, 'alias'))
    expect(aliased.root).toBe(root)
    expect(await aliased.resolve(join(base, 'alias/in.txt'))).toEqual({ path: 'in.txt', kind: 'file' })
    expect(await aliased.resolve(join(root, 'in.txt'))).toEqual({ path: 'in.txt', kind: 'file' })
  })

  test('too long names and paths are refused in words', async () => {
    await expect(folder.writeText('n'.repeat(300), '', null)).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
    await expect(folder.writeText('n/'.repeat(3_000), '', null)).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
    await expect(folder.resolve('')).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
  })
})

test.runIf(canReachByHandle)('a folder that becomes a link outside while we look never lets a byte out or in', async () => {
  const folder = await createFolders({ binFolder: join(base, 'bin'), tracesFolder: join(base, 'traces') }).open(root)
  await writeFile(join(outside, 'in.txt'), 'secret')
  await mkdir(join(root, 'flip'))
  await writeFile(join(root, 'flip/in.txt'), 'inside')
  const swapper = fork(join(import.meta.dirname, 'testing/swap-forever.mjs'), [join(root, 'flip'), outside])
  await once(swapper, 'message')
  const outcomes = { read: 0, wrote: 0, refused: 0 }
  const count = (outcome: keyof typeof outcomes) => () => void (outcomes[outcome] += 1)
  try {
    for (let round = 0; round < 2_000; round++) {
      await folder.readText('flip/in.txt', 1_000).then(
        (file) => {
          expect(file.text).toBe('inside')
          count('read')()
        },
        count('refused'),
      )
      if (round % 20 !== 0) continue
      await folder.writeText(`flip/new-${round}`, 'mine', null).then(count('wrote'), count('refused'))
    }
  } finally {
    expect(swapper.exitCode).toBe(null)
    swapper.kill('SIGKILL')
    await once(swapper, 'exit')
  }
  expect(await tree(outside)).toEqual(['in.txt', 'secret.txt'])
  expect(await readFile(join(outside, 'in.txt'), 'utf8')).toBe('secret')
  expect(outcomes.read).toBeGreaterThan(0)
  expect(outcomes.wrote).toBeGreaterThan(0)
  expect(outcomes.refused).toBeGreaterThan(0)
}, 60_000)

describe('the spelling of paths', () => {
  const windows = { platform: 'win32' as const, roots: ['C:\\Work'] }
  test.each([
    'CON', 'con.txt', 'NUL', 'a\\AUX.log', 'COM1', 'lpt9.x', 'CONIN$', 'file.txt:stream', 'D:\\x', 'D:x', 'C:\\Other\\x', '\\\\server\\share', '\\\\?\\C:\\Work\\x',
    '\\\\.\\pipe\\x', '/x', 'a.', 'a ', '..\\x', 'a\\..\\..\\x', 'C:\\Work\\..\\Other', 'C:\\WorkSibling\\x',
  ])('Windows: %s is refused', (path) => {
    expect(() => parsePath(path, windows)).toThrow('Path access denied - outside workspace')
  })

  test('Windows: both separators and any case of the folder are taken', () => {
    expect(parsePath('c:\\WORK\\Sub/file.txt', windows)).toEqual(['Sub', 'file.txt'])
    expect(parsePath('console\\nullable.txt', windows)).toEqual(['console', 'nullable.txt'])
  })

  test('macOS: the folder is recognised in any case, a sibling with the same beginning is not', () => {
    const mac = { platform: 'darwin' as const, roots: ['/Users/me/Work'] }
    expect(parsePath('/users/ME/work/A.txt', mac)).toEqual(['A.txt'])
    expect(() => parsePath('/Users/me/Workshop/A.txt', mac)).toThrow('outside workspace')
    expect(() => parsePath('/users/me/work/x', { ...mac, platform: 'linux' })).toThrow('outside workspace')
  })
})

async function tree(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort()
}

test.each([['through handles', canReachByHandle], ['by paths', false]])('our own data is not reached as files of the folder that it lies in, %s', async (_name, byHandle) => {
  await mkdir(join(root, 'home/.data/trestle/scratch/copy'), { recursive: true })
  await writeFile(join(root, 'home/.data/trestle/settings.json'), 'secret')
  await symlink(join(root, 'home/.data/trestle'), join(root, 'innocent'))
  const folders = createFolders({ binFolder: join(base, 'bin'), tracesFolder: join(base, 'traces'), byHandle, profile: join(root, 'home/.data/trestle') })
  const folder = await folders.open(root)
  const outcomes = await Promise.all([
    folder.readText('home/.data/trestle/settings.json', 100), folder.writeText('home/.data/trestle/settings.json', 'x', null), folder.writeText('innocent/new.json', 'x', null), folder.list('innocent', 10), folder.moveToBin('home/.data', 'bin-1'),
    folder.move('home', 'other'), folder.move('in.txt', 'home/.data/trestle/in.txt'), folder.resolve('home/.data/trestle'),
  ].map((attempt) => attempt.then(() => 'ALLOWED', (error: { code: string }) => error.code)))
  expect(outcomes).toEqual(outcomes.map(() => 'PATH_OUTSIDE_WORKSPACE'))
  expect(await readFile(join(root, 'home/.data/trestle/settings.json'), 'utf8')).toBe('secret')
  // Beside it everything is as ever, and so are the copies that we made in there ourselves.
  await folder.writeText('home/.data/mine.txt', 'x', null)
  await (await folders.open(join(root, 'home/.data/trestle/scratch/copy'))).writeText('a.txt', 'x', null)
  expect(await readdir(join(root, 'home/.data/trestle/scratch/copy'))).toEqual(['a.txt'])
})
