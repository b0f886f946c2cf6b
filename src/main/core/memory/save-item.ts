import { type MemoryDraft, type MemoryTrust, MOST_TAGS } from '#contract/memory'
import { sayStatement } from '#contract/statement-words'
import { AppError } from '../errors'
import type { MemoryFields, StoredMemory } from '../ports/memory-store'
import { changeItem, changeMemory, checkedPlace, createItem, type MemoryCause, type MemoryChange, type MemoryPorts, type NewMemory } from './change-item'
import { followText, readStatements, united } from './graph/read-statements'
import { isSensitive } from './sensitive'
import { fingerprint, normalised, similarity } from './words'

/** `known`: it was there and is brought up to date; `forgotten`: it was forgotten, and a person says it again. */
export interface Saved {
  readonly item: StoredMemory
  readonly outcome: 'created' | 'known' | 'forgotten'
}

/** Two texts this alike say the same, perhaps with another value: the newer one counts. */
const SAME = 0.82
const LOOKED_AT = 8
const trustRank: Readonly<Record<MemoryTrust, number>> = { untrusted: 0, agent: 1, person: 2 }

/**
 * Saves what may be known already. The same text, or from an agent one that says nearly the same, is brought up to date instead of
 * kept twice. What was forgotten is learnt again from a person only: for others this throws AppError CONFLICT with `forgottenId`.
 */
export async function saveItem(ports: MemoryPorts, draft: MemoryDraft, cause: MemoryCause): Promise<Saved> {
  return (await prepareSave(ports, draft, cause))()
}

/** Looks for what is like it; what is given back saves it, in a transaction of its own or in one at hand. */
export async function prepareSave(ports: MemoryPorts, draft: MemoryDraft, cause: MemoryCause): Promise<() => Saved> {
  const fields = fieldsOf(ports, draft, cause)
  const alike = isPerson(cause) ? null : await findAlike(ports, fields)
  return () => changeMemory(ports, cause.traceId, (change) => saveNow(ports, change, fields, cause, alike))
}

/** The same in a transaction at hand; without `alike` only the same text counts as known. */
export function saveNow(ports: MemoryPorts, change: MemoryChange, fields: NewMemory, cause: MemoryCause, alike: StoredMemory | null = null): Saved {
  const hash = fingerprint(fields.text)
  const same = ports.store.memory.findByHash(hash).filter((item) => isSamePlace(item, fields) && normalised(item.text) === normalised(fields.text))
  const near = alike === null ? null : ports.store.memory.get(alike.id)
  const live = [...same, ...(near ? [near] : [])].find(({ forgottenAt }) => forgottenAt === null)
  if (live) return { item: learnAgain(ports, change, live, fields, cause), outcome: 'known' }
  const gone = same[0] ?? near
  if (!gone) return { item: createItem(ports, change, fields, cause, { hash }), outcome: 'created' }
  if (!isPerson(cause)) throw new AppError('CONFLICT', 'This was forgotten, so it is not learnt again. A person can restore it in Memory.', { data: { forgottenId: gone.id } })
  const { source: _source, ...rest } = fields
  return { item: changeItem(ports, change, gone, { ...rest, forgottenAt: null, archived: false }, cause, 'restored'), outcome: 'forgotten' }
}

