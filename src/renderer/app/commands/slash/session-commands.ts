import { useMutation } from '@tanstack/react-query'
import type { Session } from '#contract/sessions'
import { CommandError, type SlashCommand } from '../../../features/chat/composer/slash-command'
import { useSaveCheckpoint } from '../../../features/checkpoints/use-checkpoints'
import { useExportSession, useSessionActions } from '../../../features/sessions/use-session-actions'
import { useServices } from '../../../lib/services'
import { useUiStore } from '../../ui-context'
import { useNewSession, useSelection } from '../../use-window-state'

/** A page of the timeline. */
const MOST_NAMED = 100

/** What is done with the session as a whole. */
export function useSessionCommands(session: Session): readonly SlashCommand[] {
  const { client, orpc, attach } = useServices()
  const ui = useUiStore()
  const { folder } = useSelection()
  const newSession = useNewSession(folder)
  const { save: saveCheckpoint } = useSaveCheckpoint(session.id)
  const save = useExportSession()
  const actions = useSessionActions({ onGone: () => ui.getState().go({ view: 'home' }) })
  const compact = useMutation(orpc.sessions.compact.mutationOptions({ meta: { shownInPlace: true } }))
  const { id } = session
  const startNew = (): undefined => {
    if (newSession.isDisabled) throw new CommandError('A new session cannot be started now.')
    newSession.start()
  }
  return [
    { name: 'new', description: 'Start a new session; this one stays in the list', run: startNew },
    { name: 'clear', description: 'The same as /new: nothing is deleted', run: startNew },
    {
      name: 'compact', description: 'Summarise what came before the newest message, to make room',
      run: async () => {
        await compact.mutateAsync({ id })
        return 'Summarised. The conversation is kept; the model is sent the summary.'
      },
    },
    {
      name: 'checkpoint', argument: '[name]', description: 'Save files and conversation as they are',
      run: async (name) => {
        await saveCheckpoint(name === '' ? null : name)
        return undefined
      },
    },
    {
      name: 'restore', argument: '[name]', description: 'Go back to the newest checkpoint with this name; shows first what would change',
      run: async (name) => {
        const { items } = await client.checkpoints.list({ id, limit: MOST_NAMED })
        const wanted = name.toLowerCase()
        const checkpoint = items.find(({ title }) => title.toLowerCase().startsWith(wanted)) ?? items.find(({ title }) => title.toLowerCase().includes(wanted))
        if (checkpoint === undefined) throw new CommandError(items.length === 0 ? 'This session has no checkpoint yet.' : `No checkpoint has “${name}” in its name; /timeline shows them all.`)
        ui.getState().setDialog({ kind: 'restore', source: { kind: 'checkpoint', sessionId: id, checkpoint } })
        return undefined
      },
    },
    {
      name: 'attach', argument: '<path>', description: 'Attach a file of the folder',
      run: async (path) => {
        if (path === '') throw new CommandError('Say which file: /attach src/main.ts')
        if (!(await attach(id, { from: 'workspace', path }))) throw new CommandError(`${path} was not attached.`)
        return undefined
      },
    },
    {
      name: 'export', argument: '[markdown|json]', description: 'Save this session as a file', choices: [{ value: 'markdown' }, { value: 'json', note: 'all branches' }],
      run: async (format) => {
        if (!['', 'md', 'markdown', 'json'].includes(format)) throw new CommandError('A session is exported as markdown or as json.')
        await save.mutateAsync({ id, format: format === 'json' ? 'json' : 'markdown' })
        return undefined
      },
    },
    {
      name: 'rename', argument: '<title>', description: 'Give this session another title',
      run: async (title) => {
        if (title === '') throw new CommandError('Say the new title: /rename The harbour light')
        await client.sessions.patch({ id, title: title.slice(0, 200) })
        return undefined
      },
    },
    { name: 'pin', description: session.pinned ? 'Unpin this session' : 'Keep this session at the top of the list', run: () => actions.pin(session) },
    { name: 'archive', description: 'Take this session out of the list', run: () => actions.archive(session) },
  ]
}
