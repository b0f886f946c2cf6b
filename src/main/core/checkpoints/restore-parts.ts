import type { RestoreResult, RevisionItem } from '#contract/checkpoints'
import type { Emit } from '../events/event-stream'
import type { StoredCheckpoint, StoredRestore } from '../ports/checkpoint-store'
import { type RevisionPartName, revisionPartNames, type RevisionParts } from './parts'
import type { RestoreChoice } from './restore-plan'

/** What a restore would do to a part that keeps revisions. */
export interface PartPlan {
  readonly part: RevisionPartName
  readonly items: readonly RevisionItem[]
}

export function revisionOf(checkpoint: Pick<StoredCheckpoint, 'memoryRevision' | 'taskRevision'>, part: RevisionPartName): number | null {
  return part === 'memory' ? checkpoint.memoryRevision : checkpoint.taskRevision
}

export function planParts(parts: RevisionParts, checkpoint: StoredCheckpoint, wanted: readonly string[], { items: choices }: RestoreChoice): PartPlan[] {
  return revisionPartNames.flatMap((part) => {
    const revision = revisionOf(checkpoint, part)
    if (!wanted.includes(part) || revision === null) return []
    const items = (parts[part]?.plan(checkpoint, revision) ?? []).map((item) => {
      const choice = choices?.[item.id]
      return item.conflict && choice ? { ...item, conflict: { ...item.conflict, choice } } : item
    })
    return [{ part, items }]
  })
}

/** Those that go back: what has no choice and no conflict does. */
export function chosenIds({ items }: PartPlan, { items: choices }: RestoreChoice): string[] {
  return items.filter(({ id, conflict }) => (choices?.[id] ?? conflict?.choice ?? 'restore') === 'restore').map(({ id }) => id)
}

/** How many items of each part went back. */
export function restoreParts(parts: RevisionParts, checkpoint: StoredCheckpoint | null, { revisions, label }: StoredRestore, traceId: string, emit: Emit): RestoreResult['items'] {
  const counts = { memory: 0, tasks: 0 }
  for (const { part, ids } of revisions) {
    const revision = checkpoint && revisionOf(checkpoint, part)
    if (checkpoint && revision !== null) counts[part] = parts[part]?.restore(checkpoint, { revision, ids, label, traceId }, emit) ?? 0
  }
  return counts
}
