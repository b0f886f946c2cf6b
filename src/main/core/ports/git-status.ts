import type { GitMark } from '#contract/files'

export interface GitStatus {
  /**
   * Null when the folder is in no repository, or git is not there. Only reads: takes no lock, runs no hook, filter,
   * file watcher or other program that the repository's configuration names. Never throws but the signal's reason.
   */
  read(root: string, limit: number, signal: AbortSignal): Promise<GitReport | null>
  /** Files as the last commit has them, as stored: no filter and no conversion of line ends. What it has not is left out. The same promise. */
  readCommitted(root: string, paths: readonly string[], maxBytes: number, signal: AbortSignal): Promise<ReadonlyMap<string, CommittedFile | 'too_large'>>
}

export interface CommittedFile {
  readonly bytes: Uint8Array
  readonly kind: 'file' | 'link'
  /** Permission bits. */
  readonly mode: number
}

export interface GitReport {
  readonly branch: string | null
  /** Relative to the folder. */
  readonly items: readonly { readonly path: string; readonly mark: GitMark }[]
  readonly truncated: boolean
}
