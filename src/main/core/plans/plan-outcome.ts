import type { Plan } from '#contract/plans'
import type { Store } from '../ports/store'
import type { StoredTask } from '../ports/task-store'
import { isAtEnd, stateName } from '../tasks/states'

const MAX_RESULT_CHARS = 4_000

export interface PlanProgress {
  /** Not at an end, and not kept from starting by what ended. */
  readonly open: readonly StoredTask[]
  /** Wait, directly or not, for something that ended without success. */
  readonly stuck: readonly StoredTask[]
  /** One of them ended without success. */
  readonly failed: boolean
}

/** How the tasks of an approved plan stand. One that was removed has ended. */
export function progressOf(store: Pick<Store, 'tasks'>, { taskIds }: Pick<Plan, 'taskIds'>): PlanProgress {
  const tasks = Object.values(taskIds).map((id) => store.tasks.get(id)).filter((task) => task !== null)
  const hopeless = new Set(tasks.filter(({ state }) => isAtEnd(state) && state !== 'done').map(({ id }) => id))
  const failed = hopeless.size > 0
  const stuck: StoredTask[] = []
  for (let found = true; found;) {
    found = false
    for (const task of tasks) {
      if (hopeless.has(task.id) || task.state !== 'ready' || !task.blockedBy.some((id) => hopeless.has(id))) continue
      hopeless.add(task.id)
      stuck.push(task)
      found = true
    }
  }
  return { open: tasks.filter(({ id, state }) => !isAtEnd(state) && !hopeless.has(id)), stuck, failed }
}

/** What came of each task, for the agent that proposed them. */
export function outcomeText(store: Pick<Store, 'tasks'>, { tasks, taskIds, revision }: Pick<Plan, 'tasks' | 'taskIds' | 'revision'>): { readonly content: string; readonly isError: boolean } {
  const details = tasks.map((task) => ({ task, detail: store.tasks.detail(taskIds[task.key] ?? '') }))
  const done = details.filter(({ detail }) => detail?.state === 'done').length
  const parts = details.map(({ task, detail }) => {
    const state = detail === null ? 'removed by the person' : stateName(detail.state)
    const said = detail?.state === 'done' ? (detail.result ?? '(no words)') : (detail?.reason ?? detail?.error?.message ?? '')
    return `## ${task.key}: ${task.title}\n${state}${said === '' ? '' : `\n\n${said.length > MAX_RESULT_CHARS ? `${said.slice(0, MAX_RESULT_CHARS)}…` : said}`}`
  })
  const changed = revision > 1 ? ' The person had changed it before.' : ''
  return { content: [`The plan was approved and has ended: ${done} of ${tasks.length} tasks are done.${changed}`, ...parts].join('\n\n'), isError: done === 0 }
}
