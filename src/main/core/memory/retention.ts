import type { RetentionPreview, RetentionRule } from '#contract/memory'
import type { StoredMemory } from '../ports/memory-store'
import { changeItem, changeMemory, forgetItem, type MemoryCause, type MemoryPorts, present } from './change-item'
import { inSlices, onDisk } from './in-slices'

const DAY_MS = 24 * 60 * 60 * 1000
/** Of one rule in one go; the next go takes the rest. */
const MOST_AT_ONCE = 20_000
const MOST_SHOWN = 100
/** Above every importance. */
const ANY_IMPORTANCE = 2

interface Due {
  readonly position: number
  readonly rule: number
  readonly then: RetentionRule['then']
}

/** What the rules say of the items as they are now. The first rule that fits an item counts; one without a condition fits nothing. */
export async function dueByRules({ search, store, clock }: MemoryPorts, rules: readonly RetentionRule[]): Promise<Due[]> {
  const due = new Map<number, Due>()
  const now = clock.now()
  for (const [index, rule] of rules.entries()) {
    const { kind = null, olderThanDays, belowImportance, keepAtMost, then } = rule
    if (olderThanDays === undefined && belowImportance === undefined && keepAtMost === undefined) continue
    const positions = keepAtMost === undefined
      ? await search.unused({ kind, since: now - (olderThanDays ?? 0) * DAY_MS + (olderThanDays === undefined ? 1 : 0), below: belowImportance ?? ANY_IMPORTANCE, now, limit: MOST_AT_ONCE })
      : store.memory.getMany(await search.beyond({ kind, keep: keepAtMost, now, limit: MOST_AT_ONCE })).filter((item) => fits(item, rule, now)).map(({ position }) => position)
    for (const position of positions) if (!due.has(position)) due.set(position, { position, rule: index, then })
  }
  return [...due.values()]
}

/** The conditions of a rule but its number. Never true for a pinned item, nor one that is not active. */
export function fits(item: StoredMemory, { kind, olderThanDays, belowImportance }: RetentionRule, now: number): boolean {
  if (item.pinned || item.archived || item.forgottenAt !== null) return false
  if (kind !== undefined && item.kind !== kind) return false
  if (belowImportance !== undefined && item.importance >= belowImportance) return false
  return olderThanDays === undefined || Math.max(item.updatedAt, item.lastUsedAt ?? 0) < now - olderThanDays * DAY_MS
}

export function toPreview({ store }: Pick<MemoryPorts, 'store'>, due: readonly Due[]): RetentionPreview {
  const shown = due.slice(0, MOST_SHOWN)
  const items = new Map(store.memory.getMany(shown.map(({ position }) => position)).map((item) => [item.position, item]))
  return {
    archive: due.filter(({ then }) => then === 'archive').length,
    forget: due.filter(({ then }) => then === 'forget').length,
    items: shown.flatMap(({ position, rule, then }) => {
      const item = items.get(position)
      return item ? [{ item: present(item), rule, then }] : []
    }),
  }
}

/** Applies them. An item that was pinned, changed or used meanwhile is judged as it is now. */
export async function applyRetention(ports: MemoryPorts, rules: readonly RetentionRule[], cause: MemoryCause): Promise<RetentionPreview> {
  const due = await dueByRules(ports, rules)
  const preview = toPreview(ports, due)
  await inSlices(ports, due, (slice) => changeMemory(ports, cause.traceId, (change) => {
    for (const { position, rule, then } of slice) {
      const [item] = ports.store.memory.getMany([position])
      const asked = rules[rule]
      if (!item || !asked || !fits(item, asked, ports.clock.now())) continue
      if (then === 'forget') forgetItem(ports, change, item, cause)
      else changeItem(ports, change, item, { archived: true }, cause)
    }
  }, { quiet: true, durability: 'later' }))
  await onDisk(ports)
  return preview
}
