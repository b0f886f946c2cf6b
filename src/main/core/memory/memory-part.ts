import type { RevisionDiff, RevisionItem } from '#contract/checkpoints'
import type { PartRestore, PartScope, RevisionPart } from '../checkpoints/parts'
import type { MemoryFields, StoredMemory } from '../ports/memory-store'
import type { Store } from '../ports/store'
import { changeItem, changeMemory, forgetItem, type MemoryPorts } from './change-item'
import { fieldsAt, fieldsAtTime } from './history'

/** A session notes far less between two checkpoints. */
const MOST_ITEMS = 2_000
const MOST_REVISIONS = 200

type PartPorts = MemoryPorts & { readonly store: Pick<Store, 'agents'> }

interface Change {
  readonly item: StoredMemory
  readonly from: MemoryFields | null
  readonly to: MemoryFields | null
  /** A person changed it as well. */
  readonly foreign: boolean
}

/** What a session noted and changed in the memory, as a part of its checkpoints. Its revision is a moment, from `mark` of `moments.ts`: every item knows what it was then. */
export function createMemoryPart(ports: PartPorts, mark: () => number): RevisionPart {
  const { store } = ports
  /** What is different between two moments, among what this session changed since the first of them. */
  const changes = ({ sessionId }: PartScope, from: number, to: number | null): Change[] => changedSince(ports, sessionId, Math.min(from, to ?? from)).flatMap(({ item, foreign }) => {
    const change = { item, foreign, from: fieldsAtTime(store.memory, item, from), to: to === null ? fieldsAt(item) : fieldsAtTime(store.memory, item, to) }
    return shown(change.from) === shown(change.to) ? [] : [change]
  })
  return {
    revision: mark,
    diff: (scope, from, to): RevisionDiff => ({ from, to, items: changes(scope, from, to).map(({ item, from: before, to: after }) => described(item, before, after)) }),
    plan: (scope, revision) => changes(scope, revision, null).map(({ item, from: then, to: now, foreign }): RevisionItem => ({
      ...described(item, now, then), note: null, conflict: foreign ? { text: 'You changed it since.', choice: 'keep' } : null,
    })),
    sessionsAtWork: () => [],
    stop: () => Promise.resolve(),
    restore: (scope, { revision, ids, label, traceId }: PartRestore) => changeMemory(ports, traceId, (change) => {
      const wanted = new Set(ids)
      const returning = changes(scope, revision, null).filter(({ item }) => wanted.has(item.id))
      // As a change of the session, so that the redo takes it back.
      const cause = { by: 'person' as const, sessionId: scope.sessionId, cause: `Went back with its conversation: ${label}`, traceId }
      for (const { item, from: then } of returning) {
        if (then === null) forgetItem(ports, change, item, cause, 'undone')
        else changeItem(ports, change, item, then, cause, 'undone')
      }
      return returning.length
    }),
  }
}

function changedSince({ store }: PartPorts, sessionId: string, since: number): { readonly item: StoredMemory; readonly foreign: boolean }[] {
  // What its agents noted is of the session too.
  const ours = new Set([sessionId, ...store.agents.sessionsBelow(sessionId)])
  const items = store.memory.getMany(store.memory.changedBy([...ours], since, MOST_ITEMS))
  return items.sort((left, right) => left.position - right.position).map((item) => {
    const revisions = store.memory.revisions(item.position, { before: Number.MAX_SAFE_INTEGER, limit: MOST_REVISIONS }).filter(({ at }) => at > since)
    return { item, foreign: revisions.some(({ by, sessionId: where }) => (by === 'person' || by === 'script') && !ours.has(where ?? '')) }
  })
}

function described(item: StoredMemory, before: MemoryFields | null, after: MemoryFields | null): RevisionDiff['items'][number] {
  const [was, is] = [shown(before), shown(after)]
  const title = item.title === '' ? item.text.slice(0, 80) : item.title
  return { id: item.id, title, change: was === null ? 'added' : is === null ? 'removed' : 'changed', before: was, after: is }
}

/** Null: it is not there, or forgotten. */
function shown(fields: MemoryFields | null): string | null {
  if (fields === null || fields.forgottenAt !== null) return null
  const { title, text, tags, pinned, archived, scope, kind, importance, sensitivity, trust } = fields
  return [title, text, [kind, scope, trust, sensitivity, `importance ${importance}`, ...(pinned ? ['pinned'] : []), ...(archived ? ['archived'] : []), ...tags.map((tag) => `#${tag}`)].join(', ')].filter((line) => line !== '').join('\n')
}
