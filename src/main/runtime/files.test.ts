import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { shell, startWorkbench, treeOf, type Workbench } from '../../testing/workbench'

let bench: Workbench
let id: string
const at = (path: string) => join(bench.folder, path)
const put = (path: string, text: string | Buffer) => { writeFileSync(at(path), text) }
const text = (path: string) => readFileSync(at(path), 'utf8')
const codeOf = (work: Promise<unknown>) => work.then(() => 'ALLOWED', (error: { code?: string }) => error.code ?? String(error))

beforeEach(async () => {
  bench = await startWorkbench([])
  id = bench.workspace.id
})
afterEach(() => bench.close())

describe('the files of a workspace', () => {
  it('are read with their marks and line ends, and saved over exactly what was read', async () => {
    put('win.txt', '\uFEFFone\r\ntwo\r\n')
    chmodSync(at('win.txt'), 0o751)
    const read = await bench.client.files.read({ id, path: 'win.txt' })
    if (read.kind !== 'text') throw new Error(read.kind)
    expect(read.text).toBe('\uFEFFone\r\ntwo\r\n')
    const saved = await bench.client.files.write({ id, path: 'win.txt', text: '\uFEFFone\r\n2\r\n', expectedHash: read.hash })
    expect([readFileSync(at('win.txt')).toString('hex'), statSync(at('win.txt')).mode & 0o777]).toEqual([Buffer.from('\uFEFFone\r\n2\r\n').toString('hex'), 0o751])
    put('win.txt', 'theirs')
    expect(await codeOf(bench.client.files.write({ id, path: 'win.txt', text: 'mine', expectedHash: saved.hash }))).toBe('FILE_CHANGED')
    expect(await codeOf(bench.client.files.write({ id, path: 'win.txt', text: 'mine', expectedHash: null }))).toBe('FILE_CHANGED')
    expect(text('win.txt')).toBe('theirs')
  })

  it('say what they are when they are no text that can be edited', async () => {
    put('a.png', Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]), Buffer.alloc(10)]))
    put('b.png', Buffer.from([0, 1, 2, 3]))
    put('latin.txt', Buffer.from([0x66, 0xfc, 0x72]))
    put('big.txt', 'x'.repeat(5 * 1024 * 1024 + 1))
    const read = async (path: string) => ({ ...(await bench.client.files.read({ id, path })), path: undefined })
    expect(await read('a.png')).toMatchObject({ kind: 'image', mime: 'image/png', bytes: 19, base64: readFileSync(at('a.png')).toString('base64') })
    expect(await read('b.png')).toMatchObject({ kind: 'binary', bytes: 4 })
    expect(await read('latin.txt')).toMatchObject({ kind: 'binary', bytes: 3 })
    expect(await read('big.txt')).toMatchObject({ kind: 'too_large', bytes: 5 * 1024 * 1024 + 1 })
    expect(await codeOf(bench.client.files.read({ id, path: 'gone' }))).toBe('RESOURCE_NOT_FOUND')
  })

  it('are made, moved, deleted and brought back, and never put over something', async () => {
    await bench.client.files.create({ id, path: 'src/new/a.txt', kind: 'file' })
    await bench.client.files.create({ id, path: 'empty', kind: 'folder' })
    expect(await codeOf(bench.client.files.create({ id, path: 'src', kind: 'folder' }))).toBe('CONFLICT')
    expect(await codeOf(bench.client.files.create({ id, path: 'src/new/a.txt', kind: 'file' }))).toBe('CONFLICT')
    put('src/new/a.txt', 'kept')
    await bench.client.files.move({ id, from: 'src/new', to: 'moved/here' })
    expect(text('moved/here/a.txt')).toBe('kept')
    expect(await codeOf(bench.client.files.move({ id, from: 'moved', to: 'empty' }))).toBe('CONFLICT')
    const item = await bench.client.files.remove({ id, path: 'moved' })
    expect(existsSync(at('moved'))).toBe(false)
    expect((await bench.client.workspaces.bin({ id })).items.map(({ path }) => path)).toEqual(['moved'])
    await bench.client.workspaces.restoreFromBin({ id: item.id })
    expect(text('moved/here/a.txt')).toBe('kept')
    expect(await codeOf(bench.client.files.remove({ id, path: 'nothing' }))).toBe('RESOURCE_NOT_FOUND')
    expect((await bench.client.workspaces.bin({ id })).items).toEqual([])
  })

  it('may have names that are no UTF-8', async () => {
    shell(bench.folder, `printf x > "$(printf 'bad\\377')"`)
    const path = 'bad\udcff'
    const read = await bench.client.files.read({ id, path })
    if (read.kind !== 'text') throw new Error(read.kind)
    await bench.client.files.write({ id, path, text: 'y', expectedHash: read.hash })
    await bench.client.files.move({ id, from: path, to: `in/${path}` })
    const item = await bench.client.files.remove({ id, path: 'in' })
    await bench.client.workspaces.restoreFromBin({ id: item.id })
    expect(readdirSync(Buffer.from(at('in')), { encoding: 'buffer' }).map((name) => name.toString('hex'))).toEqual([Buffer.concat([Buffer.from('bad'), Buffer.from([0xff])]).toString('hex')])
  })

  it('tell of every change, first of all that everything is to be loaded', async () => {
    const stop = new AbortController()
    const changes = await bench.client.files.changes({ id }, { signal: stop.signal })
    expect((await changes.next()).value).toMatchObject({ reset: true, available: true })
    await bench.client.files.create({ id, path: 'new.txt', kind: 'file' })
    for await (const change of changes) if (change.reset || change.folders.includes('')) break
    expect((await bench.client.files.list({ id })).entries).toEqual([{ name: 'new.txt', kind: 'file', ignored: false }])
    stop.abort()
  })

  it('have no git program run on them before the folder is trusted', async () => {
    shell(bench.folder, 'git init -q && echo 1 > a')
    expect(await bench.client.files.marks({ id })).toMatchObject({ state: 'repository', items: [{ path: 'a', mark: 'untracked' }] })
    await bench.client.workspaces.trust({ id, trusted: false })
    expect(await bench.client.files.marks({ id })).toEqual({ state: 'untrusted', branch: null, items: [], truncated: false })
  })

  it('are said to be out of reach while the folder is away', async () => {
    put('a.txt', 'a')
    renameSync(bench.folder, `${bench.folder}-away`)
    const codes = await Promise.all([
      bench.client.files.list({ id }), bench.client.files.read({ id, path: 'a.txt' }), bench.client.files.find({ id }),
      bench.client.files.write({ id, path: 'a.txt', text: 'x', expectedHash: null }), bench.client.terminals.create({ id }),
    ].map(codeOf))
    expect(codes).toEqual(Array.from(codes, () => 'WORKSPACE_UNAVAILABLE'))
    renameSync(`${bench.folder}-away`, bench.folder)
    expect((await bench.client.files.read({ id, path: 'a.txt' })).kind).toBe('text')
  })
})

