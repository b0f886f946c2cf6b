import { expect, test } from 'vitest'
import { treeMove } from './tree-keys'
import type { TreeRow } from './tree-rows'

const row = (path: string, level: number, isExpanded?: boolean): TreeRow => ({
  path, name: path, kind: isExpanded === undefined ? 'file' : 'folder', ignored: false, level, isExpanded: isExpanded ?? false, position: 1, setSize: 1,
})
const rows = [row('open', 1, true), row('inner', 2, false), row('file', 2), row('last', 1)]
const move = (key: string, at: number) => treeMove(key, rows, at, 2)

test('arrows go through the rows and stay inside', () => {
  expect([move('ArrowDown', 0), move('ArrowUp', 0), move('ArrowDown', 3), move('PageDown', 0), move('End', 0), move('Home', 3)])
    .toEqual([1, 0, 3, 2, 3, 0].map((index) => ({ kind: 'go', index })))
})

test('right opens a folder and goes in, left goes out and closes', () => {
  expect(move('ArrowRight', 1)).toEqual({ kind: 'toggle', path: 'inner', open: true })
  expect(move('ArrowRight', 0)).toEqual({ kind: 'go', index: 1 })
  expect(move('ArrowRight', 2)).toBeNull()
  expect(move('ArrowLeft', 2)).toEqual({ kind: 'go', index: 0 })
  expect(move('ArrowLeft', 0)).toEqual({ kind: 'toggle', path: 'open', open: false })
  expect(move('ArrowLeft', 3)).toBeNull()
})
