import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Snapshots } from '#core/ports/snapshots'
import { treeOf } from '../../../testing/workbench'
import { createContentStore } from './content-store'

const limits = { maxFileBytes: 5_000_000, maxFiles: 10_000 }
let home: string
let root: string
let store: Snapshots
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-blocks-')))
  root = join(home, 'work')
  mkdirSync(root)
  store = createContentStore({ folder: join(home, 'content') })
})
afterEach(async () => {
  await store.close()
  rmSync(home, { recursive: true, force: true })
})

const reopen = async () => {
  await store.close()
  store = createContentStore({ folder: join(home, 'content') })
}
const bytesOnDisk = () => readdirSync(join(home, 'content')).reduce((sum, name) => sum + (statSync(join(home, 'content', name)).isFile() ? statSync(join(home, 'content', name)).size : 0), 0)

it('keeps many blocks of small, large and equal files, more than are on their way at once, over a restart', async () => {
  const random = randomBytes(700_000)
  for (let index = 0; index < 120; index += 1) {
    const size = [10, 3_000, 90_000, 262_144, 262_145, 600_000][index % 6] ?? 0
    writeFileSync(join(root, `file-${index}`), Buffer.concat([Buffer.from(`${index % 90}\n`), random.subarray(index % 90, size + (index % 90))]))
  }
  const before = treeOf(root)
  const { treeId } = await store.take(root, limits)
  await reopen()
  expect(await store.verify([], () => undefined)).toEqual([])
  await store.materialise(treeId, join(home, 'copy'))
  expect(treeOf(join(home, 'copy'))).toEqual(before)
})

it('joins small blocks when it tidies: states of the same files take little more than one, and each stays whole', async () => {
  for (let index = 0; index < 40; index += 1) writeFileSync(join(root, `file-${index}`), Array.from({ length: 60 }, (_, line) => createHash('sha1').update(`${index} ${line}`).digest('hex')).join('\n'))
  const states: { readonly treeId: string; readonly files: unknown }[] = []
  for (let round = 0; round < 12; round += 1) {
    for (const name of ['file-1', 'file-2', 'file-3']) appendFileSync(join(root, name), `round ${round}\n`)
    states.push({ treeId: (await store.take(root, limits)).treeId, files: treeOf(root) })
  }
  await store.compact(() => undefined)
  const tidied = bytesOnDisk()
  for (const [index, { treeId, files }] of states.entries()) {
    await store.materialise(treeId, join(home, `copy-${index}`))
    expect(treeOf(join(home, `copy-${index}`))).toEqual(files)
  }
  // 12 times 3 files of 2.4 kB that do not compress alone, and the first state.
  const alone = 40 * 2_460 + 12 * 3 * 2_460
  expect(tidied).toBeLessThan(alone)
  expect(readFileSync(join(root, 'file-1'), 'utf8')).toContain('round 11')
})

function codecs(): unknown[] {
  const db = new Database(join(home, 'content', 'content.db'), { readonly: true })
  try {
    return db.prepare('SELECT DISTINCT codec FROM blocks').pluck().all()
  } finally {
    db.close()
  }
}

it('packs what was packed in haste once more when it tidies, and never twice', async () => {
  const words = Array.from({ length: 20_000 }, (_, line) => createHash('sha1').update(String(line % 700)).digest('hex').slice(0, 9)).join(' ')
  for (let index = 0; index < 30; index += 1) writeFileSync(join(root, `file-${index}`), words.slice(index * 300, 60_000 + index * 900))
  const files = treeOf(root)
  const { treeId } = await store.take(root, limits)
  expect(codecs()).toEqual(['zstd'])
  await store.compact(() => undefined)
  expect(codecs()).toEqual(['zstd-dense'])
  const rewritten: number[] = []
  await store.compact((_done, all) => rewritten.push(all))
  expect(rewritten.at(-1)).toBe(0)
  expect(await store.verify([], () => undefined)).toEqual([])
  await store.materialise(treeId, join(home, 'copy'))
  expect(treeOf(join(home, 'copy'))).toEqual(files)
})
