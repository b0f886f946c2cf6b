import type { SearchMatch, SearchQuery } from '#contract/find-in-files'

/** Searches text with a pattern of a person. AppError `INVALID_PARAMETERS` for a bad pattern; throws the signal's reason. */
export interface FileSearch {
  /** In all files of a folder, in no order; `onMatch` returns false when it has enough. Links are not followed. */
  run(root: string, query: SearchQuery, onMatch: (path: string, match: SearchMatch) => boolean, signal: AbortSignal): Promise<void>
  /** Every match in one text, in order, and what it would become. */
  replacements(text: string, query: SearchQuery, replacement: string, signal: AbortSignal): Promise<readonly Replacement[]>
}

export interface Replacement {
  /** From 1. */
  readonly line: number
  /** Bytes of the line before it. */
  readonly column: number
  /** Bytes of the text before it, in UTF-8. */
  readonly offset: number
  readonly bytes: number
  readonly text: string
}
