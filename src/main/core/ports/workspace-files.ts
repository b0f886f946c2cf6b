/**
 * Files of one folder. Paths are relative to it, with forward slashes; every call judges what would really be
 * opened: the real path of the nearest existing parent must be inside the folder, and no link is followed out.
 *
 * Failures are AppError: `PATH_OUTSIDE_WORKSPACE`, `RESOURCE_NOT_FOUND`, `FILE_TOO_LARGE`, `FILE_BINARY`,
 * `FILE_CHANGED`, `PERMISSION_DENIED`, `CONFLICT` (the target exists), `DISK_FULL`, `WORKSPACE_UNAVAILABLE`.
 */
export interface WorkspaceFolder {
  /** Absolute real path. */
  readonly root: string
  /**
   * The path as it really is: links resolved, relative to the folder. Throws when it leads outside. A path that
   * does not exist yet is resolved by its nearest existing parent.
   */
  resolve(path: string): Promise<ResolvedPath>
  /** At most `maxBytes` of UTF-8 text. */
  readText(path: string, maxBytes: number): Promise<TextFile>
  /** Lines of a text file of any size up to `maxBytes` per call; `startLine` is 1-based. */
  readLines(path: string, startLine: number, maxLines: number, maxBytes: number): Promise<LineRange>
  /** What can be told of a file that is no text; `image` when its first bytes say that it is one, up to `maxImageBytes`. */
  readBinary(path: string, maxImageBytes: number): Promise<BinaryFile>
  /** With the folders above it that are missing. `CONFLICT` when something is there. */
  makeFolder(path: string): Promise<void>
  /**
   * Replaces the file in one step (temporary file, sync, rename), keeping its mode; creates missing folders.
   * `expectedHash`: hash of what is there now, null for "no file"; anything else there is `FILE_CHANGED`.
   */
  writeText(path: string, text: string, expectedHash: string | null): Promise<{ readonly hash: string; readonly bytes: number }>
  /** Refuses to overwrite (`CONFLICT`). Creates missing folders of the target. */
  move(from: string, to: string): Promise<void>
  /** Folders end in a slash; sorted by name; at most `limit` names. */
  list(path: string, limit: number): Promise<{ readonly names: readonly string[]; readonly total: number }>
  /** SHA-256 of a file's bytes; null when there is none. Folders hash as `directory`. */
  hash(path: string): Promise<string | null>
  /** The `hash` that a file with this text has. */
  hashText(text: string): string
  /** Moves a file or folder to the bin of the profile. */
  moveToBin(path: string, binId: string): Promise<{ readonly bytes: number }>
  /** Puts it back; `CONFLICT` when something is there now. */
  restoreFromBin(binId: string, path: string): Promise<void>
}

export interface ResolvedPath {
  readonly path: string
  readonly kind: 'file' | 'directory' | 'other' | 'missing'
}

export interface TextFile {
  readonly text: string
  readonly bytes: number
  readonly hash: string
}

export interface BinaryFile {
  readonly bytes: number
  readonly image: { readonly mime: string; readonly base64: string } | null
}

export interface LineRange {
  readonly lines: readonly string[]
  readonly totalBytes: number
  /** Null when the file was too large to count. */
  readonly totalLines: number | null
  /** Line to go on with; null at the end. */
  readonly nextLine: number | null
}

export interface Folders {
  /** Opens a folder by its absolute path. Throws AppError `WORKSPACE_UNAVAILABLE` when it is not a readable folder. */
  open(path: string): Promise<WorkspaceFolder>
  /** Never throws. */
  isAvailable(path: string): Promise<boolean>
  /** Absolute real path; AppError as `open`. */
  realPath(path: string): Promise<string>
  /** Names of the folders in a folder (home when null), hidden ones left out. */
  subfolders(path: string | null): Promise<{ readonly path: string; readonly parent: string | null; readonly folders: readonly { readonly name: string; readonly path: string }[] }>
}

export interface TextSearch {
  /** Paths that match a glob, files that .gitignore excludes left out; at most `limit`. */
  glob(root: string, pattern: string, limit: number, signal: AbortSignal): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean }>
  /** Lines that match a regular expression, as `path:line:text`; at most `limit` lines of at most 500 characters. AppError `INVALID_PARAMETERS` for a bad pattern. */
  search(root: string, query: { readonly pattern: string; readonly path: string | null; readonly limit: number }, signal: AbortSignal): Promise<{ readonly lines: readonly string[]; readonly truncated: boolean }>
}
