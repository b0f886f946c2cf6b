import { expect, test } from 'vitest'
import { aTask } from '../../../lib/testing/samples'
import { type SortKey, sortTasks } from './sort'

const tasks = [
  aTask('a', { title: 'b', state: 'done', priority: 'low', costUsd: 2, createdAt: 1, updatedAt: 9, workspaceId: 'w2' }),
  aTask('b', { title: 'C', state: 'backlog', priority: 'urgent', costUsd: null, createdAt: 2, updatedAt: 5, workspaceId: null }),
  aTask('c', { title: 'a', state: 'ready', priority: 'high', costUsd: 1, createdAt: 3, updatedAt: 7 }),
]
const names: Readonly<Record<string, string>> = { w1: 'Harbour', w2: 'Airport' }
const sorted = (key: SortKey, isDown = false) => sortTasks(tasks, { key, isDown }, (id) => (id === null ? 'no folder' : (names[id] ?? ''))).map(({ id }) => id).join('')

test.each<[SortKey, string]>([['title', 'cab'], ['state', 'bca'], ['priority', 'acb'], ['workspace', 'acb'], ['activity', 'bca'], ['created', 'abc'], ['cost', 'bca']])('by %s', (key, order) => {
  expect(sorted(key)).toBe(order)
  expect(sorted(key, true)).toBe([...order].reverse().join(''))
})

test('equal ones have the newest first', () => {
  expect(sorted('template')).toBe('cba')
})
