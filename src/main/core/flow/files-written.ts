import { z } from 'zod'
import type { FlowLabel } from '#contract/flow'
import type { Entry } from '#contract/entries'
import type { LabelledFileStore, StoredLabelledFile } from '../ports/flow-store'
import { carriedBy } from './carried'
import type { Capability } from '../tools/tool'
import { sourcesOf } from './labels'

/** Of a folder. More, and it counts as a whole. */
const MOST_FILES = 5000

/** A file as it is after a call. `before`: the hash of what was there; null: nothing. */
export interface WrittenFile {
  readonly path: string
  readonly hash: string
  readonly before: string | null
}

export interface Writer {
  readonly store: LabelledFileStore
  readonly workspaceId: string
  readonly sessionId: string
  readonly at: number
  /** What the writer has read before. */
  readonly path: readonly Entry[]
  /** What it has read by this call. */
  readonly labels: readonly FlowLabel[]
}

/** Whether it matters what a call has written: the writer has read what is labelled, or changes what is. */
export function mayLabel({ store, workspaceId, path, labels }: Writer): boolean {
  return workspaceId !== '' && (carriedBy([...sourcesOf(path), ...labels]).length > 0 || store.count(workspaceId) > 0)
}

/**
 * What is to be remembered of files that were written. Who changes a part of a labelled file leaves the rest of it as it was, so its labels
 * stay. Null: what was written is not known, and so it can be any file of the folder.
 */
export function labelledFilesOf({ store, workspaceId, sessionId, at, path, labels }: Writer, written: readonly WrittenFile[] | null, emptyHash: string): StoredLabelledFile[] {
  const own = carriedBy([...sourcesOf(path), ...labels])
  const whole = (): StoredLabelledFile[] => (own.length === 0 ? [] : [{ workspaceId, path: '', hash: '', labels: own, sessionId, at }])
  if (written === null || store.count(workspaceId) + written.length > MOST_FILES) return whole()
  return written.filter(({ hash }) => hash !== emptyHash).flatMap((file): StoredLabelledFile[] => {
    const known = store.isEmpty() ? [] : [...(file.before === null ? [] : store.find(file.before)), ...store.find(file.hash)]
    const carried = carriedBy([...known.flatMap((each) => each.labels), ...own])
    return carried.length === 0 ? [] : [{ workspaceId, path: file.path, hash: file.hash, labels: carried, sessionId: own.length > 0 ? sessionId : (known[0]?.sessionId ?? sessionId), at }]
  })
}

const ChangeSchema = z.object({ path: z.string(), beforeHash: z.string().nullable(), afterHash: z.string() })

/** The same for a call that a crash has cut, by what its intent says. A command may have written anything. */
export function labelledAfterCrash(writer: Writer, capability: Capability, fingerprint: unknown): StoredLabelledFile[] {
  if (!mayLabel(writer)) return []
  if (capability === 'execute') return labelledFilesOf(writer, null, '')
  const change = capability === 'edit' ? ChangeSchema.safeParse(fingerprint).data : undefined
  return change ? labelledFilesOf(writer, [{ path: change.path, hash: change.afterHash, before: change.beforeHash }], '') : []
}
