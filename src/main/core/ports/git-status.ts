import type { GitMark } from '#contract/files'

export interface GitStatus {
  /**
   * Null when the folder is in no repository, or git is not there. Only reads: takes no lock, runs no hook, filter,
   * file watcher or other program that the repository's configuration names. Never throws but the signal's reason.
   */
  read(root: string, limit: number, signal: AbortSignal): Promise<GitReport | null>
}

export interface GitReport {
  readonly branch: string | null
  /** Relative to the folder. */
  readonly items: readonly { readonly path: string; readonly mark: GitMark }[]
  readonly truncated: boolean
}
