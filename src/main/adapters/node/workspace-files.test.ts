import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, link, mkdir, mkdtemp, open, readdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { WorkspaceFolder } from '#core/ports/workspace-files'
import { createFolders, type NodeFolders } from './folders'

const MEGABYTE = 1024 * 1024

let base: string
let root: string
let folders: NodeFolders
let folder: WorkspaceFolder

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'trestle-files-')))
  root = join(base, 'work')
  await mkdir(root)
  folders = createFolders({ binFolder: join(base, 'profile/bin'), tracesFolder: join(base, 'profile/traces'), home: base })
  folder = await folders.open(root)
})
afterEach(() => rm(base, { recursive: true, force: true }))

describe('reading', () => {
  test('text keeps its byte order mark and line ends, and comes with size and hash', async () => {
    const text = '\uFEFFone\r\ntwo\r\n'
    await writeFile(join(root, 'a.txt'), text)
    expect(await folder.readText('a.txt', 100)).toEqual({ text, bytes: 13, hash: folder.hashText(text) })
  })

  test('what is too large is refused without being read', async () => {
    await writeFile(join(root, 'a.txt'), 'x'.repeat(101))
    await expect(folder.readText('a.txt', 100)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE', data: { bytes: 101, maxBytes: 100 } })
  })

  test.each([
    ['a NUL byte', Buffer.from('abc\0def')],
    ['a broken character', Buffer.from([0x61, 0xc3, 0x28])],
    ['UTF-16', Buffer.from('\uFEFFabc', 'utf16le')],
  ])('%s makes a file binary', async (_what, bytes) => {
    await writeFile(join(root, 'a.bin'), bytes)
    await expect(folder.readText('a.bin', 100)).rejects.toMatchObject({ code: 'FILE_BINARY' })
    await expect(folder.readLines('a.bin', 1, 10, 100)).rejects.toMatchObject({ code: 'FILE_BINARY' })
  })

  test('pipes, sockets and devices are refused at once', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')])
    const server = createServer().listen(join(root, 'socket'))
    await once(server, 'listening')
    for (const path of ['pipe', 'socket']) {
      const refused = { code: 'PERMISSION_DENIED', message: `${path} is not a regular file (a pipe, socket or device)` }
      await expect(folder.readText(path, 10)).rejects.toMatchObject(refused)
      await expect(folder.readLines(path, 1, 1, 10)).rejects.toMatchObject(refused)
      await expect(folder.hash(path)).rejects.toMatchObject(refused)
      await expect(folder.writeText(path, '', null)).rejects.toMatchObject(refused)
      expect(await folder.resolve(path)).toEqual({ path, kind: 'other' })
    }
    server.close()
  })

  test('lines are numbered from one, paged by count and by bytes, and counted', async () => {
    await writeFile(join(root, 'a.txt'), 'one\ntwo\r\nthree\nfour')
    expect(await folder.readLines('a.txt', 1, 2, 100)).toEqual({ lines: ['one', 'two\r'], totalBytes: 19, totalLines: 4, nextLine: 3 })
    expect(await folder.readLines('a.txt', 3, 9, 100)).toEqual({ lines: ['three', 'four'], totalBytes: 19, totalLines: 4, nextLine: null })
    expect(await folder.readLines('a.txt', 1, 9, 9)).toEqual({ lines: ['one', 'two\r'], totalBytes: 19, totalLines: 4, nextLine: 3 })
    expect(await folder.readLines('a.txt', 9, 9, 100)).toEqual({ lines: [], totalBytes: 19, totalLines: 4, nextLine: null })
    await writeFile(join(root, 'empty'), '')
    expect(await folder.readLines('empty', 1, 9, 100)).toEqual({ lines: [], totalBytes: 0, totalLines: 0, nextLine: null })
  })

  test('a line of a megabyte is cut at a whole character, and the next line can be read', async () => {
    await writeFile(join(root, 'long.txt'), `${'é'.repeat(MEGABYTE / 2)}\nafter\n`)
    const first = await folder.readLines('long.txt', 1, 10, 1_001)
    expect(first).toEqual({ lines: [`${'é'.repeat(500)} [line cut here: it has ${MEGABYTE} bytes]`], totalBytes: MEGABYTE + 7, totalLines: 2, nextLine: 2 })
    expect((await folder.readLines('long.txt', 2, 10, 1_001)).lines).toEqual(['after'])
  })

  test('a file of 100 MB is paged through without being held', async () => {
    const handle = await open(join(root, 'huge.log'), 'w')
    const block = Buffer.from('0123456789abcde\n'.repeat(65_536))
    for (let written = 0; written < 100; written++) await handle.write(block)
    await handle.close()
    const before = process.memoryUsage().rss
    const range = await folder.readLines('huge.log', 6_000_000, 2, 1_000)
    expect(range).toEqual({ lines: ['0123456789abcde', '0123456789abcde'], totalBytes: 100 * MEGABYTE, totalLines: null, nextLine: 6_000_002 })
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * MEGABYTE)
    await expect(folder.readText('huge.log', 5 * MEGABYTE)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
  })

  test('folders list with a slash, sorted, counted beyond the limit, without our temporary files', async () => {
    await mkdir(join(root, 'b'))
    for (const name of ['c', 'a', '.hidden', '.trestle-0123456789abcdef.tmp']) await writeFile(join(root, name), '')
    expect(await folder.list('.', 10)).toEqual({ names: ['.hidden', 'a', 'b/', 'c'], total: 4 })
    expect(await folder.list('', 10).catch((error: Error) => error.message)).toBe('The path is empty; use "." for the workspace folder')
    expect(await folder.list('.', 2)).toEqual({ names: ['.hidden', 'a'], total: 4 })
    await expect(folder.list('a', 2)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  })

  test('hashes tell files, folders and nothing apart', async () => {
    await writeFile(join(root, 'a'), 'x')
    expect([await folder.hash('a'), await folder.hash('.'), await folder.hash('b/c')]).toEqual([folder.hashText('x'), 'directory', null])
  })
})

describe('writing', () => {
  test('creates folders, keeps the mode, and says what was written', async () => {
    expect(await folder.writeText('a/b/c.txt', 'héllo', null)).toEqual({ hash: folder.hashText('héllo'), bytes: 6 })
    await chmod(join(root, 'a/b/c.txt'), 0o751)
    await folder.writeText('a/b/c.txt', 'second', folder.hashText('héllo'))
    expect(await readFile(join(root, 'a/b/c.txt'), 'utf8')).toBe('second')
    expect((await stat(join(root, 'a/b/c.txt'))).mode & 0o777).toBe(0o751)
    expect(await readdir(join(root, 'a/b'))).toEqual(['c.txt'])
  })

  test('another name of the same file elsewhere keeps its content', async () => {
    await writeFile(join(base, 'elsewhere'), 'old')
    await link(join(base, 'elsewhere'), join(root, 'a'))
    await folder.writeText('a', 'new', folder.hashText('old'))
    expect(await readFile(join(base, 'elsewhere'), 'utf8')).toBe('old')
  })

  test('what is not as expected is left alone', async () => {
    await writeFile(join(root, 'a'), 'theirs')
    const changed = { code: 'FILE_CHANGED' }
    await expect(folder.writeText('a', 'mine', null)).rejects.toMatchObject(changed)
    await expect(folder.writeText('a', 'mine', folder.hashText('older'))).rejects.toMatchObject(changed)
    await expect(folder.writeText('new/b', 'mine', folder.hashText('older'))).rejects.toMatchObject(changed)
    await expect(folder.writeText('.', 'mine', null)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(folder.writeText('a/b', 'mine', null)).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    expect([await readdir(root), await readFile(join(root, 'a'), 'utf8')]).toEqual([['a'], 'theirs'])
  })

  test('killed again and again while writing, the file is one of the versions, whole', async () => {
    const versions = ['a', 'b'].map((letter) => letter.repeat(2 * MEGABYTE))
    await writeFile(join(root, 'file'), versions[0] ?? '')
    for (let round = 0; round < 12; round++) {
      const writer = fork(join(import.meta.dirname, 'testing/write-forever.ts'), [root, join(base, 'profile/bin'), join(base, 'profile/traces')], { execArgv: ['--disable-warning=ExperimentalWarning'] })
      await once(writer, 'message')
      await new Promise((resolve) => setTimeout(resolve, round * 3))
      writer.kill('SIGKILL')
      await once(writer, 'exit')
      const now = await readFile(join(root, 'file'), 'utf8')
      expect(versions.includes(now)).toBe(true)
    }
    const leftovers = (await readdir(root)).filter((name) => name !== 'file')
    expect(leftovers.filter((name) => !/^\.trestle-[0-9a-f]{16}\.tmp$/.test(name))).toEqual([])
    expect((await folder.list('.', 10)).names).toEqual(['file'])
    const others = ['.trestle-0123456789abcdef.tmp', '.trestle-note.tmp']
    for (const name of others) await writeFile(join(root, name), 'not ours')
    expect(await folders.clearUnfinished()).toBe(leftovers.length)
    expect((await readdir(root)).sort()).toEqual([...others, 'file'])
    expect([await folders.clearUnfinished(), await readdir(join(base, 'profile/traces'))]).toEqual([0, []])
  }, 60_000)

  test('what a kill left is cleared away in the folder it was noted for, and nowhere else', async () => {
    const traces = join(base, 'profile/traces')
    const [own, link] = ['.trestle-0a0b0c0d00000001.tmp', '.trestle-0a0b0c0d00000002.tmp']
    await mkdir(join(root, 'deep'))
    await mkdir(join(root, 'other'))
    await mkdir(traces, { recursive: true })
    for (const path of [`deep/${own}`, `other/${own}`]) await writeFile(join(root, path), 'half')
    await symlink(join(root, 'other', own), join(root, 'deep', link))
    const away = join(base, 'away')
    await writeFile(join(traces, '0a0b0c0d'), `${JSON.stringify({ root, folder: 'deep' })}\n${JSON.stringify({ root: away, folder: '.' })}\n{"root":`)
    expect(await folders.clearUnfinished()).toBe(1)
    expect([await readdir(join(root, 'deep')), await readdir(join(root, 'other'))]).toEqual([[link], [own]])
    // The folder that was away is looked at once it is back.
    await mkdir(away)
    await writeFile(join(away, own), 'half')
    expect([await folders.clearUnfinished(), await readdir(away), await readdir(traces)]).toEqual([1, [], []])
  })
})

test('without the rights, files are neither read nor written, and nothing is left', async () => {
  await chmod(base, 0o755)
  for (const path of ['locked', 'open']) await mkdir(join(root, path))
  for (const path of ['locked/file', 'open/unreadable', 'open/read-only']) await writeFile(join(root, path), 'x')
  await chmod(join(root, 'open/unreadable'), 0o000)
  await chmod(join(root, 'open/read-only'), 0o444)
  await chmod(join(root, 'open'), 0o777)
  await chmod(join(root, 'locked'), 0o555)
  const output = execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'testing/without-rights.ts'), root], { encoding: 'utf8' })
  expect(JSON.parse(output)).toEqual({
    write: 'PERMISSION_DENIED: The operating system does not allow access to locked/new',
    writeDeep: 'PERMISSION_DENIED: The operating system does not allow access to locked/a/new',
    move: 'PERMISSION_DENIED: The operating system does not allow access to open/file',
    remove: 'PERMISSION_DENIED: The operating system does not allow access to locked/file',
    read: 'PERMISSION_DENIED: The operating system does not allow access to open/unreadable',
    overwrite: 'PERMISSION_DENIED: The operating system does not allow access to open/read-only',
  })
  expect((await readdir(root, { recursive: true })).sort()).toEqual(['locked', 'locked/file', 'open', 'open/read-only', 'open/unreadable'])
})

