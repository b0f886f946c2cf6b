import { expect, test } from 'vitest'
import { aRestoreItem } from '../../../lib/testing/checkpoint-samples'
import { countSelection, everything, restoreChoice, shownHunks, wantedHunks, withAll, withConflict, withConflictHunk, withHunk, withPath } from './selection'

const conflict = { reason: 'changed_since', text: 'changed', choice: 'keep' } as const
const items = [
  aRestoreItem('a.txt'),
  aRestoreItem('b.txt', { action: 'create' }),
  aRestoreItem('c.txt', { action: 'delete' }),
  aRestoreItem('mine.txt', { conflict }),
]

test('everything is selected at first, and then no path is named', () => {
  expect(restoreChoice(everything, items)).toEqual({ conflicts: { 'mine.txt': 'keep' } })
  expect(countSelection(everything, items)).toEqual({ writes: 2, deletes: 1, kept: 1 })
})

test('what is left out makes the rest named', () => {
  const selection = withPath(everything, 'b.txt', false)
  expect(restoreChoice(selection, items)).toEqual({ paths: ['a.txt', 'c.txt', 'mine.txt'], conflicts: { 'mine.txt': 'keep' } })
  expect(restoreChoice(withPath(selection, 'b.txt', true), items)).toEqual(restoreChoice(everything, items))
})

test('some hunks are named, all of them are the whole file, none leaves it out', () => {
  const all = ['h1', 'h2']
  const one = withHunk(everything, 'a.txt', all, 'h2', false)
  expect([wantedHunks(one, 'a.txt', all), restoreChoice(one, items).hunks]).toEqual([['h1'], { 'a.txt': ['h1'] }])
  expect(restoreChoice(withHunk(one, 'a.txt', all, 'h2', true), items).hunks).toBeUndefined()
  const none = withHunk(one, 'a.txt', all, 'h1', false)
  expect([wantedHunks(none, 'a.txt', all), restoreChoice(none, items).paths]).toEqual([[], ['b.txt', 'c.txt', 'mine.txt']])
  expect(wantedHunks(withHunk(none, 'a.txt', all, 'h1', true), 'a.txt', all)).toEqual(['h1'])
})

test('a conflict that is decided for the checkpoint counts as a write', () => {
  const selection = withConflict(everything, 'mine.txt', 'restore')
  expect(countSelection(selection, items)).toEqual({ writes: 3, deletes: 1, kept: 0 })
  expect(restoreChoice(selection, items)).toEqual({ conflicts: { 'mine.txt': 'restore' } })
})

test('damaged content is never counted as restored', () => {
  expect(countSelection(everything, [aRestoreItem('d.txt', { damaged: true })])).toEqual({ writes: 0, deletes: 0, kept: 0 })
})

test('none and all are one press each', () => {
  const none = withAll(everything, items, false)
  expect([restoreChoice(none, items), restoreChoice(withAll(none, items, true), items)]).toEqual([{ paths: [] }, { conflicts: { 'mine.txt': 'keep' } }])
})

test('a hunk of a conflict that is kept replaces that place alone', () => {
  const item = aRestoreItem('mine.txt', { conflict })
  const all = ['one', 'two']
  expect(shownHunks(everything, item, all)).toEqual([])
  const one = withConflictHunk(everything, item, all, 'two', true)
  expect(shownHunks(one, item, all)).toEqual(['two'])
  expect(restoreChoice(one, [item])).toEqual({ hunks: { 'mine.txt': ['two'] }, conflicts: { 'mine.txt': 'restore' } })
  expect(shownHunks(withConflictHunk(one, item, all, 'one', true), item, all)).toEqual(all)
  expect(shownHunks(withConflictHunk(everything, item, ['only'], 'only', true), item, ['only'])).toEqual(['only'])
})
