import type { ForkPoint } from '#contract/sessions'
import type { EntryOutline, Store } from '../ports/store'
import { getSession } from './publish'

/**
 * Where the branches of a session part. Each way on is named by the first message on it and leads to a head: to the
 * active one where it can, else to the newest.
 */
export function forksOf(store: Pick<Store, 'sessions' | 'journal'>, sessionId: string): ForkPoint[] {
  const session = getSession(store, sessionId)
  if (session.heads.length < 2) return []
  const entries = new Map(store.journal.outline(sessionId).map((entry) => [entry.id, entry]))
  const variants = new Map<string, ForkPoint['variants'][number] & { readonly parentId: string | null }>()
  const activeLast = session.heads.toSorted((left, right) => Number(left.id === session.activeHeadId) - Number(right.id === session.activeHeadId))
  for (const head of activeLast) {
    let message: EntryOutline | null = null
    for (let entry = entries.get(head.entryId ?? ''); entry; entry = entries.get(entry.parentId ?? '')) {
      if (entry.kind === 'user_message' || entry.kind === 'assistant_message') message = entry
      if (message) variants.set(entry.id, { entryId: message.id, headId: head.id, at: message.at, parentId: entry.parentId })
    }
  }
  const points = new Map<string | null, ForkPoint['variants'][number][]>()
  // In the order of writing, so that a branch keeps its number.
  for (const id of entries.keys()) {
    const variant = variants.get(id)
    if (!variant) continue
    const { parentId, ...way } = variant
    const known = points.get(parentId)
    if (known) known.push(way)
    else points.set(parentId, [way])
  }
  return [...points].filter(([, ways]) => ways.length > 1).map(([afterEntryId, ways]) => ({ afterEntryId, variants: ways }))
}
