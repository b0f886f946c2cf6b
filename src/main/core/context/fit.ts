import type { Entry } from '#contract/entries'
import type { Model } from '#contract/models'
import type { ModelContext } from './build-context'
import { visibleEntries } from './build-context'
import type { EntryMessage } from './entry-messages'
import { overlap, keywords } from './relevance'

/** Used when a model's window is not known: small enough for most. */
const CAUTIOUS_WINDOW = 32_000
const MAX_OUTPUT_TOKENS = 32_000
const DEFAULT_OUTPUT_TOKENS = 8_192
/** What estimates may be wrong by. */
const MARGIN = 0.95
/** Shortening goes down to this part of the budget, so that it does not happen again at the next step. */
const TARGET = 0.6
const RECENT_RESULTS_KEPT = 4
const MIN_DISCARD_TOKENS = 200
/** Part of the room that the newest messages get before older, related ones. */
const RECENT_SHARE = 0.7
const MIN_OVERLAP = 0.3
const MAX_RELATED_AGE_MS = 24 * 60 * 60 * 1000

export interface TokenBudget {
  readonly input: number
  readonly output: number
}

export function tokenBudget(model: Pick<Model, 'contextWindow' | 'maxOutputTokens'>): TokenBudget {
  const window = model.contextWindow ?? CAUTIOUS_WINDOW
  const output = Math.min(model.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS, MAX_OUTPUT_TOKENS, Math.floor(window / 3))
  return { output, input: Math.floor((window - output) * MARGIN) }
}

/**
 * The oldest tool outputs that bring the context down to the target, the newest few excepted. Null when it fits or
 * when there is nothing worth leaving out. `calibration` is real tokens per estimated token.
 */
export function planDiscard(context: ModelContext, budget: TokenBudget, calibration: number): { readonly entryIds: string[]; readonly tokens: number } | null {
  if (context.tokens * calibration <= budget.input) return null
  const results = context.items.filter(({ kind }) => kind === 'tool_result').slice(0, -RECENT_RESULTS_KEPT)
  const target = (budget.input * TARGET) / calibration
  const entryIds: string[] = []
  let tokens = 0
  for (const { entry, tokens: size } of results) {
    if (context.tokens - tokens <= target) break
    if (!entry || size < MIN_DISCARD_TOKENS) continue
    entryIds.push(entry.id)
    tokens += size
  }
  return entryIds.length > 0 ? { entryIds, tokens } : null
}

export interface SummaryPlan {
  readonly untilEntryId: string
  readonly keptEntryIds: string[]
  /** What the summary has to tell, oldest first. */
  readonly covered: readonly EntryMessage[]
}

/**
 * Splits the conversation into turns: the newest stay, older ones that share words with the current request stay as
 * long as there is room, the rest is to be summarised. Null when only the current turn is left.
 */
export function planSummary(path: readonly Entry[], context: ModelContext, budget: TokenBudget, calibration: number, now: number): SummaryPlan | null {
  const fixed = context.items.reduce((sum, item) => (item.kind === 'system' || item.kind === 'behavior' || item.kind === 'memory' || item.kind === 'tools' ? sum + item.tokens : sum), 0)
  const room = Math.max(0, (budget.input * TARGET) / calibration - fixed)
  const turns = splitTurns(visibleEntries(path).visible)
  const first = firstRecentTurn(turns, room * RECENT_SHARE)
  const older = turns.slice(0, first)
  const until = older.at(-1)?.at(-1)
  if (!until) return null
  const related = relatedTurns(older, turns.at(-1) ?? [], room * (1 - RECENT_SHARE) / 2, now)
  const covered = older.filter((turn) => !related.has(turn)).flat()
  if (covered.length === 0) return null
  return {
    untilEntryId: until.entry.id,
    keptEntryIds: [...related].flat().map(({ entry }) => entry.id),
    covered,
  }
}

/** A turn begins with what the person wrote; within a long turn, each reply with its results can be split off. */
function splitTurns(visible: readonly EntryMessage[]): EntryMessage[][] {
  const turns: EntryMessage[][] = []
  for (const item of visible) {
    const last = turns.at(-1)
    if (item.message.role === 'tool' && last) last.push(item)
    else turns.push([item])
  }
  return turns
}

/** The newest group always stays, however large. */
function firstRecentTurn(turns: readonly EntryMessage[][], room: number): number {
  let used = 0
  for (let index = turns.length - 1; index >= 0; index -= 1) {
    used += sizeOf(turns[index] ?? [])
    if (used > room) return Math.min(index + 1, turns.length - 1)
  }
  return 0
}

function relatedTurns(older: readonly EntryMessage[][], current: readonly EntryMessage[], room: number, now: number): Set<EntryMessage[]> {
  const wanted = keywords(current.map(textOf).join(' '))
  const ranked = older
    .filter((turn) => turn.every(({ entry }) => now - entry.at <= MAX_RELATED_AGE_MS))
    .map((turn) => ({ turn, score: overlap(wanted, keywords(turn.map(textOf).join(' '))) }))
    .filter(({ score }) => score > MIN_OVERLAP)
    .sort((left, right) => right.score - left.score)
  const related = new Set<EntryMessage[]>()
  let used = 0
  for (const { turn } of ranked) {
    if (used + sizeOf(turn) > room) continue
    used += sizeOf(turn)
    related.add(turn)
  }
  // Kept in the order of the conversation, not of the score.
  return new Set(older.filter((turn) => related.has(turn)))
}

function sizeOf(turn: readonly EntryMessage[]): number {
  return turn.reduce((sum, { tokens }) => sum + tokens, 0)
}

function textOf({ message }: EntryMessage): string {
  return message.role === 'tool' ? message.content.slice(0, 2000) : message.text
}
