import type { PlanTask } from '#contract/plans'

/** The tasks without one; nobody waits for it any more. */
export function withoutTask(tasks: readonly PlanTask[], key: string): PlanTask[] {
  return tasks.filter((task) => task.key !== key).map((task) => ({ ...task, dependsOn: task.dependsOn.filter((other) => other !== key) }))
}

/** One place further to the start or the end. */
export function movedTask(tasks: readonly PlanTask[], key: string, step: 1 | -1): PlanTask[] {
  const from = tasks.findIndex((task) => task.key === key)
  const to = from + step
  const task = tasks[from]
  return task === undefined || to < 0 || to >= tasks.length ? [...tasks] : tasks.toSpliced(from, 1).toSpliced(to, 0, task)
}

export function withTask(tasks: readonly PlanTask[], key: string, change: Partial<PlanTask>): PlanTask[] {
  return tasks.map((task) => (task.key === key ? { ...task, ...change } : task))
}

export function withNewTask(tasks: readonly PlanTask[]): PlanTask[] {
  const keys = new Set(tasks.map(({ key }) => key))
  let number = tasks.length + 1
  while (keys.has(`task-${number}`)) number += 1
  return [...tasks, { key: `task-${number}`, title: '', instruction: '', dependsOn: [], template: 'general', mode: null, budget: { maxCostUsd: null, maxTokens: null, maxMinutes: null } }]
}

/** Those that a task may wait for: not itself, and none that waits for it, directly or not. */
export function possibleDependencies(tasks: readonly PlanTask[], key: string): PlanTask[] {
  const waiting = new Set([key])
  for (let before = 0; before < waiting.size;) {
    before = waiting.size
    for (const task of tasks) if (task.dependsOn.some((other) => waiting.has(other))) waiting.add(task.key)
  }
  return tasks.filter((task) => !waiting.has(task.key))
}

/** Why it cannot be saved yet; null: it can. */
export function planProblem(title: string, tasks: readonly PlanTask[]): string | null {
  if (title.trim() === '') return 'The plan needs a title.'
  if (tasks.length === 0) return 'A plan has at least one task. To have none, ask for changes.'
  const bare = tasks.find((task) => task.title.trim() === '' || task.instruction.trim() === '')
  return bare === undefined ? null : `“${bare.title.trim() || bare.key}” needs a title and what is to be done.`
}
