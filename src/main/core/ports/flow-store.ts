import type { LabelledFile } from '#contract/flow'

/** Known by what is in it, so that it is known under another name too. Path and hash are empty where it is not known what was written. */
export interface StoredLabelledFile extends LabelledFile {
  readonly workspaceId: string
  /** SHA-256 of its content. */
  readonly hash: string
}

export interface LabelledFileStore {
  /** True: there are none, in no folder. */
  isEmpty(): boolean
  /** Those with this content, in whichever folder; the newest few. */
  find(hash: string): StoredLabelledFile[]
  /** Of a folder, newest first. */
  list(workspaceId: string, limit: number): StoredLabelledFile[]
  count(workspaceId: string): number
  /** The same path with the same content gets the new labels. */
  put(file: StoredLabelledFile): void
  /** Those of these paths, or of the whole folder, and whatever has the same content anywhere. Returns how many paths of the folder. */
  remove(workspaceId: string, paths: readonly string[] | null): number
}
