import type { Session } from '#contract/sessions'

export type SessionGroup = 'Needs attention' | 'Pinned' | 'Running' | 'Idle'

export type SessionListRow =
  | { readonly kind: 'group'; readonly key: string; readonly group: SessionGroup; readonly count: number }
  | { readonly kind: 'session'; readonly key: string; readonly session: Session }

const groups: readonly SessionGroup[] = ['Needs attention', 'Pinned', 'Running', 'Idle']

/** What waits for the person comes first, pinned or not. */
export function groupOf(session: Pick<Session, 'status' | 'openRequests' | 'pinned'>): SessionGroup {
  if (session.openRequests > 0 || session.status === 'waiting' || session.status === 'interrupted') return 'Needs attention'
  if (session.pinned) return 'Pinned'
  return session.status === 'running' ? 'Running' : 'Idle'
}

/** The rows of the list: a heading for each group that has sessions, then these in the order given. */
export function sessionListRows(sessions: readonly Session[]): readonly SessionListRow[] {
  const members = new Map<SessionGroup, Session[]>(groups.map((group) => [group, []]))
  for (const session of sessions) members.get(groupOf(session))?.push(session)
  return groups.flatMap((group) => withHeading(group, members.get(group) ?? []))
}

function withHeading(group: SessionGroup, sessions: readonly Session[]): readonly SessionListRow[] {
  if (sessions.length === 0) return []
  return [{ kind: 'group', key: group, group, count: sessions.length }, ...plainRows(sessions)]
}

/** Without groups: the archive and the bin. */
export function plainRows(sessions: readonly Session[]): readonly SessionListRow[] {
  return sessions.map((session): SessionListRow => ({ kind: 'session', key: session.id, session }))
}
