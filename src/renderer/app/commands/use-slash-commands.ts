import { useMutation, useQuery } from '@tanstack/react-query'
import type { Session } from '#contract/sessions'
import { CommandError } from '../../features/chat/composer/composer'
import type { SlashCommand } from '../../features/chat/composer/slash-command'
import { useSaveCheckpoint } from '../../features/checkpoints/use-checkpoints'
import { useExportSession, useSessionActions } from '../../features/sessions/use-session-actions'
import { useServices } from '../../lib/services'
import { modes } from '../modes'
import { useUiStore } from '../ui-context'
import type { RightTab } from '../ui-store'
import { useModelState, useNewSession, useSelection } from '../use-window-state'

/** What can be done from the message field of a session, in the order in which it is listed. */
export function useSlashCommands(session: Session): readonly SlashCommand[] {
  const { client, orpc, attach } = useServices()
  const ui = useUiStore()
  const { folder } = useSelection()
  const newSession = useNewSession(folder)
  const { save: saveCheckpoint } = useSaveCheckpoint(session.id)
  const save = useExportSession()
  const actions = useSessionActions({ onGone: () => ui.getState().go({ view: 'home' }) })
  const compact = useMutation(orpc.sessions.compact.mutationOptions({ meta: { shownInPlace: true } }))
  const { id } = session
  const open = (tab: RightTab) => (): undefined => {
    ui.getState().setRightTab(tab)
    ui.getState().setOpen('right', true)
  }
  const startNew = (): undefined => {
    if (newSession.isDisabled) throw new CommandError('A new session cannot be started now.')
    newSession.start()
  }
  return [
    { name: 'new', description: 'Start a new session; this one stays in the list', run: startNew },
    { name: 'clear', description: 'The same as /new: nothing is deleted', run: startNew },
    ...useModelCommands(session),
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
    ...useTurnCommands(session),
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
    { name: 'context', description: 'Show what the model is sent', run: open('context') },
    { name: 'changes', description: 'Show what was changed in the folder', run: open('changes') },
    { name: 'timeline', description: 'Show the checkpoints', run: open('timeline') },
    { name: 'settings', description: 'Open the settings', run: () => ui.getState().setDialog({ kind: 'settings' }) },
  ]
}

function useModelCommands(session: Session): readonly SlashCommand[] {
  const { client, cache } = useServices()
  const { usable } = useModelState(session)
  return [
    {
      name: 'model', argument: '<model>', description: 'Change the model of this session', choices: usable.map((model) => ({ value: model.id, note: model.name })),
      run: async (wanted) => {
        const sought = wanted.toLowerCase()
        const exact = usable.find((model) => model.id.toLowerCase() === sought || model.name.toLowerCase() === sought)
        const like = usable.filter((model) => sought !== '' && `${model.id} ${model.name}`.toLowerCase().includes(sought))
        const model = exact ?? (like.length === 1 ? like[0] : undefined)
        if (model === undefined) {
          throw new CommandError(wanted === '' ? 'Say which model: /model and a part of its name.' : like.length > 1 ? `${like.length} models have “${wanted.slice(0, 40)}” in their name; say more of it.` : `No model that can be used has “${wanted.slice(0, 40)}” in its name.`)
        }
        cache.session(await client.sessions.patch({ id: session.id, model: model.id }))
        return `The model is ${model.name} now.`
      },
    },
    {
      name: 'mode', argument: '<ask|auto-edit|sandboxed-auto|plan>', description: 'Change what runs without asking', choices: modes.map(({ value, label }) => ({ value, note: label })),
      run: async (wanted) => {
        const mode = modes.find(({ value, label }) => value === wanted.toLowerCase() || label.toLowerCase() === wanted.toLowerCase())
        if (mode === undefined) throw new CommandError(`Say which mode: ${modes.map(({ value }) => value).join(', ')}.`)
        cache.session(await client.sessions.patch({ id: session.id, mode: mode.value }))
        return `The mode is ${mode.label} now.`
      },
    },
  ]
}

function useTurnCommands(session: Session): readonly SlashCommand[] {
  const { client, cache, queries } = useServices()
  const runs = useQuery(queries.runs(session.id)).data?.items ?? []
  const running = runs.find(({ state }) => state === 'running' || state === 'waiting')
  const last = runs.find(({ headId, startedAt }) => headId === session.activeHeadId && startedAt !== null)
  return [
    {
      name: 'fork', description: 'Go on from here on a new branch; this one stays',
      run: async () => {
        const entryId = session.heads.find((head) => head.id === session.activeHeadId)?.entryId ?? null
        if (entryId === null) throw new CommandError('There is nothing to go on from yet.')
        const { headId: _headId, ...forked } = await client.sessions.fork({ id: session.id, entryId })
        cache.session(forked)
        return 'You are on a new branch now.'
      },
    },
    {
      name: 'retry', description: 'Ask the last message again on a new branch',
      run: async () => {
        if (last === undefined) throw new CommandError('There is no message to ask again.')
        await client.runs.retry({ id: last.id })
        return undefined
      },
    },
    {
      name: 'stop', description: 'Stop the turn that runs',
      run: async () => {
        if (running === undefined) throw new CommandError('No turn is running.')
        await client.runs.cancel({ id: running.id })
        return undefined
      },
    },
  ]
}
