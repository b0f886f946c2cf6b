import { mayAskFor } from '#contract/task-states'
import type { MoveTo, Task, TaskState } from '#contract/tasks'
import { isAtWork, stateWords } from '../words'
import { columnOrder, isOrdered } from './columns'

/** What putting a card into a column does. `asks`: it ends something, so it is asked about first. */
export type Drop =
  | { readonly kind: 'move'; readonly to: MoveTo; readonly asks: string | null }
  | { readonly kind: 'place' }
  /** Into Running: it is started. Out of a review into Done: it is accepted. */
  | { readonly kind: 'run' | 'accept' }
  | { readonly kind: 'refuse'; readonly why: string }

/** A column only takes what a person can bring about; everything else work itself does. */
export function dropOn(task: Task, state: TaskState): Drop {
  if (task.state === state) return isOrdered(state) ? { kind: 'place' } : refuse(`It is in ${stateWords[state]} already.`)
  const isSchedule = task.when.kind !== 'adhoc'
  switch (state) {
    case 'scheduled': return isSchedule ? askFor('ready', task, state) : refuse('It has no due times. Give it some first.')
    case 'ready': return isSchedule ? refuse('It is started by its due times: put it into Scheduled.') : askFor('ready', task)
    case 'running': return !isSchedule && (task.state === 'ready' || task.state === 'backlog') ? { kind: 'run' } : refuse('Only what waits to be started can be started.')
    case 'backlog': return askFor('backlog', task)
    case 'done':
      return task.state === 'review' ? { kind: 'accept' } : askFor('done', task)
    case 'cancelled': return askFor('cancelled', task)
    default: return refuse(`Only work itself gets to ${stateWords[state]}.`)
  }
}

/** What may not follow says why. */
function askFor(to: MoveTo, task: Task, state: TaskState = to): Drop {
  if (!mayAskFor(task.state, state)) return refuse(refusals[task.state] ?? `What is in ${stateWords[task.state]} cannot go to ${stateWords[state]}.`)
  return { kind: 'move', to, asks: isAtWork(task) ? 'Its agent is at work and will be stopped.' : null }
}

const refusals: Readonly<Partial<Record<TaskState, string>>> = {
  running: 'It is running already.', cancelled: 'It was cancelled. Put it into Ready to have it done.', done: 'It is done already.',
}

function refuse(why: string): Drop {
  return { kind: 'refuse', why }
}

/** The next column in this direction that takes the card; null when none does. */
export function nextColumn(task: Task, shown: readonly TaskState[], step: 1 | -1): TaskState | null {
  const at = columnOrder.indexOf(task.state)
  const candidates = step === 1 ? columnOrder.slice(at + 1) : columnOrder.slice(0, at).reverse()
  return candidates.find((state) => shown.includes(state) && dropOn(task, state).kind !== 'refuse') ?? null
}
