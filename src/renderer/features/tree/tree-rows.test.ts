import { expect, test } from 'vitest'
import type { FolderListing } from '#contract/files'
import { canMove, foldersAbove, rowsOf, rowsOfFound } from './tree-rows'

const listing = (path: string, ...names: readonly string[]): [string, FolderListing] => [path, {
  path, truncated: false, entries: names.map((name) => ({ name: name.replace(/[/!]+$/, ''), kind: name.includes('/') ? 'folder' : 'file', ignored: name.endsWith('!') })),
}]
const folders = new Map([listing('', 'src/', 'build/!', 'a.txt', 'x.log!'), listing('src', 'deep/', 'b.ts'), listing('src/deep', 'c.ts')])

test('only what is in open folders is a row, with its place among the others', () => {
  const rows = rowsOf({ folders, expanded: new Set(['src']), showIgnored: false })
  expect(rows.map(({ path, level, position, setSize, isExpanded }) => [path, level, position, setSize, isExpanded])).toEqual([
    ['src', 1, 1, 2, true], ['src/deep', 2, 1, 2, false], ['src/b.ts', 2, 2, 2, false], ['a.txt', 1, 2, 2, false],
  ])
})

test('what is ignored is shown only when it is asked for', () => {
  expect(rowsOf({ folders, expanded: new Set(), showIgnored: true }).map(({ path, ignored }) => [path, ignored])).toEqual([['src', false], ['build', true], ['a.txt', false], ['x.log', true]])
})

test('found files come as a tree, folders first, each once', () => {
  const rows = rowsOfFound([{ path: 'src/deep/c10.ts', positions: [9] }, { path: 'src/deep/c9.ts', positions: [] }, { path: 'a.txt', positions: [] }, { path: 'src/b.ts', positions: [] }])
  expect(rows.map(({ path, level }) => `${level} ${path}`)).toEqual(['1 src', '2 src/deep', '3 src/deep/c9.ts', '3 src/deep/c10.ts', '2 src/b.ts', '1 a.txt'])
  expect(rows.find(({ path }) => path === 'src/deep/c10.ts')?.matched).toEqual([9])
})

test('a folder is not moved into itself, and nothing to where it is', () => {
  expect([canMove('src', 'src/deep'), canMove('src', 'src'), canMove('src/b.ts', 'src'), canMove('src/b.ts', ''), canMove('src', 'source')]).toEqual([false, false, false, true, true])
  expect(foldersAbove('a/b/c.ts')).toEqual(['a', 'a/b'])
})
