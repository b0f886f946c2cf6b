import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Snapshots } from '#core/ports/snapshots'
import { attacks, proved } from '../../../testing/attacks'
import { treeOf } from '../../../testing/workbench'
import { createContentStore } from './content-store'

const limits = { maxFileBytes: 1_000_000, maxFiles: 1000 }
const RACES = attacks(120, 2000)
let home: string
let store: Snapshots
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-restore-')))
  store = createContentStore({ folder: join(home, 'content') })
})
afterEach(async () => {
  await store.close()
  rmSync(home, { recursive: true, force: true })
})

it.runIf(process.platform === 'linux')(`a folder that becomes a link out while files are restored, removed and kept lets nothing through: ${RACES} races`, async (context) => {
  const [root, outside] = [join(home, 'work'), join(home, 'outside')]
  for (const folder of [join(root, 'flip'), join(outside, 'sub')]) mkdirSync(folder, { recursive: true })
  for (const path of ['work/flip/in.txt', 'outside/in.txt', 'outside/new.txt', 'outside/sub/x']) writeFileSync(join(home, path), path)
  const empty = await store.take(root, limits)
  mkdirSync(join(root, 'flip/sub'))
  for (const path of ['flip/new.txt', 'flip/sub/x', 'flip/in.txt']) writeFileSync(join(root, path), 'restored')
  const full = await store.take(root, limits)
  const [there, back] = [(await store.diff(empty.treeId, full.treeId, 100)).changes, (await store.diff(full.treeId, empty.treeId, 100)).changes]
  const before = treeOf(outside, [])
  const other = createContentStore({ folder: join(home, 'other-content') })
  const theirs = await Promise.all(['outside/in.txt', 'outside/new.txt', 'outside/sub/x'].map((text) => other.store(new TextEncoder().encode(text))))
  await other.close()
  const swapper = fork(join(import.meta.dirname, '../node/testing/swap-forever.mjs'), [join(root, 'flip'), outside])
  await once(swapper, 'message')
  let failed = 0
  try {
    for (let round = 0; round < RACES; round++) {
      failed += (await store.apply(root, `r${round}`, round % 2 === 0 ? back : there, () => undefined)).failed.length
      if (round % 4 === 0) await store.take(root, limits)
    }
  } finally {
    swapper.kill('SIGKILL')
    await once(swapper, 'exit')
  }
  expect(treeOf(outside, [])).toEqual(before)
  // Nothing from outside was kept either.
  for (const hash of theirs) await expect(store.read(hash, 1000)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
  expect(failed).toBeGreaterThan(0)
  proved(context, 'link-swap races', RACES)
}, 300_000)
