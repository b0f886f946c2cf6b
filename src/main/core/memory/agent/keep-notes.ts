import type { Entry } from '#contract/entries'
import type { MemoryDraftInput, MemoryItem } from '#contract/memory'
import type { LearningSettings } from '#contract/settings'
import type { AgentMemory, MemoryOrigin, Place } from './agent-memory'
import type { LearntNote } from './learn-by-rules'
import { draftOf, whyReview } from './place-note'
import { hasReadPrivate, PRIVATE_TAG } from './private-notes'
import { hasReadUntrusted, saidByPerson } from './taint'

export interface NoteContext {
  readonly place: Place
  /** Root to the newest entry of the turn. */
  readonly path: readonly Entry[]
  readonly isTrustedFolder: boolean
  readonly review: LearningSettings['review']
  readonly origin: MemoryOrigin
  readonly entryId: string | null
}

export interface KeptNote {
  readonly kept: 'saved' | 'proposed' | 'nothing'
  readonly item: MemoryItem | null
}

const MOST_TAGS = 20

/** One note, to be kept as what it is: an item, or a proposal where a person has to look first. What is given back keeps it, inside a transaction. */
export async function prepareNote(memory: AgentMemory, note: LearntNote, context: NoteContext): Promise<() => KeptNote> {
  const { place, path, origin, review, isTrustedFolder, entryId } = context
  const said = saidByPerson(note.text, path)
  const untrusted = !said && (hasReadUntrusted(path) || (place.workspaceId !== null && !isTrustedFolder))
  const tagged = (own: readonly string[]): string[] => (said || !hasReadPrivate(path) ? [...own] : [...own.filter((tag) => tag !== PRIVATE_TAG).slice(0, MOST_TAGS - 1), PRIVATE_TAG])
  const draft: MemoryDraftInput = {
    ...draftOf(note, { place, untrusted }),
    ...(note.title !== undefined && { title: note.title }), tags: tagged(note.tags ?? []), ...(note.importance !== undefined && { importance: note.importance }),
    ...(note.solution && { solution: note.solution }), ...(note.statements && { statements: [...note.statements] }), ...(note.expiresAt !== undefined && { expiresAt: note.expiresAt }),
    source: { sessionId: place.sessionId, runId: origin.runId, entryId },
  }
  const reason = whyReview({ kind: note.kind, scope: draft.scope ?? 'user' }, { untrusted, review })
  const known = note.updates === undefined ? undefined : memory.tellable([note.updates], place)[0]
  if (reason !== null || (known && !mayRewrite(known, untrusted))) {
    return () => ({ kept: memory.propose(draft, reason ?? 'It says something else than what a person noted.', origin) ? 'proposed' : 'nothing', item: null })
  }
  if (known) return () => ({ kept: 'saved', item: memory.rewrite(known.id, { ...rewritten(note), tags: tagged(known.tags) }, origin) })
  const save = await memory.prepare(draft, origin)
  return () => {
    const item = save()
    return { kept: item === null ? 'nothing' : 'saved', item }
  }
}

function rewritten({ text, statements, expiresAt }: LearntNote) {
  return { text, ...(statements && { statements: [...statements] }), ...(expiresAt !== undefined && { expiresAt }) }
}

/** What a person wrote, or marked, is theirs; what is not trusted changes only what is not trusted either. */
function mayRewrite({ trust, pinned, kind }: MemoryItem, untrusted: boolean): boolean {
  if (trust === 'person' || pinned || kind === 'solution') return false
  return !untrusted || trust === 'untrusted'
}