describe('nothing outside the folder', () => {
  const hostile = ['../outside/secret.txt', '..', '/etc/passwd', 'link/secret.txt', 'link', 'file-link', 'dangling', 'sub/../../outside/secret.txt', '..\\outside\\secret.txt', '~/x', 'file:///etc/passwd', 'a\0b', 'loop/x']
  beforeEach(() => {
    mkdirSync(join(bench.home, 'outside'))
    writeFileSync(join(bench.home, 'outside/secret.txt'), 'secret')
    symlinkSync(join(bench.home, 'outside'), at('link'))
    symlinkSync(join(bench.home, 'outside/secret.txt'), at('file-link'))
    symlinkSync(join(bench.home, 'outside/nothing'), at('dangling'))
    symlinkSync('loop', at('loop'))
    put('in.txt', 'secret')
  })

  it('is read, written, made, moved, revealed, listed, searched or replaced, by any spelling or link', async () => {
    const before = treeOf(join(bench.home, 'outside'))
    const query = { pattern: 'secret' }
    const reached: string[] = []
    for (const path of hostile) {
      const results = {
        read: bench.client.files.read({ id, path }), write: bench.client.files.write({ id, path, text: 'x', expectedHash: null }),
        create: bench.client.files.create({ id, path, kind: 'file' }), folder: bench.client.files.create({ id, path: `${path}/new`, kind: 'folder' }),
        moveTo: bench.client.files.move({ id, from: 'in.txt', to: `${path}/new` }), reveal: bench.client.files.reveal({ id, path }),
        list: bench.client.files.list({ id, path }), preview: bench.client.findInFiles.preview({ id, query, replacement: 'x', path }),
      }
      const codes = await Promise.all(Object.entries(results).map(async ([name, work]) => ({ name, code: await codeOf(work) })))
      reached.push(...codes.filter(({ code }) => code === 'ALLOWED').map(({ name }) => `${name} ${path}`))
    }
    const replaced = await bench.client.findInFiles.replace({ id, query, replacement: 'x', files: hostile.map((path) => ({ path, matches: ['1:0'] })) })
    expect([reached, replaced.replaced, replaced.failed.length]).toEqual([[], [], hostile.length])
    const found: string[] = []
    for await (const message of await bench.client.findInFiles.run({ id, query })) if (message.kind === 'found') found.push(...message.files.map(({ path }) => path))
    expect(found).toEqual(['in.txt'])
    expect(treeOf(join(bench.home, 'outside'))).toEqual(before)
  })

  it('goes into the bin or away with a link: only the link itself', async () => {
    mkdirSync(at('inside'))
    put('inside/kept.txt', 'kept')
    symlinkSync('inside', at('inner'))
    for (const path of ['../outside', 'link', 'link/secret.txt', 'file-link', '/etc']) expect(await codeOf(bench.client.files.remove({ id, path }))).toBe('PATH_OUTSIDE_WORKSPACE')
    await bench.client.files.move({ id, from: 'inner', to: 'moved-link' })
    expect(lstatSync(at('moved-link')).isSymbolicLink()).toBe(true)
    await bench.client.files.remove({ id, path: 'moved-link' })
    expect([existsSync(at('moved-link')), text('inside/kept.txt'), existsSync(join(bench.home, 'outside/secret.txt'))]).toEqual([false, 'kept', true])
  })
})
