import type { FailurePolicy } from '#contract/prompts'
import type { Session } from '#contract/sessions'
import { CommandError, type SlashCommand } from '../../../features/chat/composer/slash-command'
import { shorten } from '../../../lib/format'
import { useServices } from '../../../lib/services'

const actions = [
  { value: 'add', note: 'put a prompt at the end', goesOn: true }, { value: 'list', note: 'say what waits' }, { value: 'start', note: 'work through them' },
  { value: 'stop', note: 'start no more of them' }, { value: 'remove', note: 'take one out, by its number', goesOn: true }, { value: 'clear', note: 'take all out' },
  { value: 'on-failure', note: 'stop, skip or retry', goesOn: true }, { value: 'go-back', note: 'on or off: before a prompt that failed', goesOn: true },
] as const

const policies: readonly FailurePolicy[] = ['stop', 'skip', 'retry']

/** Prompts that the session works through by itself. */
export function useQueueCommands({ id }: Session): readonly SlashCommand[] {
  const { client, parts } = useServices()
  const add = async (text: string): Promise<string> => {
    if (text === '') throw new CommandError('Say what the agent is to be told: /queue add Write the tests')
    const attachments = parts.get(id).attachments.map((attachment) => attachment.id)
    await client.prompts.add({ id, text, attachments })
    parts.change(id, (now) => ({ ...now, attachments: now.attachments.filter((attachment) => !attachments.includes(attachment.id)) }))
    const { queue, items } = await client.prompts.list({ id })
    return queue.state === 'started' ? 'Added. Its turn comes by itself.' : `Added as number ${items.length}. /queue start works through them.`
  }
  const remove = async (argument: string): Promise<string> => {
    const { items } = await client.prompts.list({ id })
    const prompt = items[Number(argument) - 1]
    if (prompt === undefined) throw new CommandError(items.length === 0 ? 'Nothing waits in the prompt queue.' : `Say which: a number from 1 to ${items.length}.`)
    await client.prompts.remove({ id, runId: prompt.id })
    return `Taken out: ${shorten(prompt.text, 60)}`
  }
  const list = async (): Promise<string> => {
    const { items } = await client.prompts.list({ id })
    return items.length === 0 ? 'Nothing waits in the prompt queue.' : items.map(({ text }, index) => `${index + 1}. ${shorten(text, 60)}`).join('  ')
  }
  const setPolicy = async (argument: string): Promise<string> => {
    const onFailure = policies.find((policy) => policy === argument)
    if (onFailure === undefined) throw new CommandError('After a failure the queue can stop, skip or retry.')
    const { retries } = await client.prompts.set({ id, onFailure })
    return { stop: 'After a failure the queue stops.', skip: 'After a failure the queue goes on with the next.', retry: `After a failure the same is tried again, ${retries} times at most.` }[onFailure]
  }
  const setGoBack = async (argument: string): Promise<string> => {
    if (argument !== 'on' && argument !== 'off') throw new CommandError('Say on or off: /queue go-back on')
    await client.prompts.set({ id, goBack: argument === 'on' })
    return argument === 'on' ? 'After a failure the conversation goes back before that prompt.' : 'After a failure the conversation stays as it is.'
  }
  const act = async (action: string, argument: string): Promise<string> => {
    switch (action) {
      case 'add': return add(argument)
      case 'list': case '': return list()
      case 'remove': return remove(argument)
      case 'on-failure': return setPolicy(argument.toLowerCase())
      case 'go-back': return setGoBack(argument.toLowerCase())
      case 'start':
        await client.prompts.start({ id })
        return 'The agent works through the prompts.'
      case 'stop':
        await client.prompts.stop({ id })
        return 'No more prompts are started. The one at work goes on.'
      case 'clear': {
        const { removed } = await client.prompts.clear({ id })
        return removed === 1 ? 'One prompt was taken out.' : `${removed} prompts were taken out.`
      }
      default: throw new CommandError(`/queue cannot ${shorten(action, 30)}. It can ${actions.map(({ value }) => value).join(', ')}.`)
    }
  }
  return [{
    name: 'queue', argument: '<add|list|start|stop|remove|clear>', description: 'Let the agent work through several prompts', choices: actions,
    run: async (typed) => {
      const [, action = '', argument = ''] = /^(\S*)\s*([\s\S]*)$/.exec(typed) ?? []
      return act(action.toLowerCase(), argument.trim())
    },
  }]
}
