import type { Session } from '#contract/sessions'

export type SessionGroup = 'Needs attention' | 'Running' | 'Idle'

export type SessionListRow =
  | { readonly kind: 'group'; readonly key: string; readonly group: SessionGroup; readonly count: number }
  | { readonly kind: 'session'; readonly key: string; readonly session: Session }

const groups: readonly SessionGroup[] = ['Needs attention', 'Running', 'Idle']

export function groupOf(session: Pick<Session, 'status' | 'openRequests'>): SessionGroup {
  if (session.openRequests > 0 || session.status === 'waiting' || session.status === 'interrupted') return 'Needs attention'
  return session.status === 'running' ? 'Running' : 'Idle'
}

/** The rows of the list: a heading for each group that has sessions, then these in the order given. */
export function sessionListRows(sessions: readonly Session[], search: string): readonly SessionListRow[] {
  const words = search.trim().toLocaleLowerCase()
  const found = words === '' ? sessions : sessions.filter((session) => session.title.toLocaleLowerCase().includes(words))
  return groups.flatMap((group) => {
    const members = found.filter((session) => groupOf(session) === group)
    if (members.length === 0) return []
    const heading: SessionListRow = { kind: 'group', key: group, group, count: members.length }
    return [heading, ...members.map((session): SessionListRow => ({ kind: 'session', key: session.id, session }))]
  })
}
