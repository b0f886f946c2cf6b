import { useQuery } from '@tanstack/react-query'
import type { Session } from '#contract/sessions'
import { CommandError, type SlashCommand } from '../../../features/chat/composer/slash-command'
import { useServices } from '../../../lib/services'

export function useTurnCommands(session: Session): readonly SlashCommand[] {
  const { client, cache, queries } = useServices()
  const runs = useQuery(queries.runs(session.id)).data?.items ?? []
  const running = runs.find(({ state }) => state === 'running' || state === 'waiting')
  const last = runs.find(({ headId, startedAt, joinedRunId }) => headId === session.activeHeadId && startedAt !== null && joinedRunId === null)
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
      name: 'steer', argument: '<text>', description: 'Say something to the turn that runs, before its next step',
      run: async (text) => {
        if (running === undefined) throw new CommandError('No turn is running. Send it as a message.')
        if (text === '') throw new CommandError('Say what the agent is to know, after /steer.')
        await client.sessions.send({ id: session.id, text, steer: true })
        return 'The agent reads it before its next step.'
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
