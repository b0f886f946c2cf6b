import { ORPCError } from '@orpc/client'
import { beforeEach, expect, test } from 'vitest'
import type { FileContent, FolderChange } from '#contract/files'
import type { Client } from '../../lib/client'
import type { TextDraft, TextDrafts } from '../../lib/text-drafts'
import { createDocuments, type Documents } from './documents'

const change = (files: readonly string[]): FolderChange => ({ reset: false, folders: [], files: [...files], git: false, listed: false, available: true, trouble: null })
const refuse = (code: string) => new ORPCError('BAD', { data: { code, message: code, retryable: false } })

/** A disk, drafts and a clock in memory, behind the calls that the documents make. */
function createWorld() {
  const disk = new Map<string, string>()
  const drafts = new Map<string, TextDraft>()
  const timers: (() => void)[] = []
  const state = { reachable: true }
  const read = ({ path }: { path: string }): Promise<FileContent> => {
    const text = disk.get(path)
    if (!state.reachable) return Promise.reject(refuse('WORKSPACE_UNAVAILABLE'))
    return text === undefined ? Promise.reject(refuse('RESOURCE_NOT_FOUND')) : Promise.resolve({ kind: 'text', path, text, hash: `#${text}`, bytes: text.length })
  }
  const write = ({ path, text, expectedHash }: { path: string; text: string; expectedHash: string | null }) => {
    if (!state.reachable) return Promise.reject(refuse('WORKSPACE_UNAVAILABLE'))
    const now = disk.get(path)
    if ((now === undefined ? null : `#${now}`) !== expectedHash) return Promise.reject(refuse('FILE_CHANGED'))
    disk.set(path, text)
    return Promise.resolve({ path, hash: `#${text}`, bytes: text.length })
  }
  const client = { files: { read, write } } as unknown as Pick<Client, 'files'>
  const store: TextDrafts = {
    ofWorkspace: () => Promise.resolve([...drafts.values()]), get: (key) => Promise.resolve(drafts.get(key) ?? null),
    put: (draft) => { drafts.set(draft.key, draft); return Promise.resolve(true) }, remove: (key) => { drafts.delete(key); return Promise.resolve() },
  }
  const after = (_ms: number, callback: () => void) => {
    timers.push(callback)
    return () => { timers.splice(0, timers.length, ...timers.filter((timer) => timer !== callback)) }
  }
  const start = () => createDocuments({ client, drafts: store, after, now: () => 1 })
  return { disk, drafts, state, start, tick: () => { for (const timer of timers.splice(0)) timer() } }
}

let world: ReturnType<typeof createWorld>
let documents: Documents
const key = 'w:a.txt'
const shown = () => documents.all.get().get(key)
const type = (text: string) => documents.edited(key, () => text)
const settled = () => new Promise((resolve) => setImmediate(resolve))
beforeEach(async () => {
  world = createWorld()
  world.disk.set('a.txt', 'one')
  documents = world.start()
  await documents.open('w', 'a.txt')
})

test('what changes on disk shows at once in a file without unsaved text', async () => {
  world.disk.set('a.txt', 'two')
  documents.onFolderChange('w', change(['a.txt']))
  await settled()
  expect([documents.textOf(key), shown()?.revision, shown()?.isDirty]).toEqual(['two', 2, false])
})

test('saving writes over exactly what was read, and keeps its mark', async () => {
  world.disk.set('b.txt', '\uFEFFone')
  await documents.open('w', 'b.txt')
  expect(documents.textOf('w:b.txt')).toBe('one')
  documents.edited('w:b.txt', () => 'mine')
  expect(await documents.save('w:b.txt')).toBe(true)
  expect([world.disk.get('b.txt'), documents.all.get().get('w:b.txt')?.isDirty]).toEqual(['\uFEFFmine', false])
})

test('unsaved text and another text on disk are a conflict, until one is chosen', async () => {
  type('mine')
  world.disk.set('a.txt', 'theirs')
  documents.onFolderChange('w', change(['a.txt']))
  await settled()
  expect(shown()?.conflict).toEqual({ text: 'theirs', hash: '#theirs' })
  expect(await documents.save(key)).toBe(false)
  documents.keepMine(key)
  expect([shown()?.conflict, shown()?.isDirty]).toEqual([null, true])
  expect(await documents.save(key)).toBe(true)
  expect(world.disk.get('a.txt')).toBe('mine')
})

