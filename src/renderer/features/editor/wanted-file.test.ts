import { expect, test } from 'vitest'
import { parseWanted } from './wanted-file'

test('a line and a column may come after the name', () => {
  expect(['app', 'app.ts:12', 'app.ts:12:5', ':7', 'app:', 'a:b:3', ''].map(parseWanted)).toEqual([
    { query: 'app', at: null }, { query: 'app.ts', at: { line: 12 } }, { query: 'app.ts', at: { line: 12, column: 5 } }, { query: '', at: { line: 7 } },
    { query: 'app', at: null }, { query: 'a:b', at: { line: 3 } }, { query: '', at: null },
  ])
})
