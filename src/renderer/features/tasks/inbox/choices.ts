import type { Task } from '#contract/tasks'
import { countWords } from '../words'

export type TaskChoice = 'accept' | 'retry' | 'go-on' | 'requeue' | 'leave'

/** What a person can answer to a task that waits for them. A schedule is asked about its due times instead. */
export function choicesOf({ state, when }: Pick<Task, 'state' | 'when'>): readonly TaskChoice[] {
  if (when.kind !== 'adhoc') return []
  switch (state) {
    case 'review': return ['accept']
    case 'needs_you': return ['go-on', 'leave']
    case 'dead_letter': return ['requeue', 'leave']
    case 'failed':
    case 'missed': return ['retry', 'leave']
    default: return []
  }
}

/** What each answer leads to. `waiting`: how many tasks wait for this one. */
export function nextWords({ state, attempts, attempt }: Pick<Task, 'state' | 'attempts' | 'attempt'>, waiting: number): string {
  const freed = waiting === 0 ? '' : ` and ${countWords(waiting, 'task')} that ${waiting === 1 ? 'waits' : 'wait'} for it may start`
  const kept = waiting === 0 ? 'It goes to Cancelled if you leave it.' : `If you leave it, it goes to Cancelled, and ${countWords(waiting, 'task')} ${waiting === 1 ? 'waits' : 'wait'} on.`
  switch (state) {
    case 'review': return `Accepted, it counts as done${freed}. To send it back with words, look at it.`
    case 'needs_you': return `It goes on where it stopped. ${kept}`
    case 'dead_letter': return `All ${countWords(attempts.max, 'attempt')} are used up; back in the queue it has them anew. ${kept}`
    case 'failed': return `The next attempt (${attempt + 1}) goes on after the last finished step where it can. ${kept}`
    case 'missed': return `Tried again, it starts as soon as it may. ${kept}`
    default: return ''
  }
}