test('taking theirs gives up what was typed', async () => {
  type('mine')
  world.disk.set('a.txt', 'theirs')
  expect(await documents.save(key)).toBe(false)
  documents.takeTheirs(key)
  await settled()
  expect([documents.textOf(key), shown()?.isDirty, shown()?.conflict, world.drafts.size]).toEqual(['theirs', false, null, 0])
})

test('the same text on disk is no conflict', async () => {
  type('same')
  world.disk.set('a.txt', 'same')
  documents.onFolderChange('w', change(['a.txt']))
  await settled()
  expect([shown()?.conflict, shown()?.isDirty]).toEqual([null, false])
})

test('unsaved text survives the window, and a file that changed meanwhile is a conflict', async () => {
  type('mine')
  world.tick()
  await settled()
  documents = world.start()
  await documents.open('w', 'a.txt')
  expect([documents.textOf(key), shown()?.isDirty, shown()?.conflict]).toEqual(['mine', true, null])
  type('one')
  world.tick()
  await settled()
  expect([shown()?.isDirty, world.drafts.size]).toEqual([false, 0])
  type('mine again')
  world.tick()
  await settled()
  world.disk.set('a.txt', 'theirs')
  documents = world.start()
  await documents.open('w', 'a.txt')
  expect([documents.textOf(key), shown()?.conflict?.text]).toEqual(['mine again', 'theirs'])
})

test('an emptied file whose folder is away keeps its draft', async () => {
  type('')
  world.tick()
  await settled()
  world.state.reachable = false
  documents = world.start()
  await documents.open('w', 'a.txt')
  type('')
  world.tick()
  await settled()
  expect([world.drafts.get(key)?.text, shown()?.isDirty]).toEqual(['', true])
})

test('a file that was deleted says so, keeps its text, and is made anew by saving', async () => {
  world.disk.delete('a.txt')
  documents.onFolderChange('w', change(['a.txt']))
  await settled()
  expect([shown()?.isDeleted, documents.textOf(key)]).toEqual([true, 'one'])
  expect(await documents.save(key)).toBe(true)
  expect([world.disk.get('a.txt'), shown()?.isDeleted]).toEqual(['one', false])
})

test('a folder that is away takes nothing with it', async () => {
  type('mine')
  world.state.reachable = false
  documents.onFolderChange('w', { ...change([]), reset: true })
  await settled()
  expect(await documents.save(key)).toBe(false)
  expect([documents.textOf(key), shown()?.isDirty, shown()?.isDeleted, shown()?.problem !== null]).toEqual(['mine', true, false, true])
  world.state.reachable = true
  expect(await documents.save(key)).toBe(true)
})

test('typing while a save is on its way stays unsaved', async () => {
  type('first')
  const saving = documents.save(key)
  type('second')
  await saving
  expect([world.disk.get('a.txt'), shown()?.isDirty]).toEqual(['first', true])
  expect(await documents.save(key)).toBe(true)
  expect(world.disk.get('a.txt')).toBe('second')
})

test('a text outlives the editor it was typed into', async () => {
  const gone = { is: false }
  const read = (): string => {
    if (gone.is) throw new Error('the editor is gone')
    return 'mine'
  }
  documents.edited(key, read)
  documents.released(key, read, read())
  gone.is = true
  world.tick()
  await settled()
  expect([documents.textOf(key), world.drafts.get(key)?.text]).toEqual(['mine', 'mine'])
})

test('open files go with what was moved', async () => {
  type('mine')
  world.disk.delete('a.txt')
  world.disk.set('b.txt', 'one')
  documents.move('w', 'a.txt', 'b.txt')
  await settled()
  expect([...documents.all.get().values()].map(({ path, isDirty }) => [path, isDirty])).toEqual([['b.txt', true]])
  expect(await documents.save('w:b.txt')).toBe(true)
  expect(world.disk.get('b.txt')).toBe('mine')
})
