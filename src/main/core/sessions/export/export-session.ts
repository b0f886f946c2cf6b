import type { Entry } from '#contract/entries'
import type { ExportFormat, Session } from '#contract/sessions'
import type { Store } from '../../ports/store'
import { getSession } from '../publish'
import { entryMarkdown, heading } from './markdown'
import { valueWithoutSecrets, withoutSecrets } from './redact'

const ENTRIES_AT_ONCE = 100

export interface SessionExport {
  readonly fileName: string
  readonly mimeType: string
  /** Pieces of text, made as they are asked for. The session may go on or go away meanwhile; it is as long as it lasts. */
  parts(): Generator<string, void, void>
}

/** Throws AppError RESOURCE_NOT_FOUND. */
export function exportSession(store: Pick<Store, 'sessions' | 'journal' | 'workspaces'>, id: string, format: ExportFormat): SessionExport {
  const session = getSession(store, id)
  const fileName = `${fileNameOf(session.title)}.${format === 'json' ? 'json' : 'md'}`
  return format === 'json'
    ? { fileName, mimeType: 'application/json', parts: () => jsonParts(store, session) }
    : { fileName, mimeType: 'text/markdown', parts: () => markdownParts(store, session) }
}

/** What is left of a title in the name of a file on every system. */
export function fileNameOf(title: string): string {
  const plain = title.normalize('NFC').replaceAll(/[^\p{L}\p{N} ._-]+/gu, ' ').replaceAll(/\s+/g, ' ').trim().replaceAll(/^\.+|\.+$/g, '')
  return [...plain].slice(0, 60).join('').trim() || 'session'
}

/** The conversation that is shown, oldest first. */
function* markdownParts(store: Pick<Store, 'journal' | 'workspaces'>, session: Session): Generator<string, void, void> {
  const workspace = session.workspaceId === null ? null : store.workspaces.get(session.workspaceId)
  yield withoutSecrets(heading(session, workspace?.name ?? null))
  const head = session.heads.find(({ id }) => id === session.activeHeadId)?.entryId ?? null
  const ids = head === null ? [] : store.journal.pathIds(head)
  for (let at = 0; at < ids.length; at += ENTRIES_AT_ONCE) {
    const entries = ids.slice(at, at + ENTRIES_AT_ONCE).map((id) => store.journal.get(id)).filter((entry) => entry !== null)
    const text = entries.map(entryMarkdown).join('')
    if (text !== '') yield withoutSecrets(text)
  }
}

/** Everything: all branches, in the order in which they were written. `parentId` makes the tree, `heads` are its ends. */
function* jsonParts(store: Pick<Store, 'journal'>, session: Session): Generator<string, void, void> {
  yield `{\n"format": "trestle-session-1",\n"session": ${JSON.stringify(valueWithoutSecrets(session))},\n"entries": [`
  let first = true
  for (let after: number | null = 0; after !== null;) {
    const page: { readonly items: readonly Entry[]; readonly next: number | null } = store.journal.listBySession(session.id, after, ENTRIES_AT_ONCE)
    const lines = page.items.map((entry) => JSON.stringify(valueWithoutSecrets(withoutProofs(entry))))
    if (lines.length > 0) yield `${first ? '\n' : ',\n'}${lines.join(',\n')}`
    if (lines.length > 0) first = false
    after = page.next
  }
  yield '\n]\n}\n'
}

/** A provider's signatures of its reasoning are of use to nobody else. */
function withoutProofs(entry: Entry): Entry {
  if (entry.payload.kind !== 'assistant_message' || entry.payload.thinking.length === 0) return entry
  return { ...entry, payload: { ...entry.payload, thinking: entry.payload.thinking.map(({ text }) => ({ text })) } }
}
