import type { Session } from '#contract/sessions'
import { CommandError, type SlashCommand } from '../../../features/chat/composer/slash-command'
import { useServices } from '../../../lib/services'
import { modes } from '../../modes'
import { useModelState } from '../../use-window-state'

export function useModelCommands(session: Session): readonly SlashCommand[] {
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
