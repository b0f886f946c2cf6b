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

test('by how much of the parts and of the checklist is done; those without any first', () => {
  const [done, half, none] = [1, 2, 0].map((total, index) => aTask(`${index}`, { createdAt: index, children: { total, done: total === 0 ? 0 : 1 }, checklist: Array.from({ length: total }, (_, at) => ({ id: `${at}`, text: 'so', done: at === 0 })) }))
  for (const key of ['parts', 'progress'] as const) expect(sortTasks([done, half, none].flatMap((task) => task ?? []), { key, isDown: false }, () => '').map(({ id }) => id).join('')).toBe('210')
})

test('equal ones have the newest first', () => {
  expect(sorted('template')).toBe('cba')
})
