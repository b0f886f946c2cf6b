import type { MemoryReview } from '#contract/memory'
import type { StoredMemory, StoredReview } from '../ports/memory-store'
import type { MemoryPorts } from './change-item'
import { denials } from './denials'
import { isSamePlace } from './save-item'
import { similarity, wordList } from './words'

const DAY_MS = 24 * 60 * 60 * 1000
const SPAN = 50
const LOOKED_AT = 6
/** Two texts this alike say the same. */
const SAME = 0.8
/** Two texts this alike are about the same. */
const ABOUT = 0.4
/** Two vectors this near mean the same, or its contrary: vectors hardly know “not” and numbers. */
const SAME_MEANING = 0.9
const STALE_DAYS = 180
const MOST_STALE = 20
/** Of one go; the next one goes on from there. */
const MOST_LOOKED = 5_000
/** Enough for a person to look at. */
const MOST_OPEN = 500
const trustRank = { untrusted: 0, agent: 1, person: 2 } as const
const small = new Set(['a', 'an', 'the', 'to', 'of', 'in', 'on', 'at', 'is', 'are', 'was', 'be', 'it', 'and', 'or', 't', 's'])

/**
 * Looks through the items for those that say the same, those that contradict each other, and those that nobody needed for long. What it
 * finds is put up for review, each matter once; nothing is changed by it. Goes on `from` a position, and says where the next go begins. Of two, the one of the more trusted source stays, else the newer one.
 */
export async function consolidate(ports: MemoryPorts, from = 0, model: number | null = null): Promise<{ readonly looked: number; readonly found: number; readonly next: number }> {
  const { store, clock, search } = ports
  const add = (review: Omit<StoredReview, 'id' | 'state' | 'at' | 'decidedAt' | 'source'>) => store.memoryReviews.add({
    ...review, id: ports.newId(), state: 'open', at: clock.now(), decidedAt: null, source: { by: 'system', sessionId: null, runId: null, entryId: null, path: null },
  })
  let looked = 0
  let found = 0
  let after: number | null = from
  while (after !== null && looked < MOST_LOOKED) {
    const page: { readonly items: readonly StoredMemory[]; readonly next: number | null } = store.memory.walk(after, SPAN)
    for (const item of page.items.filter((candidate) => isActive(candidate, clock.now()))) {
      looked += 1
      if (store.memoryReviews.countOpen() >= MOST_OPEN) return { looked, found, next: from }
      const conditions = { filter: {}, place: null, sensitive: true, now: clock.now() }
      const near = await search.words(item.text, { conditions, limit: LOOKED_AT })
      const vector = model === null ? null : store.memoryVectors.get(model, item.position)
      const alike = model === null || vector === null ? [] : (await search.nearest(vector, { model, conditions, limit: LOOKED_AT })).found
      const meanings = new Map(alike.map(({ position, score }) => [position, score]))
      for (const other of store.memory.getMany([...new Set([...near.found.map(({ position }) => position), ...meanings.keys()])])) {
        const review = other.position < item.position && isSamePlace(item, other) ? judge(item, other, meanings.get(other.position)) : null
        if (review && store.transaction(() => add(review), 'later')) found += 1
      }
    }
    after = page.next
    await clock.turn()
  }
  const stale = await search.unused({ kind: null, since: clock.now() - STALE_DAYS * DAY_MS, below: 0.5, now: clock.now(), limit: MOST_STALE })
  for (const item of store.memory.getMany(stale)) {
    const isNew = store.transaction(() => add({
      key: `stale ${item.id} ${item.revision}`, kind: 'stale', reason: `Neither changed nor used for ${STALE_DAYS} days.`, itemIds: [item.id],
      proposal: { action: 'change', itemId: item.id, patch: { archived: true } },
    }), 'later')
    if (isNew) found += 1
  }
  return { looked, found, next: after ?? 0 }
}

