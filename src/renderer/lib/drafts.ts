import { z } from 'zod'
import { createStore, type ReadableStore } from './external-store'
import type { LocalMemory } from './storage'

const DraftsSchema = z.record(z.string(), z.string())
type DraftMap = Readonly<Record<string, string>>

export interface Drafts {
  readonly all: ReadableStore<DraftMap>
  get(sessionId: string): string
  /** An empty text forgets the draft. */
  set(sessionId: string, text: string): void
}

const storageKey = 'drafts'
const maxDrafts = 50
/** Longer drafts stay in the window but are not kept over a reload. */
const maxKeptChars = 100_000

/** What was typed and not sent yet, by session. */
export function createDrafts(memory: LocalMemory): Drafts {
  const all = createStore<DraftMap>(parse(memory.read(storageKey)))
  return {
    all,
    get: (sessionId) => all.get()[sessionId] ?? '',
    set: (sessionId, text) => {
      const { [sessionId]: _old, ...others } = all.get()
      const entries = Object.entries(text === '' ? others : { ...others, [sessionId]: text }).slice(-maxDrafts)
      all.set(Object.fromEntries(entries))
      memory.write(storageKey, JSON.stringify(Object.fromEntries(entries.filter(([, draft]) => draft.length <= maxKeptChars))))
    },
  }
}

function parse(stored: string | null): DraftMap {
  if (stored === null) return {}
  try {
    return DraftsSchema.parse(JSON.parse(stored))
  } catch {
    return {}
  }
}
