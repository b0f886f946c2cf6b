import fc from 'fast-check'
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Snapshots } from '#core/ports/snapshots'
import { treeOf } from '../../../testing/workbench'
import { createContentStore } from './content-store'

const RUNS = Number(process.env['TRESTLE_PROPERTY_RUNS'] ?? 40)
const limits = { maxFileBytes: 1_000_000, maxFiles: 10_000 }

let home: string
let store: Snapshots
let count = 0
beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-random-')))
  store = createContentStore({ folder: join(home, 'content') })
})
afterAll(async () => {
  await store.close()
  rmSync(home, { recursive: true, force: true })
})

const name = fc.constantFrom('a', 'b', 'c', 'é', 'with space', '__proto__', '日本', '.hidden')
const path = fc.array(name, { minLength: 1, maxLength: 3 })
const edit = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), path, bytes: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ kind: fc.constant('write' as const), path, bytes: fc.uint8Array({ minLength: 3000, maxLength: 5000 }) }),
  fc.record({ kind: fc.constant('rename' as const), path, to: path }),
  fc.record({ kind: fc.constant('chmod' as const), path, mode: fc.constantFrom(0o644, 0o755, 0o600) }),
  fc.record({ kind: fc.constant('link' as const), path, target: fc.constantFrom('a', '../b', '/etc/passwd', 'nowhere') }),
  fc.record({ kind: fc.constant('delete' as const), path }),
  fc.record({ kind: fc.constant('folder' as const), path }),
  fc.record({ kind: fc.constant('rawName' as const), path, bytes: fc.uint8Array({ maxLength: 9 }) }),
)
type Edit = (typeof edit) extends fc.Arbitrary<infer T> ? T : never

/** What cannot be done to the tree as it is, is not done. */
function make(root: string, change: Edit): void {
  const at = join(root, ...change.path)
  try {
    switch (change.kind) {
      case 'write':
        mkdirSync(join(at, '..'), { recursive: true })
        return writeFileSync(at, change.bytes)
      case 'rename':
        mkdirSync(join(root, ...change.to, '..'), { recursive: true })
        return renameSync(at, join(root, ...change.to))
      case 'chmod':
        return lstatSync(at).isFile() ? chmodSync(at, change.mode) : undefined
      case 'link':
        mkdirSync(join(at, '..'), { recursive: true })
        return symlinkSync(change.target, at)
      case 'delete':
        return rmSync(at, { recursive: true })
      case 'folder':
        return void mkdirSync(at, { recursive: true })
      case 'rawName':
        mkdirSync(join(at, '..'), { recursive: true })
        return writeFileSync(Buffer.concat([Buffer.from(join(at, '..')), Buffer.from([0x2f, 0x78, 0xff, 0xc3])]), change.bytes)
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
  }
}

async function restore(root: string, target: string): Promise<readonly { readonly path: string; readonly reason: string }[]> {
  const now = await store.take(root, limits)
  const { changes } = await store.diff(now.treeId, target, 100_000)
  return (await store.apply(root, `r${count}`, changes, () => undefined)).failed
}

it('brings back every state byte for byte, in any order, and the state before each restore', async () => {
  const step = fc.record({ edits: fc.array(edit, { maxLength: 8 }), take: fc.boolean() })
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), async (steps, order) => {
    const root = join(home, `work-${count += 1}`)
    mkdirSync(root)
    const states: { treeId: string; files: Record<string, string> }[] = [{ treeId: (await store.take(root, limits)).treeId, files: treeOf(root) }]
    for (const { edits, take } of steps) {
      for (const change of edits) make(root, change)
      if (take) states.push({ treeId: (await store.take(root, limits)).treeId, files: treeOf(root) })
    }
    for (const index of order) {
      const wanted = states[index % states.length]!
      const before = { treeId: (await store.take(root, limits)).treeId, files: treeOf(root) }
      expect(await restore(root, wanted.treeId)).toEqual([])
      expect(treeOf(root)).toEqual(wanted.files)
      expect((await store.take(root, limits)).treeId).toBe(wanted.treeId)
      expect(await restore(root, before.treeId)).toEqual([])
      expect(treeOf(root)).toEqual(before.files)
      expect(await restore(root, wanted.treeId)).toEqual([])
    }
    await store.forget(root)
    rmSync(root, { recursive: true })
  }), { numRuns: RUNS })
}, 600_000)

it('never replaces what was changed between the plan and its writing', async () => {
  await fc.assert(fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 8 }), fc.array(edit, { minLength: 1, maxLength: 8 }), fc.array(edit, { minLength: 1, maxLength: 4 }), async (first, second, foreign) => {
    const root = join(home, `work-${count += 1}`)
    mkdirSync(root)
    for (const change of first) make(root, change)
    const wanted = await store.take(root, limits)
    for (const change of second) make(root, change)
    const planned = await store.take(root, limits)
    const before = treeOf(root)
    const { changes } = await store.diff(planned.treeId, wanted.treeId, 100_000)
    for (const change of foreign) make(root, change)
    const edited = treeOf(root)
    await store.apply(root, `r${count}`, changes, () => undefined)
    const after = treeOf(root)
    for (const [file, content] of Object.entries(edited)) {
      if (!file.endsWith('/') && before[file] !== content) expect(after[file]).toBe(content)
    }
    await store.forget(root)
    rmSync(root, { recursive: true })
  }), { numRuns: RUNS })
}, 600_000)
