import type { NotCoveredReason } from '#contract/file-changes'
import type { IgnoreRules } from '#core/files/ignore-rules'

/** What is known of a name that is no folder. The times and the number of the file say whether it must be read again. */
export interface FileNode {
  readonly kind: 'file' | 'link' | 'not_covered'
  readonly mode: number
  readonly size: number
  readonly mtimeMs: number
  /** -1 when the file was changed so shortly before it was read that a later change could look the same. */
  readonly ctimeMs: number
  readonly ino: number
  readonly hash: string
  readonly reason: NotCoveredReason | null
}

export interface FolderNode {
  readonly kind: 'directory'
  mode: number
  ino: number
  entries: Map<string, TreeNode>
  /** Of its tree; null when something below has changed. */
  hash: string | null
  size: number
  files: number
  ignored: string[]
  rules: IgnoreRules | null
  rulesText: string | null
}

export type TreeNode = FileNode | FolderNode

export function newFolder(): FolderNode {
  return { kind: 'directory', mode: 0o755, ino: 0, entries: new Map(), hash: null, size: 0, files: 0, ignored: [], rules: null, rulesText: null }
}

/** Folders of a path from the root down, as far as they exist. */
export function foldersTo(root: FolderNode, path: string): FolderNode[] {
  const folders = [root]
  for (const name of path === '' ? [] : path.split('/')) {
    const next = folders.at(-1)?.entries.get(name)
    if (next?.kind !== 'directory') break
    folders.push(next)
  }
  return folders
}

export function markChanged(root: FolderNode, path: string): void {
  for (const folder of foldersTo(root, path)) folder.hash = null
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
