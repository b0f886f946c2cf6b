import type { LabelledFile } from '#contract/flow'
import type { StoredWorkspace, Store } from '../ports/store'
import type { Audit } from '../audit/audit-log'

/** As far as they are listed. */
const MOST_FILES = 500
const MOST_LOOKED_AT = 10_000

/** What agents wrote in a folder after they had read what is labelled: each path once, newest first. */
export function labelledFilesIn(store: Pick<Store, 'labelledFiles'>, workspaceId: string): { items: LabelledFile[]; total: number } {
  const newest = new Map<string, LabelledFile>()
  for (const { path, labels, sessionId, at } of store.labelledFiles.list(workspaceId, MOST_LOOKED_AT)) if (!newest.has(path)) newest.set(path, { path, labels: [...labels], sessionId, at })
  return { items: [...newest.values()].slice(0, MOST_FILES), total: newest.size }
}

/** A person has looked at them, or at all of the folder: they bring nothing with them any more. Returns how many. */
export function acceptFiles({ store, audit }: { readonly store: Pick<Store, 'labelledFiles' | 'transaction'>; readonly audit: Audit }, { id, path }: Pick<StoredWorkspace, 'id' | 'path'>, paths: readonly string[] | null, traceId: string): number {
  return store.transaction(() => {
    const accepted = store.labelledFiles.remove(id, paths)
    if (accepted === 0) return 0
    const which = paths === null ? 'all of it' : `${accepted} ${accepted === 1 ? 'file' : 'files'}`
    audit.append({ kind: 'trust', severity: 'medium', title: `Accepted what agents wrote in ${path}: ${which}`, content: { workspaceId: id, path, accepted, files: paths ?? 'all' } }, { sessionId: null, runId: null, traceId })
    return accepted
  })
}
