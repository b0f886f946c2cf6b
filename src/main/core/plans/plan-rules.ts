import type { PlanTask } from '#contract/plans'
import { AppError } from '../errors'
import { findCycle } from '../tasks/graph'

/** Throws AppError INVALID_PARAMETERS for keys that come twice or are not there, for circles and for kinds of agents that are not there. */
export function checkPlan(tasks: readonly PlanTask[], hasTemplate: (name: string) => boolean): void {
  const byKey = new Map(tasks.map((task) => [task.key, task]))
  if (byKey.size < tasks.length) throw refusal(`Two tasks have the key “${twice(tasks)}”.`)
  for (const { key, title, dependsOn, template } of tasks) {
    const unknown = dependsOn.find((other) => !byKey.has(other))
    if (unknown !== undefined) throw refusal(`“${title}” waits for “${unknown}”, which is not in the plan.`)
    const cycle = findCycle(key, dependsOn, (other) => byKey.get(other)?.dependsOn ?? [])
    if (cycle) throw refusal(`This would be a circle: ${cycle.map((other) => `“${byKey.get(other)?.title ?? other}”`).join(' waits for ')}.`)
    if (!hasTemplate(template)) throw refusal(`There is no kind of agent “${template}”.`)
  }
}

/** Each task after those that it waits for. The plan must be free of circles. */
export function inOrder(tasks: readonly PlanTask[]): PlanTask[] {
  const ordered = new Map<string, PlanTask>()
  let left = [...tasks]
  while (left.length > 0) {
    const next = left.filter(({ dependsOn }) => dependsOn.every((key) => ordered.has(key)))
    if (next.length === 0) throw new Error('a plan goes round in a circle')
    for (const task of next) ordered.set(task.key, task)
    left = left.filter(({ key }) => !ordered.has(key))
  }
  return [...ordered.values()]
}

function twice(tasks: readonly PlanTask[]): string {
  return tasks.find(({ key }, index) => tasks.findIndex((other) => other.key === key) < index)?.key ?? ''
}

function refusal(message: string): AppError {
  return new AppError('INVALID_PARAMETERS', `${message} Nothing was changed.`)
}
