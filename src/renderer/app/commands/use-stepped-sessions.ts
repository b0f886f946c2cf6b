import { useInfiniteQuery } from '@tanstack/react-query'
import { sessionListRows } from '../../features/sessions/group-sessions'
import { useServices } from '../../lib/services'
import { useUiStore } from '../ui-context'

/** To the next session of the list, or the one before; null when there is none to go to. */
export function useSteppedSessions(sessionId: string | null): ((step: 1 | -1) => void) | null {
  const { queries } = useServices()
  const ui = useUiStore()
  const sessions = useInfiniteQuery({ ...queries.sessions('active'), select: (data) => data.pages.flatMap((page) => page.items) })
  const ids = sessionListRows(sessions.data ?? []).flatMap((row) => (row.kind === 'group' ? [] : [row.session.id]))
  if (ids.length === 0) return null
  return (step) => {
    const at = sessionId === null ? -1 : ids.indexOf(sessionId)
    const next = ids[at === -1 ? (step === 1 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length]
    if (next !== undefined) ui.getState().go({ view: 'session', sessionId: next })
  }
}
