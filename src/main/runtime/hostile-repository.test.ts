import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { startWorkbench, shell, treeOf, type Workbench } from '../../testing/workbench'

const open: Workbench[] = []
afterEach(async () => { for (const bench of open.splice(0)) await bench.close() })

const git = 'git -c user.name=T -c user.email=t@example.org -c protocol.file.allow=always -c init.defaultBranch=main'

/** Hooks that shout, a submodule, a second worktree, staged and unstaged changes, and a rebase in the middle. */
function makeHostile(folder: string, outside: string): void {
  mkdirSync(outside)
  shell(outside, `mkdir sub && cd sub && ${git} init -q && echo sub > sub.txt && ${git} add . && ${git} commit -qm sub`)
  shell(folder, `${git} init -q && printf 'ignored/\\n*.log\\n' > .gitignore && echo one > a.txt && echo b > b.txt && ${git} add . && ${git} commit -qm one
    ${git} submodule --quiet add ../outside/sub sub && ${git} commit -qm submodule
    ${git} checkout -q -b side && echo side > a.txt && ${git} commit -qam side && ${git} checkout -q main && echo main > a.txt && ${git} commit -qam main
    ${git} worktree add -q ../outside/tree side 2>/dev/null
    mkdir -p ignored && echo secret > ignored/file && echo log > x.log
    ${git} checkout -q -b moving main~1 && echo moving > a.txt && ${git} commit -qam moving
    ${git} rebase main >/dev/null 2>&1 || true
    echo staged > staged.txt && ${git} add staged.txt && echo unstaged >> b.txt`)
  for (const hook of ['post-checkout', 'post-index-change', 'pre-commit', 'post-rewrite', 'reference-transaction', 'fsmonitor-watchman']) {
    writeFileSync(join(folder, '.git', 'hooks', hook), `#!/bin/sh\necho ${hook} >> "${outside}/hooks-ran"\n`, { mode: 0o755 })
  }
}

/** What git knows, without letting it write. */
const gitState = (folder: string) => [
  shell(folder, 'git --no-optional-locks -c core.hooksPath=/dev/null status --porcelain=v2 --branch --ignored'),
  shell(folder, 'git show-ref --head && git worktree list && git stash list && cat .git/rebase-merge/head-name'),
  treeOf(join(folder, '.git'), []),
]

it('a repository with everything at once is the same to git before and after checkpoints and restores', async () => {
  const bench = await startWorkbench([
    { toolCalls: [{ name: 'write_file', arguments: { path: 'new.txt', content: 'new\n' } }] },
    { toolCalls: [{ name: 'run_command', arguments: { command: 'echo agent > agent.txt; echo agent >> b.txt; echo more > sub/more.txt; echo mine >> ignored/file' } }] },
    { text: 'Done.' },
  ])
  open.push(bench)
  const outside = join(bench.home, 'outside')
  makeHostile(bench.folder, outside)
  expect(existsSync(join(bench.folder, '.git', 'rebase-merge'))).toBe(true)
  const before = gitState(bench.folder)
  const files = treeOf(bench.folder)
  await bench.turn('work')
  const [first] = (await bench.checkpoints()).slice(-1)
  expect((await bench.client.checkpoints.get({ id: first?.id ?? '' })).coverage.paths.map(({ path, reason }) => [path, reason]).sort()).toEqual([['ignored', 'ignored'], ['x.log', 'ignored']])
  const result = await bench.client.checkpoints.restore({ id: first?.id ?? '' })
  expect(result.failed).toEqual([])
  // What is ignored is nobody's to restore: the command's line in it stays.
  expect(treeOf(bench.folder)).toEqual({ ...files, 'ignored/file': '644 secret\nmine\n' })
  expect(gitState(bench.folder)).toEqual(before)
  await bench.client.checkpoints.restore({ id: result.redoCheckpointId })
  await bench.client.checkpoints.restore({ id: first?.id ?? '' })
  expect(gitState(bench.folder)).toEqual(before)
  expect(existsSync(join(outside, 'hooks-ran'))).toBe(false)
})

it('never follows a link out, in the folder or in the place of one', async () => {
  const bench = await startWorkbench([{ toolCalls: [{ name: 'run_command', arguments: { command: 'rm -r inner && ln -s ../outside inner' } }] }, { text: 'Done.' }])
  open.push(bench)
  const outside = join(bench.home, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'file.txt'), 'theirs\n')
  shell(bench.folder, 'mkdir inner && echo mine > inner/file.txt && ln -s ../outside/file.txt out')
  const before = treeOf(bench.folder)
  await bench.turn('swap')
  const first = (await bench.checkpoints()).at(-1)?.id ?? ''
  const diff = await bench.client.checkpoints.diff({ a: first, b: 'now', limit: 100 })
  expect(diff.files.items.map(({ path, change, after }) => [path, change, after?.kind ?? null])).toEqual([['inner', 'kind', 'link'], ['inner/file.txt', 'removed', null]])
  expect((await bench.client.checkpoints.restore({ id: first, parts: ['files'] })).failed).toEqual([])
  expect(treeOf(bench.folder)).toEqual(before)
  expect(treeOf(outside)).toEqual({ 'file.txt': '644 theirs\n' })
})
