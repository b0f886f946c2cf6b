import { useMemo } from 'react'
import type { Task, TaskPatch, TaskState } from '#contract/tasks'
import { errorMessage } from '../../lib/error-message'
import { shorten } from '../../lib/format'
import { type Services, useServices } from '../../lib/services'
import { type Drop, dropOn } from './board/drop'
import { type TasksParts, useTasksParts } from './tasks-context'
import { countWords, isAtWork, stateWords } from './words'

export interface TaskActions {
  /** Puts cards into a column, behind `afterId` (null: at its top). Asks first where that ends work. */
  put(tasks: readonly Task[], state: TaskState, afterId?: string | null): void
  remove(tasks: readonly Task[]): void
  patch(tasks: readonly Task[], patch: TaskPatch, done: string): void
}

export function useTaskActions(): TaskActions {
  const services = useServices()
  const parts = useTasksParts()
  return useMemo(() => createTaskActions(services, parts), [services, parts])
}

function createTaskActions(services: Services, parts: TasksParts): TaskActions {
  const { client, cache } = services
  return {
    put: (tasks, state, afterId) => put(services, parts, { tasks, state, ...(afterId === undefined ? {} : { afterId }) }),
    patch: (tasks, patch, done) => void each(services, tasks, async ({ id }) => cache.task(await client.tasks.patch({ id, ...patch })), done),
    remove: (tasks) => {
      const working = tasks.filter(isAtWork)
      const run = (): void => {
        // Work ends now; only the cards wait for an Undo.
        for (const { id } of working) void client.tasks.move({ id, to: 'cancelled' }).then((task) => cache.task(task), () => undefined)
        parts.removals.remove(tasks)
        parts.board.getState().select(tasks.map(({ id }) => id), false)
      }
      if (working.length === 0) return run()
      parts.board.getState().ask({
        title: `Remove ${nameOf(tasks)}?`, text: `${agentsWords(working.length)} at work and will be stopped, with everything started for it. Undo brings back the card, not the work.`,
        confirm: 'Stop and remove', run,
      })
    },
  }
}

interface Put {
  readonly tasks: readonly Task[]
  readonly state: TaskState
  readonly afterId?: string | null
}

function put(services: Services, parts: TasksParts, { tasks, state, afterId }: Put): void {
  const drops = tasks.map((task) => ({ task, drop: dropOn(task, state) }))
  const refused = drops.flatMap(({ drop }) => (drop.kind === 'refuse' ? [drop.why] : []))
  const taken = drops.filter(({ drop }) => drop.kind !== 'refuse')
  const [why] = refused
  if (why !== undefined && taken.length === 0) return tell(services, tasks.length === 1 ? why : `None of these can go to ${stateWords[state]}. ${why}`)
  const ends = taken.filter(({ drop }) => drop.kind === 'move' && drop.asks !== null).length
  const run = (): void => {
    let behind = afterId
    const done = taken.every(({ drop }) => drop.kind === 'place') ? `Moved ${nameOf(tasks)} inside ${stateWords[state]}.` : `Moved ${nameOf(taken.map(({ task }) => task))} to ${stateWords[state]}.`
    const rest = refused.length === 0 ? '' : ` ${countWords(refused.length, 'task')} stayed: ${why}`
    void each(services, taken.map(({ task }) => task), async (task) => {
      services.cache.task(await services.client.tasks.move({ id: task.id, ...toOf(dropOn(task, state)), ...(behind === undefined ? {} : { afterId: behind }) }))
      if (behind !== undefined) behind = task.id
    }, done + rest)
  }
  if (ends === 0) return run()
  parts.board.getState().ask({
    title: `Move ${nameOf(tasks)} to ${stateWords[state]}?`, text: `${agentsWords(ends)} at work and will be stopped. What was done until now is kept.`, confirm: 'Stop and move', run,
  })
}

function toOf(drop: Drop) {
  return drop.kind === 'move' ? { to: drop.to } : {}
}

/** One after the other, so that they keep their order. What failed is told once; the rest goes on. */
async function each(services: Services, tasks: readonly Task[], act: (task: Task) => Promise<void>, done: string): Promise<void> {
  const failures: unknown[] = []
  for (const task of tasks) await act(task).catch((error: unknown) => void failures.push(error))
  if (failures.length === 0) return services.announcer.say(done)
  services.toasts.error(tasks.length === 1 ? errorMessage(failures[0]) : `${failures.length} of ${countWords(tasks.length, 'task')}: ${errorMessage(failures[0])}`)
}

function tell({ toasts, announcer }: Services, text: string): void {
  toasts.info(text)
  announcer.say(text)
}

export function nameOf(tasks: readonly Task[]): string {
  const [only] = tasks
  return tasks.length === 1 && only !== undefined ? `“${shorten(only.title, 40)}”` : countWords(tasks.length, 'task')
}

function agentsWords(count: number): string {
  return count === 1 ? 'Its agent is' : `${count} agents are`
}
