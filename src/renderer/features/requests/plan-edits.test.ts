import { expect, it } from 'vitest'
import type { PlanTask } from '#contract/plans'
import { movedTask, planProblem, possibleDependencies, withNewTask, withoutTask } from './plan-edits'

const task = (key: string, dependsOn: string[] = []): PlanTask => ({
  key, title: key, instruction: key, dependsOn, template: 'general', mode: null, budget: { maxCostUsd: null, maxTokens: null, maxMinutes: null },
})
const tasks = [task('wood'), task('sail'), task('ship', ['wood', 'sail']), task('trip', ['ship'])]
const keys = (list: readonly PlanTask[]) => list.map(({ key }) => key)

it('takes a task out with everything that waits for it', () => {
  expect(withoutTask(tasks, 'sail')).toEqual([task('wood'), task('ship', ['wood']), task('trip', ['ship'])])
})

it('moves a task within the bounds of the plan', () => {
  expect(keys(movedTask(tasks, 'sail', -1))).toEqual(['sail', 'wood', 'ship', 'trip'])
  expect(keys(movedTask(tasks, 'wood', -1))).toEqual(keys(tasks))
  expect(keys(movedTask(tasks, 'trip', 1))).toEqual(keys(tasks))
})

it('offers only what would be no circle to wait for', () => {
  expect(keys(possibleDependencies(tasks, 'wood'))).toEqual(['sail'])
  expect(keys(possibleDependencies(tasks, 'trip'))).toEqual(['wood', 'sail', 'ship'])
})

it('names a new task as no other, and says what it still needs', () => {
  const more = withNewTask([task('task-2')])
  expect(keys(more)).toEqual(['task-2', 'task-3'])
  expect(planProblem('Ships', more)).toBe('“task-3” needs a title and what is to be done.')
  expect(planProblem(' ', tasks)).toBe('The plan needs a title.')
  expect(planProblem('Ships', [])).toContain('at least one task')
  expect(planProblem('Ships', tasks)).toBeNull()
})
