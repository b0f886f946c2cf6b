import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compileName } from './glob'
import { createIgnoreRules } from './ignore-rules'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trestle-ignore-'))
  execFileSync('git', ['init', '-q'], { cwd: folder })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const patterns = ['*.log', '!keep.log', '/top', 'dir/', 'a/b', 'a/**/z', '**/deep', 'x*y?z', '[abc].txt', '[!abc].md', '\\#hash', '\\!bang', 'space\\ ', 'trail  ', '# comment', 'a/*', '!a/b', '*', '/*.c', 'foo/**', '[[:digit:]]*']
const paths = ['x.log', 'keep.log', 'top', 'sub/top', 'dir', 'sub/dir', 'a/b', 'c/a/b', 'a/z', 'a/q/r/z', 'q/deep', 'deep', 'xyyzz', 'xqyqz', 'a.txt', 'd.txt', 'a.md', 'd.md', '#hash', '!bang', 'space ', 'trail', 'm.c', 'n/m.c', 'foo/bar', 'foo', '7up']

/** Git ends with 1 when nothing is ignored. */
function asGit(pattern: string): string[] {
  writeFileSync(join(folder, '.gitignore'), `${pattern}\n`)
  const output = spawnSync('git', ['check-ignore', '--no-index', '--stdin', '-v', '-n', '-z'], { cwd: folder, input: `${paths.join('\0')}\0`, encoding: 'utf8' }).stdout.split('\0')
  return paths.filter((_path, index) => (output[index * 4 + 2] ?? '') !== '' && !(output[index * 4 + 2] ?? '').startsWith('!'))
}

it.each(patterns.map((pattern) => [pattern]))('%s ignores what git ignores', (pattern) => {
  const rules = createIgnoreRules(null, '', pattern)
  const ignores = (path: string) => path.split('/').some((_name, index, names) => {
    const part = names.slice(0, index + 1).join('/')
    return rules?.ignores(part, names[index] ?? '', index < names.length - 1) ?? false
  })
  expect(paths.filter(ignores)).toEqual(asGit(pattern))
})

it('is quick whatever the pattern', () => {
  const started = performance.now()
  expect(compileName(`${'*a'.repeat(60)}b`)('a'.repeat(255))).toBe(false)
  expect(performance.now() - started).toBeLessThan(200)
})
