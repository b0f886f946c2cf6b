import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGitStatus } from './git-status'

let base: string
let root: string
const never = new AbortController().signal
const status = (folder = root, limit = 100) => createGitStatus().read(folder, limit, never)
const shell = (command: string) => execFileSync('/bin/sh', ['-c', command], { cwd: root, stdio: 'pipe', encoding: 'utf8' })
const git = 'git -c user.name=T -c user.email=t@example.org -c init.defaultBranch=main'

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-git-')))
  root = join(base, 'work')
  mkdirSync(root)
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

test('says of each file what git says, under any name', async () => {
  shell(`${git} init -q && mkdir sub && echo 1 > a && echo 1 > sub/b && echo 1 > gone && echo '*.log' > .gitignore && ${git} add . && ${git} commit -qm one
    echo 2 >> a; rm gone; echo n > 'new "quoted" file'; echo s > staged; git add staged; mkdir fresh; echo x > fresh/y; echo l > x.log; printf z > "$(printf 'raw\\377name')"`)
  const report = await status()
  expect(report?.branch).toBe('main')
  expect([...(report?.items ?? [])].sort((left, right) => (left.path < right.path ? -1 : 1))).toEqual([
    { path: 'a', mark: 'modified' }, { path: 'fresh/', mark: 'untracked' }, { path: 'gone', mark: 'deleted' },
    { path: 'new "quoted" file', mark: 'untracked' }, { path: 'raw\udcffname', mark: 'untracked' }, { path: 'staged', mark: 'added' },
  ])
  expect(await status(root, 2)).toMatchObject({ items: [expect.anything(), expect.anything()], truncated: true })
})

test('a folder inside a repository has its own part, and a folder in none has nothing', async () => {
  expect(await status()).toBeNull()
  shell(`${git} init -q && mkdir -p in/deep && echo 1 > top && echo 1 > in/deep/file`)
  expect((await status(join(root, 'in')))?.items).toEqual([{ path: './', mark: 'untracked' }])
  shell(`${git} add in && echo 2 > in/deep/other && echo 3 > top`)
  expect((await status(join(root, 'in')))?.items).toEqual([{ path: 'deep/file', mark: 'added' }, { path: 'deep/other', mark: 'untracked' }])
})

test('a conflict is told as one', async () => {
  shell(`${git} init -q && echo 1 > a && ${git} add . && ${git} commit -qm one && git checkout -qb side && echo 2 > a && ${git} commit -qam two
    git checkout -q main && echo 3 > a && ${git} commit -qam three && ${git} merge side >/dev/null || true`)
  expect((await status())?.items).toEqual([{ path: 'a', mark: 'conflict' }])
})

test('runs no hook, filter, file watcher or command that the repository names, and writes nothing into it', async () => {
  const ran = join(base, 'ran')
  const shout = join(base, 'shout.sh')
  writeFileSync(shout, `#!/bin/sh\necho "$0 $*" >> ${ran}\ncat\n`, { mode: 0o755 })
  shell(`${git} init -q && echo 'a filter=evil' > .gitattributes && echo 1 > a && ${git} add . && ${git} commit -qm one`)
  for (const [key, value] of [
    ['core.fsmonitor', shout], ['filter.evil.clean', shout], ['filter.evil.smudge', shout], ['filter.evil.process', shout], ['filter.evil.required', 'true'],
    ['core.sshCommand', shout], ['credential.helper', shout], ['core.pager', shout], ['diff.external', shout], ['alias.status', `!${shout}`], ['core.hooksPath', join(root, 'hooks')],
  ] as const) shell(`git config '${key}' '${value}'`)
  mkdirSync(join(root, 'hooks'))
  for (const hook of ['post-index-change', 'fsmonitor-watchman', 'pre-commit']) writeFileSync(join(root, 'hooks', hook), `#!/bin/sh\necho hook >> ${ran}\n`, { mode: 0o755 })
  // Same size, other time: git has to look at the content.
  shell('sleep 0.01; echo 2 > a; touch -d "2001-01-01" a')
  const index = statSync(join(root, '.git/index')).mtimeMs
  expect((await status())?.items.some(({ path, mark }) => path === 'a' && mark === 'modified')).toBe(true)
  expect(existsSync(ran)).toBe(false)
  expect(statSync(join(root, '.git/index')).mtimeMs).toBe(index)
})

test('without git there are no marks', async () => {
  expect(await createGitStatus({ environment: { PATH: '/nowhere' } }).read(root, 10, never)).toBeNull()
})
