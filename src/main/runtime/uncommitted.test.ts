import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { shell, startWorkbench, type Workbench } from '../../testing/workbench'

const git = 'git -c user.name=T -c user.email=t@example.org -c init.defaultBranch=main'
let bench: Workbench
beforeEach(async () => {
  bench = await startWorkbench([])
  shell(bench.folder, `${git} init -q && seq 1 40 > numbers && echo gone > gone && mkdir sub && echo 1 > 'sub/a b' && ${git} add . && ${git} commit -qm one`)
})
afterEach(() => bench.close())

const at = (path: string) => join(bench.folder, path)
const list = async () => bench.client.changes.uncommitted({ id: bench.session.id })

it('lists what differs from the last commit, with lines', async () => {
  expect(await list()).toEqual({ state: 'repository', branch: 'main', items: [], truncated: false })
  shell(bench.folder, "sed -i 's/^3$/three/; s/^33$/thirty-three/' numbers; rm gone; mkdir fresh; echo x > fresh/y; echo 2 >> 'sub/a b'")
  const { items } = await list()
  expect(items.map(({ path, change, lines }) => [path, change, lines?.added, lines?.removed]).sort()).toEqual([
    ['fresh/y', 'added', 1, 0], ['gone', 'removed', 0, 1], ['numbers', 'changed', 2, 2], ['sub/a b', 'changed', 1, 0],
  ])
})

it('brings back a part, a file, a deleted and a new one; a checkpoint comes first, so that it can be undone', async () => {
  shell(bench.folder, "sed -i 's/^3$/three/; s/^33$/thirty-three/' numbers; rm gone; mkdir fresh; echo x > fresh/y")
  const { hunks } = await bench.client.changes.uncommittedFile({ id: bench.session.id, path: 'numbers' })
  await bench.client.changes.revertUncommitted({ id: bench.session.id, paths: ['numbers'], hunks: { numbers: [hunks[1]?.id ?? ''] } })
  expect(readFileSync(at('numbers'), 'utf8')).toMatch(/three\n[\s\S]*\n33\n/)
  const result = await bench.client.changes.revertUncommitted({ id: bench.session.id, paths: ['numbers', 'gone', 'fresh/y'] })
  expect(result).toMatchObject({ written: 2, deleted: 1, kept: [], failed: [] })
  expect((await list()).items).toEqual([])
  await bench.client.checkpoints.undo({ target: { restoreId: result.restoreId } })
  expect([existsSync(at('gone')), readFileSync(at('fresh/y'), 'utf8'), readFileSync(at('numbers'), 'utf8').includes('three')]).toEqual([false, 'x\n', true])
})

it('runs nothing that the repository names, and asks git nothing in a folder that is not trusted', async () => {
  const ran = join(bench.home, 'ran')
  const shout = join(bench.home, 'shout.sh')
  writeFileSync(shout, `#!/bin/sh\necho ran >> ${ran}\ncat\n`, { mode: 0o755 })
  shell(bench.folder, `echo 'numbers filter=evil diff=evil' > .gitattributes; for key in core.fsmonitor filter.evil.clean filter.evil.smudge filter.evil.process diff.evil.textconv diff.evil.command diff.external; do git config $key ${shout}; done; echo more >> numbers`)
  expect((await list()).items.map(({ path }) => path)).toContain('numbers')
  await bench.client.changes.revertUncommitted({ id: bench.session.id, paths: ['numbers'] })
  expect(existsSync(ran)).toBe(false)
  await bench.client.workspaces.trust({ id: bench.workspace.id, trusted: false })
  expect((await list()).state).toBe('untrusted')
  await expect(bench.client.changes.uncommittedFile({ id: bench.session.id, path: 'numbers' })).rejects.toMatchObject({ code: 'WORKSPACE_UNTRUSTED' })
})
