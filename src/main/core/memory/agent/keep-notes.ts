import { type MemoryDraftInput, type MemoryItem, MOST_TAGS } from '#contract/memory'
import { sayStatement } from '#contract/statement-words'
import type { LearningSettings } from '#contract/settings'
import type { AgentMemory, MemoryOrigin, Place } from './agent-memory'
import type { LearntNote } from './learn-by-rules'
import { draftOf, whyReview } from './place-note'
import { PRIVATE_TAG } from './private-notes'
import { isSentiment, type Sentiment, withSentiment } from './sentiment'
import { saysNoMore } from './taint'
import type { Told } from './told'

export interface NoteContext {
  readonly place: Place
  /** The conversation that it was noted in. */
  readonly sessionId: string
  readonly told: Told
  readonly isTrustedFolder: boolean
  readonly review: LearningSettings['review']
  readonly origin: MemoryOrigin
  readonly entryId: string | null
  /** Notes may say how the person felt. Left out: no. */
  readonly feelings?: boolean
}

export interface KeptNote {
  readonly kept: 'saved' | 'proposed' | 'nothing'
  /** It was there, and is brought up to date. */
  readonly isKnown?: boolean
  readonly item: MemoryItem | null
}

/** One note, to be kept as what it is: an item, or a proposal where a person has to look first. What is given back keeps it, inside a transaction. */
export async function prepareNote(memory: AgentMemory, given: LearntNote, context: NoteContext): Promise<() => KeptNote> {
  const { place, origin, review, entryId } = context
  const { note, untrusted } = judged(given, context)
  const feels = feelingOf(note, context)
  const tagged = (given: readonly string[]): string[] => {
    const own = withSentiment(given, feels)
    return context.told.hasReadPrivate && !context.told.isSaid(note.text) ? [...own.filter((tag) => tag !== PRIVATE_TAG).slice(0, MOST_TAGS - 1), PRIVATE_TAG] : own
  }
  const draft: MemoryDraftInput = {
    ...draftOf(note, { place, untrusted }),
    ...(note.title !== undefined && { title: note.title }), tags: tagged(note.tags ?? []), ...(note.importance !== undefined && { importance: note.importance }),
    ...(note.solution && { solution: note.solution }), ...(note.statements && { statements: [...note.statements] }), ...(note.expiresAt !== undefined && { expiresAt: note.expiresAt }),
    source: { sessionId: context.sessionId, runId: origin.runId, entryId },
  }
  const reason = whyReview({ kind: note.kind, scope: draft.scope ?? 'user' }, { untrusted, review })
  const known = note.updates === undefined ? undefined : memory.tellable([note.updates], place)[0]
  if (reason !== null || (known && !mayRewrite(known, untrusted))) {
    return () => ({ kept: memory.propose(draft, reason ?? 'It says something else than what a person noted.', origin) ? 'proposed' : 'nothing', item: null })
  }
  if (known) return () => ({ kept: 'saved', item: memory.rewrite(known.id, { ...rewritten(note), tags: tagged(known.tags) }, origin) })
  const save = await memory.prepare(draft, origin)
  return () => {
    const saved = save()
    return saved === null ? { kept: 'nothing', item: null } : { kept: 'saved', ...saved, item: felt(memory, saved.item, feels, origin) }
  }
}

/** Never of what is about the person, and only of what they said themselves. */
function feelingOf({ kind, text, feels }: LearntNote, { feelings = false, told }: NoteContext): Sentiment | null {
  return feels !== undefined && feelings && kind === 'fragment' && told.isSaid(text) ? feels : null
}

/** What was known with another feeling has both tags now: the newer one counts. */
function felt(memory: AgentMemory, item: MemoryItem, feels: Sentiment | null, origin: MemoryOrigin): MemoryItem {
  return feels === null || item.tags.filter(isSentiment).length < 2 ? item : memory.rewrite(item.id, { tags: withSentiment(item.tags, feels) }, origin)
}

/**
 * Whether it may come from outside. Words of the person are theirs; of what stands beside them (a title, statements) only what says no more
 * than these words is kept then.
 */
function judged(note: LearntNote, { told, place, isTrustedFolder }: NoteContext): { readonly note: LearntNote; readonly untrusted: boolean } {
  const hasRead = told.hasReadUntrusted || (place.workspaceId !== null && !isTrustedFolder)
  if (!hasRead) return { note, untrusted: false }
  if (note.solution !== undefined || !told.isSaid(note.text)) return { note, untrusted: true }
  const { title, statements, ...said } = note
  const kept = (statements ?? []).filter((statement) => saysNoMore(sayStatement(statement), note.text))
  return { note: { ...said, ...(title !== undefined && saysNoMore(title, note.text) && { title }), ...(kept.length > 0 && { statements: kept }) }, untrusted: false }
}

function rewritten({ text, statements, expiresAt }: LearntNote) {
  return { text, ...(statements && { statements: [...statements] }), ...(expiresAt !== undefined && { expiresAt }) }
}

/** What a person wrote, or marked, is theirs; what is not trusted changes only what is not trusted either. */
function mayRewrite({ trust, pinned, kind }: MemoryItem, untrusted: boolean): boolean {
  if (trust === 'person' || pinned || kind === 'solution') return false
  return !untrusted || trust === 'untrusted'
}