/** All that a new item is. Throws AppError INVALID_PARAMETERS, or PERMISSION_DENIED for what only a person may make. */
export function fieldsOf(ports: Pick<MemoryPorts, 'store'>, draft: MemoryDraft, cause: MemoryCause): NewMemory {
  const trust = isPerson(cause) ? (draft.trust ?? 'person') : draft.trust === 'untrusted' ? 'untrusted' : 'agent'
  if (trust === 'untrusted' && draft.kind === 'user') {
    throw new AppError('PERMISSION_DENIED', 'What comes out of a file, a page or a tool becomes no fact about the person. A person can save it.')
  }
  const { kind, title, text, solution, importance, expiresAt, pinned } = draft
  const { by, sessionId = null, runId = null, entryId = null } = cause
  return {
    kind, title, text, solution, statements: draft.statements ?? (kind === 'solution' ? [] : readStatements(text)), tags: [...new Set(draft.tags)], ...checkedPlace(ports.store, draft), importance, trust, expiresAt, pinned, archived: false, forgottenAt: null,
    sensitivity: draft.sensitivity ?? sensitivityOf(draft),
    source: { by, sessionId: draft.source.sessionId ?? sessionId, runId: draft.source.runId ?? runId, entryId: draft.source.entryId ?? entryId, path: draft.source.path ?? null },
  }
}

export function sensitivityOf({ title, text, solution, statements = [] }: Pick<MemoryFields, 'title' | 'text' | 'solution'> & { readonly statements?: MemoryFields['statements'] | undefined }): MemoryFields['sensitivity'] {
  return isSensitive(`${title}\n${text}\n${solution === null ? '' : JSON.stringify(solution)}\n${statements.map(sayStatement).join('\n')}`) ? 'sensitive' : 'normal'
}

export function isSamePlace(left: Pick<MemoryFields, 'kind' | 'scope' | 'workspaceId' | 'sessionId'>, right: Pick<MemoryFields, 'kind' | 'scope' | 'workspaceId' | 'sessionId'>): boolean {
  return left.kind === right.kind && left.scope === right.scope && (left.scope === 'user' || (left.scope === 'workspace' ? left.workspaceId === right.workspaceId : left.sessionId === right.sessionId))
}

/** Scripts and imports act for the person. */
function isPerson({ by }: MemoryCause): boolean {
  return by === 'person' || by === 'script' || by === 'import'
}

/** The item that says nearly the same in the same place, a forgotten one too; of both the forgotten one, since it must not come back. */
async function findAlike({ search, store, clock }: MemoryPorts, fields: NewMemory): Promise<StoredMemory | null> {
  const conditions = { filter: { state: 'all' as const }, place: null, sensitive: true, now: clock.now() }
  const [gone, live] = await Promise.all([
    search.words(fields.text, { conditions, limit: LOOKED_AT, forgotten: true }), search.words(fields.text, { conditions, limit: LOOKED_AT }),
  ])
  const best = (positions: readonly number[], fits: (item: StoredMemory) => boolean) => store.memory.getMany(positions).filter(fits)
    .map((item) => ({ item, alike: similarity(item.text, fields.text) })).filter(({ alike }) => alike >= SAME).sort((left, right) => right.alike - left.alike)[0]?.item ?? null
  // What was forgotten anywhere that this would be seen from is not learnt again.
  const forgotten = best(gone.found.map(({ position }) => position), (item) => item.scope === 'user' || isSamePlace(item, { ...fields, kind: item.kind }))
  return forgotten ?? best(live.found.map(({ position }) => position), (item) => isSamePlace(item, fields))
}

/** Who is trusted less than what is there adds nothing to it. */
function learnAgain(ports: MemoryPorts, change: MemoryChange, item: StoredMemory, fields: NewMemory, cause: MemoryCause): StoredMemory {
  if (trustRank[fields.trust] < trustRank[item.trust]) return item
  const { text, importance, expiresAt, trust, solution, sensitivity, statements } = fields
  return changeItem(ports, change, item, {
    text, expiresAt, statements: united(statements, followText(text, item.statements)), trust, importance: Math.max(importance, item.importance), tags: [...new Set([...item.tags, ...fields.tags])].slice(0, MOST_TAGS), archived: false,
    pinned: item.pinned || fields.pinned, sensitivity: item.sensitivity === 'sensitive' ? 'sensitive' : sensitivity,
    ...(fields.title !== '' && { title: fields.title }), ...(solution !== null && { solution }),
  }, cause, 'learnt_again')
}