/** What two items in the same place are to each other; `meaning`: how near their vectors are. */
export function judge(left: StoredMemory, right: StoredMemory, meaning = 0): Pick<StoredReview, 'key' | 'kind' | 'reason' | 'itemIds' | 'proposal'> | null {
  const alike = similarity(left.text, right.text)
  const isSameMeaning = meaning >= SAME_MEANING
  if (alike < ABOUT && !isSameMeaning) return null
  const contradiction = contradictionOf(left.text, right.text) ?? (isSameMeaning ? contraryOf(left.text, right.text) : null)
  const kind: MemoryReview['kind'] | null = contradiction !== null ? 'contradiction' : alike >= SAME || isSameMeaning ? 'duplicate' : null
  if (kind === null) return null
  const [stays, goes] = preferred(left, right)
  return {
    key: `${kind} ${[left, right].map(({ id, revision }) => `${id} ${revision}`).sort().join(' ')}`, kind, itemIds: [stays.id, goes.id],
    reason: contradiction ?? (alike >= SAME ? `They say the same (${Math.round(alike * 100)} % alike).` : `They mean the same in other words (${Math.round(meaning * 100)} % alike by meaning).`),
    proposal: { action: 'merge', itemId: stays.id, others: [goes.id], text: stays.text },
  }
}

function preferred(left: StoredMemory, right: StoredMemory): readonly [StoredMemory, StoredMemory] {
  const byTrust = trustRank[left.trust] - trustRank[right.trust]
  const leftStays = left.pinned !== right.pinned ? left.pinned : byTrust !== 0 ? byTrust > 0 : left.updatedAt >= right.updatedAt
  return leftStays ? [left, right] : [right, left]
}

/** Two sentences with the same words but for a number, a negation or one value. */
export function contradictionOf(left: string, right: string): string | null {
  const ours = wordList(left).filter((word) => !small.has(word))
  const theirs = wordList(right).filter((word) => !small.has(word))
  const onlyOurs = ours.filter((word) => !theirs.includes(word))
  const onlyTheirs = theirs.filter((word) => !ours.includes(word))
  const shared = ours.length - onlyOurs.length
  if (shared < 2 || onlyOurs.length + onlyTheirs.length === 0) return null
  const different = [...onlyOurs, ...onlyTheirs]
  if (different.length <= 3 && different.filter((word) => denials.has(word)).length % 2 === 1) return 'One says what the other one denies.'
  if (onlyOurs.length === onlyTheirs.length && onlyOurs.length > 0 && [...onlyOurs, ...onlyTheirs].every((word) => /^\d+$/.test(word))) return `They name different numbers: ${onlyOurs.join(' ')} and ${onlyTheirs.join(' ')}.`
  // The same beginning, and another word at the end.
  if (onlyOurs.length === 1 && onlyTheirs.length === 1 && shared >= 3 && ours.at(-1) === onlyOurs[0] && theirs.at(-1) === onlyTheirs[0]) return `They end differently: ${onlyOurs[0] ?? ''} and ${onlyTheirs[0] ?? ''}.`
  return null
}

/** Of two texts about the same in whatever words: one denies, or they name other numbers. */
function contraryOf(left: string, right: string): string | null {
  const [ours, theirs] = [wordList(left), wordList(right)]
  const denying = (list: readonly string[]) => list.filter((word) => denials.has(word)).length
  if (denying(ours) % 2 !== denying(theirs) % 2) return 'One says what the other one denies.'
  const numbers = (list: readonly string[]) => [...new Set(list.filter((word) => /^\d+$/.test(word)))].sort().join(' ')
  const [first, second] = [numbers(ours), numbers(theirs)]
  return first === '' || second === '' || first === second ? null : `They name different numbers: ${first} and ${second}.`
}

function isActive(item: StoredMemory, now: number): boolean {
  return item.forgottenAt === null && !item.archived && (item.expiresAt === null || item.expiresAt > now)
}
