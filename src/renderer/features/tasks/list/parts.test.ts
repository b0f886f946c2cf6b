import { expect, test } from 'vitest'
import type { Task } from '#contract/tasks'
import { withParts } from './parts'

const task = (id: string, parentId: string | null = null, createdAt = 0) => ({ id, parentId, createdAt }) as Task
const all = [task('a'), task('a2', 'a', 2), task('a1', 'a', 1), task('b'), task('b1', 'b')]
const keys = (shown: readonly Task[], opened: readonly string[]) => withParts(shown, all, new Set(opened)).map(({ key, parent }) => `${key}${parent === null ? '' : ` of ${parent.id}`}`)

test('the parts of a task stand under it once it is opened, oldest first, also those that are rows of their own', () => {
  expect(keys(all, [])).toEqual(['a', 'a2', 'a1', 'b', 'b1'])
  expect(keys([task('b'), task('a')], ['a'])).toEqual(['b', 'a', 'a/a1 of a', 'a/a2 of a'])
  expect(keys([task('a'), task('a1', 'a')], ['a', 'gone'])).toEqual(['a', 'a/a1 of a', 'a/a2 of a', 'a1'])
})
