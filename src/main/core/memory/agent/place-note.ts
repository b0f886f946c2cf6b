import type { MemoryDraftInput, MemoryKind, MemoryScope } from '#contract/memory'
import type { LearningSettings } from '#contract/settings'
import type { Place } from './agent-memory'

export interface Note {
  readonly kind: MemoryKind
  readonly scope: MemoryScope
  readonly text: string
}

export interface NoteFacts {
  readonly place: Place
  /** It may come from a file, a page or a tool. */
  readonly untrusted: boolean
  readonly review: LearningSettings['review']
}

/** Null: it is saved. Otherwise why a person has to look at it first. */
export function whyReview({ kind, scope }: Pick<Note, 'kind' | 'scope'>, { untrusted, review }: Pick<NoteFacts, 'untrusted' | 'review'>): string | null {
  const isAboutUser = kind === 'user' || scope === 'user'
  if (isAboutUser && untrusted) return 'An agent noted it after it had read files, pages or results of tools, so it may not be yours.'
  if (review === 'all') return 'Everything that agents note is to be reviewed.'
  if (review === 'user' && isAboutUser) return 'What agents note about you is to be reviewed.'
  return null
}

/** A note with the place that it counts in. Without a folder the session is as far as a note for the folder goes. */
export function draftOf(note: Note, { place, untrusted }: Pick<NoteFacts, 'place' | 'untrusted'>): MemoryDraftInput {
  const scope = note.scope === 'workspace' && place.workspaceId === null ? 'session' : note.scope
  return {
    kind: note.kind, text: note.text, scope, trust: untrusted ? 'untrusted' : 'agent',
    workspaceId: scope === 'user' ? null : place.workspaceId,
    sessionId: scope === 'session' ? place.sessionId : null,
  }
}
