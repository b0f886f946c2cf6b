import type { MemoryHit, MemoryItem } from '#contract/memory'
import { estimateTokens } from '../../models/usage'
import { fenced } from './fence'

export interface PickedMemory {
  readonly item: MemoryItem
  readonly score: number | null
  /** In words: why it is here. */
  readonly why: string
  readonly tokens: number
}

/** Hits much worse than the best one are only noise: by score, and by what the words or the meaning alone say. */
const WORST = 0.3
const WORST_MEANING = 0.35
/** What is known of the user gets this part of the room before what fits the message. */
const USER_SHARE = 0.4
const MAX_ITEMS = 20

/** The items that fit into the room: what is known of the user first, then what fits the message, best first. */
export function pickMemories(about: readonly MemoryHit[], hits: readonly MemoryHit[], room: number): PickedMemory[] {
  const picked: PickedMemory[] = []
  const take = (hit: MemoryHit, why: string, limit: number): void => {
    if (picked.length >= MAX_ITEMS || picked.some(({ item }) => item.id === hit.item.id)) return
    const tokens = estimateTokens(fenced(hit.item))
    if (picked.reduce((sum, other) => sum + other.tokens, tokens) <= limit) picked.push({ item: hit.item, score: hit.score, why, tokens })
  }
  const best = hits.reduce((highest, { score }) => Math.max(highest, score ?? 0), 0)
  const bestWords = hits.reduce((highest, { why }) => Math.max(highest, why?.wordsScore ?? 0), 0)
  const fits = ({ why }: MemoryHit): boolean => why === null || (why.wordsScore !== null && why.wordsScore >= bestWords * WORST) || (why.meaningScore ?? 0) >= WORST_MEANING
  const fitting = hits.filter((hit) => (hit.score ?? 0) >= best * WORST && fits(hit))
  const asked = new Map(fitting.map((hit) => [hit.item.id, hit]))
  // What is about the user and fits the message as well shows the score of that.
  for (const hit of about) take(asked.get(hit.item.id) ?? hit, asked.has(hit.item.id) ? `sent always, being about you; ${whyOf(hit, asked)}` : 'sent always, being about you', room * USER_SHARE)
  for (const hit of fitting) take(hit, hit.why?.text ?? 'fits the message', room)
  return picked
}

function whyOf(hit: MemoryHit, asked: ReadonlyMap<string, MemoryHit>): string {
  return asked.get(hit.item.id)?.why?.text ?? 'fits the message'
}
