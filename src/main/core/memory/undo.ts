import type { MemoryUndo } from '#contract/memory'
import type { MemoryFields, StoredMemory } from '../ports/memory-store'
import { changeItem, changeMemory, forgetItem, type MemoryCause, type MemoryPorts, present } from './change-item'
import { fieldsAt, fieldsAtTime } from './history'
import { inSlices, onDisk } from './in-slices'

const SPAN = 1_000
const MOST_SHOWN = 100

type Change = { readonly item: StoredMemory; readonly fields: MemoryFields | null }
type Counts = { change: number; forget: number; restore: number; items: MemoryUndo['items'] }

/** What bringing the memory, or some items of it, back to a moment would change. */
export async function previewUndo(ports: MemoryPorts, to: number, ids?: readonly string[]): Promise<MemoryUndo> {
  const counts: Counts = { change: 0, forget: 0, restore: 0, items: [] }
  for await (const page of pagesOf(ports, to, ids)) for (const change of page) count(counts, change)
  return counts
}

/** Does it. Each change is a revision, so that it can be undone by the same means. */
export async function undo(ports: MemoryPorts, to: number, ids: readonly string[] | undefined, cause: MemoryCause): Promise<MemoryUndo> {
  const counts: Counts = { change: 0, forget: 0, restore: 0, items: [] }
  // Judged before anything is written: a revision of ours is later than the moment too.
  const all: number[] = []
  for await (const page of pagesOf(ports, to, ids)) all.push(...page.map(({ item }) => item.position))
  await inSlices(ports, all, (slice) => changeMemory(ports, cause.traceId, (change) => {
    for (const position of slice) {
      const [item] = ports.store.memory.getMany([position])
      if (!item) continue
      const fields = fieldsAtTime(ports.store.memory, item, to)
      count(counts, { item, fields })
      if (fields === null) forgetItem(ports, change, item, cause, 'undone')
      else changeItem(ports, change, item, fields, cause, 'undone')
    }
  }, { quiet: true, durability: 'later' }))
  await onDisk(ports)
  return counts
}

async function* pagesOf({ store, clock }: MemoryPorts, to: number, ids?: readonly string[]): AsyncGenerator<Change[]> {
  const changes = (items: readonly StoredMemory[]) => items.map((item): Change => ({ item, fields: fieldsAtTime(store.memory, item, to) })).filter(isChange)
  if (ids) {
    yield changes(ids.flatMap((id) => store.memory.get(id) ?? []))
    return
  }
  let after: number | null = 0
  while (after !== null) {
    const page: ReturnType<typeof store.memory.changedAfter> = store.memory.changedAfter(to, { after, span: SPAN })
    yield changes(store.memory.getMany(page.positions))
    after = page.next
    await clock.turn()
  }
}

function isChange({ item, fields }: Change): boolean {
  return fields === null ? item.forgottenAt === null : JSON.stringify(fields) !== JSON.stringify(fieldsAt(item))
}

function count(counts: Counts, { item, fields }: Change): void {
  const isGone = fields === null || fields.forgottenAt !== null
  if (isGone && item.forgottenAt === null) counts.forget += 1
  else if (!isGone && item.forgottenAt !== null) counts.restore += 1
  else counts.change += 1
  if (counts.items.length < MOST_SHOWN) counts.items.push({ before: present(item), after: isGone ? null : { ...present(item), ...fields } })
}
