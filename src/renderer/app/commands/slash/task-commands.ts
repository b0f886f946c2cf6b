import type { Entry } from '#contract/entries'
import type { Session } from '#contract/sessions'
import { CommandError, type SlashCommand } from '../../../features/chat/composer/slash-command'
import { errorMessage } from '../../../lib/error-message'
import { shorten } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { useUiStore } from '../../ui-context'
import { contextOf, lastPrompt } from './task-context'

const entriesRead = 60

/** Gives work away out of a conversation: now or later, with what was said last as its background. */
export function useTaskCommands(session: Session): readonly SlashCommand[] {
  const { client, cache, toasts } = useServices()
  const ui = useUiStore()
  const make = async (typed: string, start: 'ready' | 'backlog'): Promise<undefined> => {
    const { items } = await client.sessions.entries({ id: session.id, headId: session.activeHeadId, limit: entriesRead })
    const entries: readonly Entry[] = items
    const instruction = typed === '' ? lastPrompt(entries) : typed
    if (instruction === null) throw new CommandError(`Say what is to be done: /${start === 'ready' ? 'task' : 'later'} Write to the harbour master`)
    const task = await client.tasks.create({
      title: shorten(instruction, 80), instruction: instruction.slice(0, 200_000), context: contextOf(session.title, entries, typed === ''),
      workspaceId: session.workspaceId, mode: session.mode, model: session.model, sessionId: session.id, start, idempotencyKey: crypto.randomUUID(),
    })
    cache.task(task)
    toasts.info(`“${shorten(task.title, 40)}” is a task in ${start === 'ready' ? 'Ready' : 'Backlog'} now.`, [
      { label: 'Show it', run: () => ui.getState().go({ view: 'tasks', taskId: task.id }) },
      {
        label: 'Undo',
        run: () => void client.tasks.remove({ id: task.id }).then(() => toasts.info('The task is gone.'), (error: unknown) => toasts.error(`The task was not removed: ${errorMessage(error)}`)),
      },
    ])
    return undefined
  }
  return [
    { name: 'task', argument: '[what]', description: 'Give this away as a task; without words, your last message', run: (typed) => make(typed, 'ready') },
    { name: 'later', argument: '[what]', description: 'Do this later: put it into Backlog', run: (typed) => make(typed, 'backlog') },
  ]
}
