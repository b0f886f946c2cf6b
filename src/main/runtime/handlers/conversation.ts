import { notFound } from '#core/errors'
import { findInSession } from '#core/sessions/find-in-session'
import { getSession } from '#core/sessions/publish'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function conversationHandlers({ store, clock }: Pick<RuntimePorts, 'store' | 'clock'>, { events }: Services) {
  /** The newest entry of a branch. What is told is on disk. */
  const endOf = (id: string, headId: string | undefined): string | null => {
    events.settle()
    const session = getSession(store, id)
    const wanted = headId ?? session.activeHeadId
    const head = session.heads.find((candidate) => candidate.id === wanted)
    if (head === undefined) throw notFound('Head', wanted)
    return head.entryId
  }
  return {
    prompts: os.conversation.prompts.handler(({ input: { id, headId } }) => {
      const end = endOf(id, headId)
      return end === null ? { items: [], entries: 0 } : store.journal.prompts(end)
    }),
    find: os.conversation.find.handler(({ input: { id, headId, query }, signal }) =>
      findInSession({ journal: store.journal, clock }, endOf(id, headId), query, signal)),
  }
}
