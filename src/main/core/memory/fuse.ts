import type { MemoryItem, MemoryWhy } from '#contract/memory'
import type { CorrectedWord, FoundMemory } from '../ports/memory-search'
import type { StoredMemory } from '../ports/memory-store'

/** Of reciprocal ranks; the usual one. */
const DAMPING = 60
const DAY_MS = 24 * 60 * 60 * 1000
/** An item that was neither changed nor used for so long has lost most of what recency gives. */
const RECENT_DAYS = 60

/** How much each list counts. */
export interface ListWeights {
  readonly words: number
  readonly meaning: number
}
export const evenWeights: ListWeights = { words: 1, meaning: 1 }

const scopeFactor: Readonly<Record<MemoryItem['scope'], number>> = { session: 1.06, workspace: 1.03, user: 1 }
const trustFactor: Readonly<Record<MemoryItem['trust'], number>> = { person: 1.03, agent: 1, untrusted: 0.7 }

export interface Lists {
  readonly words: readonly FoundMemory[]
  readonly meaning: readonly FoundMemory[]
  readonly corrected: readonly CorrectedWord[]
}

export interface Fused {
  readonly position: number
  readonly relevance: number
}

/** The positions of both lists by reciprocal rank, best first; the best of all lists has relevance 1. */
export function fuse({ words, meaning }: Lists, weights: ListWeights): Fused[] {
  const sums = new Map<number, number>()
  const add = (list: readonly FoundMemory[], weight: number) => {
    for (const [rank, { position }] of list.entries()) sums.set(position, (sums.get(position) ?? 0) + weight / (DAMPING + rank + 1))
  }
  add(words, weights.words)
  add(meaning, weights.meaning)
  const most = ((words.length > 0 ? weights.words : 0) + (meaning.length > 0 ? weights.meaning : 0)) / (DAMPING + 1)
  return [...sums].map(([position, sum]) => ({ position, relevance: sum / most })).sort((left, right) => right.relevance - left.relevance)
}

export interface RankedMemory {
  readonly item: StoredMemory
  readonly score: number
  readonly why: MemoryWhy
}

/** What was found, by relevance and then by how recent, important, near and trusted it is. */
export function rank(fused: readonly Fused[], items: readonly StoredMemory[], lists: Lists, now: number): RankedMemory[] {
  const byPosition = new Map(items.map((item) => [item.position, item]))
  const words = placesOf(lists.words)
  const meaning = placesOf(lists.meaning)
  const ranked = fused.flatMap(({ position, relevance }): RankedMemory[] => {
    const item = byPosition.get(position)
    if (!item) return []
    const inWords = words.get(position) ?? null
    const inMeaning = meaning.get(position) ?? null
    const parts = { relevance, recency: recencyOf(item, now), importance: 0.9 + 0.2 * item.importance, scope: scopeFactor[item.scope], trust: trustFactor[item.trust] }
    const score = parts.relevance * parts.recency * parts.importance * parts.scope * parts.trust
    const found = { wordsRank: inWords?.rank ?? null, wordsScore: inWords?.score ?? null, meaningRank: inMeaning?.rank ?? null, meaningScore: inMeaning?.score ?? null }
    const corrected = inWords === null ? [] : lists.corrected.map(({ asked, found: words }) => ({ asked, found: [...words] }))
    return [{ item, score, why: { ...found, ...parts, corrected, text: reasonOf(item, found, corrected) } }]
  })
  return ranked.sort((left, right) => right.score - left.score)
}

function placesOf(list: readonly FoundMemory[]): ReadonlyMap<number, { readonly rank: number; readonly score: number }> {
  return new Map(list.map(({ position, score }, index) => [position, { rank: index + 1, score }]))
}

function recencyOf({ updatedAt, lastUsedAt }: StoredMemory, now: number): number {
  const days = Math.max(0, now - Math.max(updatedAt, lastUsedAt ?? 0)) / DAY_MS
  return 0.94 + 0.06 * Math.exp(-days / RECENT_DAYS)
}

function reasonOf(item: StoredMemory, found: Pick<MemoryWhy, 'wordsRank' | 'meaningRank' | 'meaningScore'>, corrected: MemoryWhy['corrected']): string {
  const parts = [
    ...(found.wordsRank === null ? [] : [`words: number ${found.wordsRank}`]),
    ...(found.meaningRank === null ? [] : [`meaning: number ${found.meaningRank} (${(found.meaningScore ?? 0).toFixed(2)})`]),
    ...corrected.map(({ asked, found: words }) => `“${asked}” read as ${words.slice(0, 3).join(', ')}`),
    ...(item.scope === 'user' ? [] : [`of this ${item.scope}`]),
    ...(item.importance >= 0.8 ? ['important'] : []),
    ...(item.trust === 'untrusted' ? ['from an untrusted source: counts less'] : []),
  ]
  return parts.join(' · ')
}
