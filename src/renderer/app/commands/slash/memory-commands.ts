import { useQueryClient } from '@tanstack/react-query'
import type { MemoryItem } from '#contract/memory'
import type { Session } from '#contract/sessions'
import { CommandError, type SlashCommand } from '../../../features/chat/composer/slash-command'
import { shorten } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { useUiStore } from '../../ui-context'

const verbs = [
  { value: 'add', note: 'remember something', goesOn: true }, { value: 'list', note: 'open the memory' }, { value: 'search', note: 'what is remembered of it', goesOn: true },
  { value: 'forget', note: 'what says this', goesOn: true }, { value: 'clear', note: 'what was noted in this session; “clear folder”, “clear everywhere” for the rest' },
] as const
const FOUND = 8

type MemoryArea = { readonly scope: 'session'; readonly sessionId: string } | { readonly scope: 'workspace'; readonly workspaceId: string } | { readonly scope: 'user' }

/** `/memory`: what is remembered, from the message field. */
export function useMemoryCommands({ id, workspaceId }: Session): readonly SlashCommand[] {
  const { client, orpc, toasts } = useServices()
  const queries = useQueryClient()
  const ui = useUiStore()
  const place = { forSession: id, ...(workspaceId !== null && { forWorkspace: workspaceId }) }
  const find = async (q: string): Promise<readonly MemoryItem[]> => (await client.memory.query({ q, mode: 'hybrid', limit: FOUND, ...place })).items.map(({ item }) => item)
  const changed = () => queries.invalidateQueries({ queryKey: orpc.memory.key() })

  const forget = async (what: string): Promise<string> => {
    const found = await find(what)
    const exact = found.filter(({ text }) => text.toLowerCase() === what.toLowerCase())
    const [item, ...others] = exact.length > 0 ? exact : found.filter(({ text }) => text.toLowerCase().includes(what.toLowerCase()))
    if (!item) throw new CommandError(found.length === 0 ? 'Nothing like this is remembered.' : `Nothing says exactly this. Near it: ${listed(found.slice(0, 3))}`)
    if (others.length > 0) throw new CommandError(`${others.length + 1} items say this; say more of it: ${listed([item, ...others].slice(0, 4))}`)
    await client.memory.forget({ id: item.id })
    await changed()
    toasts.info(`Forgotten: “${shorten(item.text, 80)}”`, [{ label: 'Undo', run: () => void client.memory.restore({ id: item.id }).then(changed) }])
    return 'Forgotten. It is not recalled any more and not learnt again.'
  }
  const areaOf = (word: string): MemoryArea => {
    switch (word.trim().toLowerCase()) {
      case '':
      case 'session':
        return { scope: 'session', sessionId: id }
      case 'folder':
      case 'workspace':
        if (workspaceId === null) throw new CommandError('This session has no folder.')
        return { scope: 'workspace', workspaceId }
      case 'everywhere':
      case 'user':
        return { scope: 'user' }
      default:
        throw new CommandError('After /memory clear stands nothing (this session), folder or everywhere.')
    }
  }
  const clear = async (word: string): Promise<string> => {
    const area = areaOf(word)
    const { forgotten, at } = await client.memory.clear(area)
    await changed()
    const where = { session: 'this session', workspace: 'this folder', user: 'everywhere' }[area.scope]
    if (forgotten === 0) return `Nothing is remembered for ${where} alone.`
    const said = `Forgotten: ${forgotten} ${forgotten === 1 ? 'item' : 'items'} for ${where}.`
    const restore = () => client.memory.bulk({ filter: { ...area, state: 'forgotten', from: at }, do: { action: 'restore' } }).then(changed)
    toasts.info(said, [{ label: 'Undo', run: () => void restore() }])
    return `${said} They can be remembered again in the memory, among the forgotten.`
  }
  const run = async (typed: string): Promise<string | undefined> => {
    const [, verb = 'list', rest = ''] = /^(\S+)\s*([\s\S]*)$/.exec(typed.trim()) ?? []
    switch (verb.toLowerCase()) {
      case 'add': {
        if (rest === '') throw new CommandError('Say what: /memory add The tests need a running server')
        const { item, outcome } = await client.memory.save({ text: rest, ...(workspaceId === null ? { scope: 'user' } : { scope: 'workspace', workspaceId }), source: { sessionId: id } })
        await changed()
        return `${outcome === 'known' ? 'Known already' : 'Remembered'} ${item.scope === 'user' ? 'everywhere' : 'in this folder'}: “${shorten(item.text, 80)}”`
      }
      case 'list':
        ui.getState().go({ view: 'memory', memoryId: null })
        return undefined
      case 'search': {
        if (rest === '') throw new CommandError('Say what you look for: /memory search server')
        const found = await find(rest)
        return found.length === 0 ? 'Nothing is remembered of that.' : listed(found)
      }
      case 'forget':
        if (rest === '') throw new CommandError('Say what is to be forgotten: /memory forget The tests need a running server')
        return forget(rest)
      case 'clear':
        return clear(rest)
      default:
        throw new CommandError('After /memory stands add, list, search, forget or clear.')
    }
  }
  return [{ name: 'memory', argument: '<add|list|search|forget|clear>', description: 'What is remembered', choices: verbs, run }]
}

function listed(items: readonly MemoryItem[]): string {
  return items.map(({ text }) => `“${shorten(text, 120)}”`).join(' · ')
}
