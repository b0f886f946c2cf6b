import type { FolderChange, FolderListing, FoundFiles } from '#contract/files'

/**
 * The names in folders, kept in memory off the caller's thread while somebody asks for them. Names only: no content is
 * read but that of ignore files. No link is followed. `root` is an absolute real path.
 *
 * Failures are AppError: `WORKSPACE_UNAVAILABLE`, `RESOURCE_NOT_FOUND` (no such folder in it).
 */
export interface FolderIndex {
  /** As it is at this moment. `path` is relative, empty for the root. */
  list(root: string, path: string): Promise<FolderListing>
  find(root: string, query: FindQuery): Promise<FoundFiles>
  /** Calls back with every change from now on, within 100 ms where the system tells of changes. Returns the disposer. */
  watch(root: string, onChange: (change: FolderChange) => void): () => void
  close(): Promise<void>
}

export interface FindQuery {
  readonly query: string
  readonly mode: 'fuzzy' | 'contains'
  readonly limit: number
}
