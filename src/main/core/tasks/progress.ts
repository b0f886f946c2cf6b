import { AppError } from '../errors'
import type { TaskProgress } from '../tools/task-progress'
import type { AttemptPorts } from './attempt-records'
import { changeTask, getTask } from './change-task'

/** What an agent says of its checklist. The result is for the agent. AppError for what is not there. */
export function noteProgress(ports: Pick<AttemptPorts, 'store' | 'events' | 'clock' | 'newId'>, sessionId: string, { item, done, note }: TaskProgress): string {
  const { store, events, clock, newId } = ports
  const attempt = store.taskRuns.findBySession(sessionId)
  if (!attempt || attempt.endedAt !== null) throw new AppError('CONFLICT', 'This conversation does not work on a task any more.')
  const { id, checklist } = getTask(store, attempt.taskId)
  const known = checklist[item - 1]
  if (!known) throw new AppError('INVALID_PARAMETERS', `There is no item ${item}: the list has ${checklist.length}.`)
  const next = checklist.map((other, index) => (index === item - 1 ? { ...other, done } : other))
  events.transact((emit) => {
    if (note !== undefined && note !== '') store.taskNotes.addComment({ id: newId(), taskId: id, by: 'agent', text: `${known.text}: ${note}`, at: clock.now() })
    if (known.done !== done) changeTask(ports, emit, id, { by: 'agent', traceId: attempt.id, cause: `${done ? 'Ticked' : 'Unticked'} “${known.text}”`.slice(0, 300), patch: { checklist: next } })
  })
  const open = next.filter((other) => !other.done)
  return open.length === 0 ? 'Noted. Everything on the list is true.' : `Noted. Still open: ${open.map(({ text }) => text).join('; ')}`
}
