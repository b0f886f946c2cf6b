import { expect, test } from 'vitest'
import { createMarkLookup } from './git-marks'

test('a folder has the most telling mark of what is in it, and all of an untracked folder is untracked', () => {
  const { of } = createMarkLookup({
    state: 'repository', branch: 'main', truncated: false,
    items: [{ path: 'src/a.ts', mark: 'modified' }, { path: 'src/deep/b.ts', mark: 'untracked' }, { path: 'new/', mark: 'untracked' }, { path: 'x', mark: 'conflict' }],
  })
  expect([of('src', true), of('src/deep', true), of('src/a.ts', false), of('src/c.ts', false), of('new/sub/y', false), of('new', true), of('x', false)])
    .toEqual(['modified', 'untracked', 'modified', null, 'untracked', 'untracked', 'conflict'])
})

test('without git nothing has a mark, and in a folder that is all new everything has', () => {
  expect(createMarkLookup(null).of('a', false)).toBeNull()
  expect(createMarkLookup({ state: 'repository', branch: null, truncated: false, items: [{ path: './', mark: 'untracked' }] }).of('a/b', false)).toBe('untracked')
})
