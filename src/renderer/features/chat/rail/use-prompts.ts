import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Prompt } from '#contract/conversation'
import type { Entry } from '#contract/entries'
import type { Session } from '#contract/sessions'
import { useServices } from '../../../lib/services'

export interface Prompts {
  readonly items: readonly Prompt[]
  readonly entries: number
}
const none: Prompts = { items: [], entries: 0 }

/** What the person asked on this branch, also where it is not loaded. Asked for anew when something was asked since. */
export function usePrompts(session: Session, entries: readonly Entry[]): Prompts {
  const { orpc } = useServices()
  const last = entries.findLast((entry) => entry.payload.kind === 'user_message')?.id
  const { data, isFetching, refetch } = useQuery({
    ...orpc.conversation.prompts.queryOptions({ input: { id: session.id, headId: session.activeHeadId } }),
    enabled: last !== undefined,
  })
  const isOld = data !== undefined && last !== undefined && data.items.at(-1)?.entryId !== last
  useEffect(() => {
    if (isOld && !isFetching) void refetch()
    // Once for each new prompt: an answer without it would be asked for for ever.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [last, isOld])
  return data ?? none
}