describe.skipIf(!canMakeFileSystems())('on other file systems (in a mount namespace of our own)', () => {
  test('a full disk, a read-only one and a bin on another one', () => {
    const output = execFileSync('unshare', ['-rm', process.execPath, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'testing/other-file-systems.ts'), base], { encoding: 'utf8' })
    expect(JSON.parse(output)).toEqual({
      full: { code: 'DISK_FULL', message: 'deep/new.txt was not written: the disk is full. What was there before is unchanged; free some space and try again' },
      fullOverwrite: 'DISK_FULL',
      fullKeeps: ['old'],
      fullText: 'before',
      readOnly: { code: 'PERMISSION_DENIED', message: 'a is on a read-only file system' },
      binned: { bytes: 7 },
      afterBin: [],
      restored: ['tree', 'tree/a.txt', 'tree/link', 'tree/sub', 'tree/sub/b.txt'],
      link: '../../canary',
      modes: ['750', '640'],
      canary: 'untouched',
      binAfter: [],
    })
  })
})

describe('moving and the bin', () => {
  test('moves files and folders to where nothing is, making folders', async () => {
    await folder.writeText('a/x.txt', '1', null)
    await folder.move('a/x.txt', 'b/c/y.txt')
    await folder.move('b', 'd')
    expect((await readdir(root, { recursive: true })).sort()).toEqual(['a', 'd', 'd/c', 'd/c/y.txt'])
  })

  test('never overwrites, never moves a folder into itself, and never touches the workspace folder', async () => {
    await folder.writeText('a/x', '1', null)
    await folder.writeText('b', '2', null)
    await expect(folder.move('a/x', 'b')).rejects.toMatchObject({ code: 'CONFLICT', message: 'b already exists; nothing was moved' })
    await expect(folder.move('b', 'a')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(folder.move('a', 'a/inner')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(folder.move('.', 'c')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(folder.moveToBin('.', 'id')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(folder.move('none', 'c/d')).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    expect((await readdir(root, { recursive: true })).sort()).toEqual(['a', 'a/x', 'b'])
  })

  test('links are moved and binned as links', async () => {
    await folder.writeText('target', 'kept', null)
    await symlink('target', join(root, 'link'))
    await folder.moveToBin('link', 'one')
    expect(await readdir(root)).toEqual(['target'])
    await folder.restoreFromBin('one', 'again/link')
    await folder.move('again/link', 'link')
    expect(await folder.readText('link', 10)).toMatchObject({ text: 'kept' })
  })

  test('what was deleted comes back as it was, and is refused where something is now', async () => {
    await folder.writeText('a/x', '12345', null)
    await folder.writeText('a/y/z', '678', null)
    expect(await folder.moveToBin('a', 'one')).toEqual({ bytes: 8 })
    await folder.writeText('a', 'other', null)
    await expect(folder.restoreFromBin('one', 'a')).rejects.toMatchObject({ code: 'CONFLICT' })
    await folder.restoreFromBin('one', 'back/a')
    expect((await readdir(root, { recursive: true })).sort()).toEqual(['a', 'back', 'back/a', 'back/a/x', 'back/a/y', 'back/a/y/z'])
    expect(await readdir(join(base, 'profile/bin'))).toEqual([])
    await expect(folder.restoreFromBin('one', 'b')).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
    await expect(folder.restoreFromBin('../x', 'b')).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  })
})

describe('folders', () => {
  test('a workspace that is gone, or replaced by a link, is unavailable and named as such', async () => {
    await rename(root, `${root}-gone`)
    const unavailable = { code: 'WORKSPACE_UNAVAILABLE' }
    await expect(folder.readText('a', 10)).rejects.toMatchObject(unavailable)
    await expect(folder.writeText('a', '', null)).rejects.toMatchObject(unavailable)
    expect(await folders.isAvailable(root)).toBe(false)
    await symlink(`${root}-gone`, root)
    await expect(folder.list('.', 10)).rejects.toMatchObject(unavailable)
    await expect(folders.open(join(base, 'none'))).rejects.toMatchObject(unavailable)
    await expect(folders.open('relative')).rejects.toMatchObject(unavailable)
  })

  test('subfolders are named in natural order, hidden ones and files left out', async () => {
    for (const name of ['v10', 'v9', '.hidden']) await mkdir(join(root, name))
    await writeFile(join(root, 'file'), '')
    await symlink('v9', join(root, 'linked'))
    expect(await folders.subfolders(root)).toEqual({
      path: root, parent: base, folders: ['linked', 'v9', 'v10'].map((name) => ({ name, path: join(root, name) })),
    })
    expect((await folders.subfolders(null)).path).toBe(base)
    expect((await folders.subfolders('/')).parent).toBe(null)
  })

  test('no call leaves a folder open', async () => {
    const openNow = async () => (existsSync('/proc/self/fd') ? (await readdir('/proc/self/fd')).length : 0)
    await folder.writeText('a/b', 'x', null)
    const before = await openNow()
    for (let round = 0; round < 20; round++) {
      await Promise.allSettled([
        folder.readText('a/b', 10), folder.readText('a/none', 10), folder.readText('../x', 10), folder.list('a', 1), folder.move('a/b', 'a'),
        folder.hash('a/b/c'), folder.writeText('a', '', null), folder.restoreFromBin('none', 'x/y/z'), folder.readLines('a/b', 1, 1, 1),
      ])
    }
    expect(await openNow()).toBe(before)
  })
})

function canMakeFileSystems(): boolean {
  try {
    execFileSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
