import { expect, test } from 'vitest'
import { aCheckpoint } from '../../../lib/testing/checkpoint-samples'
import { buildGraph } from './graph'
import { oldestFirst } from './oldest-first'

const shape = (...items: readonly (readonly [id: string, parent: string | null])[]) => {
  const graph = buildGraph(items.map(([id, parentId]) => aCheckpoint(id, { parentId })))
  return { lanes: graph.lanes, rows: graph.rows.map((row) => [row.checkpoint.id, row.lane, row.lines.map((line) => `${line.kind} ${line.from}-${line.to}`).join(', ')]) }
}

test('a history without branches is one straight line', () => {
  expect(shape(['c', 'b'], ['b', 'a'], ['a', null])).toEqual({
    lanes: 1,
    rows: [['c', 0, 'out 0-0'], ['b', 0, 'in 0-0, out 0-0'], ['a', 0, 'in 0-0']],
  })
})

test('after a restore the old line runs beside the new one and joins where they part', () => {
  expect(shape(['new', 'a'], ['old', 'b'], ['b', 'a'], ['a', null])).toEqual({
    lanes: 2,
    rows: [
      ['new', 0, 'out 0-0'],
      ['old', 1, 'pass 0-0, out 1-1'],
      ['b', 1, 'pass 0-0, in 1-1, out 1-1'],
      ['a', 0, 'in 0-0, in 1-0'],
    ],
  })
})

test('a lane is used again once its line has ended', () => {
  expect(shape(['x', 'a'], ['y', 'a'], ['a', null], ['z', null]).lanes).toBe(2)
})

test('a parent that is not listed ends the line', () => {
  expect(shape(['b', 'gone'])).toEqual({ lanes: 1, rows: [['b', 0, '']] })
})

test('where the history parts, all that was made from there is named', () => {
  const graph = buildGraph([aCheckpoint('c', { parentId: 'a' }), aCheckpoint('b', { parentId: 'a' }), aCheckpoint('a')])
  expect(graph.rows.map((row) => row.children)).toEqual([[], [], ['c', 'b']])
})

test('of two points the older one is the left side, in whatever order they were chosen', () => {
  const { rows } = buildGraph([aCheckpoint('new'), aCheckpoint('old')])
  expect([oldestFirst(rows, 'new', 'old'), oldestFirst(rows, 'old', 'new')]).toEqual([['old', 'new'], ['old', 'new']])
})
