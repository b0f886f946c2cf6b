import type { TaskState } from './tasks'

/** `asked`: who asks for it, a person, a script or an agent. `work`: what the work itself comes to. */
type Side = 'asked' | 'work'

const both = 'asked work'

/** Which state may follow which, and by whom. What is not here cannot happen. */
const followers: Readonly<Record<TaskState, Readonly<Partial<Record<TaskState, Side | typeof both>>>>> = {
  backlog: { ready: 'asked', scheduled: 'asked', done: 'asked', cancelled: 'asked' },
  scheduled: { backlog: 'asked', ready: 'asked', done: both, cancelled: 'asked' },
  ready: { running: 'work', needs_you: 'work', missed: 'work', failed: 'work', dead_letter: 'work', backlog: 'asked', scheduled: 'asked', done: 'asked', cancelled: both },
  running: { ready: 'work', needs_you: 'work', review: 'work', done: both, failed: 'work', dead_letter: 'work', backlog: 'asked', cancelled: both },
  needs_you: { running: 'work', ready: both, review: 'work', failed: 'work', dead_letter: 'work', missed: 'work', backlog: 'asked', scheduled: 'asked', done: both, cancelled: both },
  review: { done: 'asked', ready: 'asked', backlog: 'asked', cancelled: both },
  done: { backlog: 'asked', ready: 'asked', scheduled: 'asked' },
  failed: { backlog: 'asked', ready: 'asked', done: 'asked', cancelled: 'asked' },
  missed: { backlog: 'asked', ready: 'asked', done: 'asked', cancelled: 'asked' },
  cancelled: { backlog: 'asked', ready: 'asked', scheduled: 'asked' },
  dead_letter: { backlog: 'asked', ready: 'asked', done: 'asked', cancelled: 'asked' },
}

/** Whether somebody may ask for it: a person, a script or an agent. */
export function mayAskFor(from: TaskState, to: TaskState): boolean {
  const allowed = followers[from][to]
  return allowed === 'asked' || allowed === both
}

/** Whether work itself may come to it. */
export function mayComeTo(from: TaskState, to: TaskState): boolean {
  const allowed = followers[from][to]
  return allowed === 'work' || allowed === both
}
