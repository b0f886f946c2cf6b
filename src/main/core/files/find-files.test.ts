import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findFiles } from './find-files'

const listOf = (paths: readonly string[]) => ({ paths, lower: paths.map((path) => path.toLowerCase()) })
const found = (paths: readonly string[], query: string, mode: 'fuzzy' | 'contains' = 'fuzzy', limit = 10) =>
  findFiles(listOf(paths), { query, mode, limit }).items.map(({ path }) => path)

test('a name comes before a folder, a whole word before a part, and a short path before a long one', () => {
  expect(found(['app/shell/index.ts', 'src/deep/shell.tsx', 'shell.tsx', 'src/nutshell.ts'], 'shell')).toEqual(
    ['shell.tsx', 'src/deep/shell.tsx', 'src/nutshell.ts', 'app/shell/index.ts'])
})

test('characters may be apart, in order, over the whole path', () => {
  expect(found(['src/main/core/errors.ts', 'src/renderer/app.tsx'], 'cerr')[0]).toBe('src/main/core/errors.ts')
  expect(found(['src/main/core/errors.ts'], 'sroc')).toEqual([])
  expect(found(['src/use-window-state.ts', 'src/usws/unwanted-sets.ts'], 'uws')[0]).toBe('src/use-window-state.ts')
})

test('words may come in any order, and all must be there', () => {
  expect(found(['src/tree/row.tsx', 'src/row.tsx'], 'row tree', 'contains')).toEqual(['src/tree/row.tsx'])
  expect(findFiles(listOf(['a/Row.tsx']), { query: 'ROW', mode: 'contains', limit: 1 }).items).toEqual([{ path: 'a/Row.tsx', positions: [2, 3, 4] }])
})

test('without a query it is the beginning of the list', () => {
  expect(findFiles(listOf(['a', 'b', 'c']), { query: '  ', mode: 'fuzzy', limit: 2 })).toEqual({ items: [{ path: 'a', positions: [] }, { path: 'b', positions: [] }], matching: 3 })
})

test('the best few are the first of all, sorted, and the positions are of the query', () => {
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[ab/]{1,6}$/), { maxLength: 30 }), fc.stringMatching(/^[ab]{1,3}$/), fc.integer({ min: 1, max: 5 }), (paths, query, limit) => {
    const all = findFiles(listOf(paths), { query, mode: 'fuzzy', limit: 100 })
    const few = findFiles(listOf(paths), { query, mode: 'fuzzy', limit })
    expect(few.items).toEqual(all.items.slice(0, limit))
    expect([few.matching, all.items.length]).toEqual([all.matching, all.matching])
    for (const { path, positions } of all.items) expect(positions.map((at) => path[at]).join('')).toBe(query)
  }))
})
