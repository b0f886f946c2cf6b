import { useMemo } from 'react'
import type { BulkAction, Priority, Task, TaskState } from '#contract/tasks'
import { errorMessage } from '../../lib/error-message'
import { shorten } from '../../lib/format'
import { type Services, useServices } from '../../lib/services'
import { dropOn } from './board/drop'
import { useTasksParts } from './tasks-context'
import type { TasksParts } from './tasks-parts'
import { countWords, isAtWork, priorityWords, stateWords } from './words'

export interface TaskActions {
  /** Puts cards into a column, behind `afterId` (null: at its top). Asks first where that ends work. */
  put(tasks: readonly Task[], state: TaskState, afterId?: string | null): void
  remove(tasks: readonly Task[]): void
  setPriority(tasks: readonly Task[], priority: Priority): void
  tag(tasks: readonly Task[], tags: { readonly add: readonly string[]; readonly remove: readonly string[] }): void
  /** Starts it now. */
  run(task: Task): void
  /** Again after it failed or was parked; a dead letter with all its attempts. */
  retry(task: Task): void
}

export function useTaskActions(): TaskActions {
  const services = useServices()
  const parts = useTasksParts()
  return useMemo(() => createTaskActions(services, parts), [services, parts])
}

function createTaskActions(services: Services, parts: TasksParts): TaskActions {
  const { client, cache } = services
  const { ask } = parts.board.getState()
  return {
    put: (tasks, state, afterId) => put(services, parts, { tasks, state, ...(afterId === undefined ? {} : { afterId }) }),
    setPriority: (tasks, priority) => void together(services, tasks, { action: 'priority', priority }, `${nameOf(tasks)}: priority ${priorityWords[priority]}.`),
    tag: (tasks, { add, remove }) => void together(services, tasks, { action: 'tag', add: [...add], remove: [...remove] }, `Changed the tags of ${nameOf(tasks)}.`),
    run: (task) => void each(services, [task], async ({ id }) => cache.task(await client.tasks.run({ id })), `Started ${nameOf([task])}.`),
    retry: (task) => void each(services, [task], async ({ id, state }) => cache.task(await (state === 'dead_letter' ? client.tasks.requeue({ id }) : client.tasks.retry({ id }))), `Trying ${nameOf([task])} again.`),
    remove: (tasks) => {
      const working = tasks.filter(isAtWork)
      const run = (): void => {
        // Work ends now; only the cards wait for an Undo.
        if (working.length > 0) void each(services, working, async ({ id }) => cache.task(await client.tasks.cancel({ id })), `Stopped ${nameOf(working)}.`)
        parts.removals.remove(tasks)
        parts.board.getState().select(tasks.map(({ id }) => id), false)
      }
      if (working.length === 0) return run()
      ask({
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
  const takenTasks = taken.map(({ task }) => task)
  const [why] = refused
  if (why !== undefined && taken.length === 0) return tell(services, tasks.length === 1 ? why : `None of these can go to ${stateWords[state]}. ${why}`)
  const ends = taken.filter(({ drop }) => drop.kind === 'move' && drop.asks !== null).length
  const moves = taken.flatMap(({ drop }) => (drop.kind === 'move' ? [drop.to] : []))
  const run = (): void => {
    const done = taken.every(({ drop }) => drop.kind === 'place') ? `Moved ${nameOf(tasks)} inside ${stateWords[state]}.` : `Moved ${nameOf(takenTasks)} to ${stateWords[state]}.`
    const said = done + (refused.length === 0 ? '' : ` ${countWords(refused.length, 'task')} stayed: ${why}`)
    const [to] = moves
    if (afterId === undefined && taken.length > 1 && moves.length === taken.length && to !== undefined) return void together(services, takenTasks, { action: 'move', to }, said)
    let behind = afterId
    void each(services, takenTasks, async (task) => {
      services.cache.task(await bringTo(services, task, state, behind))
      if (behind !== undefined) behind = task.id
    }, said)
  }
  if (ends === 0) return run()
  parts.board.getState().ask({
    title: `Move ${nameOf(tasks)} to ${stateWords[state]}?`, text: `${agentsWords(ends)} at work and will be stopped. What was done until now is kept.`, confirm: 'Stop and move', run,
  })
}

function bringTo({ client }: Services, task: Task, state: TaskState, afterId: string | null | undefined): Promise<Task> {
  const drop = dropOn(task, state)
  const { id } = task
  const place = afterId === undefined ? {} : { afterId }
  if (drop.kind === 'run') return client.tasks.run({ id })
  if (drop.kind === 'accept') return client.tasks.review({ id, accept: true })
  if (drop.kind === 'move') return drop.to === 'cancelled' ? client.tasks.cancel({ id }) : client.tasks.move({ id, to: drop.to, ...place })
  return client.tasks.move({ id, ...place })
}

const mostAtOnce = 2_000

/** All in one call; what became of them comes as events. */
async function together(services: Services, tasks: readonly Task[], action: BulkAction, done: string): Promise<void> {
  const failures: unknown[] = []
  for (let start = 0; start < tasks.length; start += mostAtOnce) {
    try {
      const { items } = await services.client.tasks.bulk({ ids: tasks.slice(start, start + mostAtOnce).map(({ id }) => id), do: action })
      failures.push(...items.flatMap(({ error }) => (error === null ? [] : [error.message])))
    } catch (error) {
      failures.push(error)
    }
  }
  tellEnd(services, tasks, failures, done)
}

/** One after the other, so that they keep their order. What failed is told once; the rest goes on. */
async function each(services: Services, tasks: readonly Task[], act: (task: Task) => Promise<void>, done: string): Promise<void> {
  const failures: unknown[] = []
  for (const task of tasks) await act(task).catch((error: unknown) => void failures.push(error))
  tellEnd(services, tasks, failures, done)
}

function tellEnd({ announcer, toasts }: Services, tasks: readonly Task[], failures: readonly unknown[], done: string): void {
  const [first] = failures
  if (failures.length === 0) return announcer.say(done)
  const text = typeof first === 'string' ? first : errorMessage(first)
  toasts.error(tasks.length === 1 ? text : `${failures.length} of ${countWords(tasks.length, 'task')}: ${text}`)
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
