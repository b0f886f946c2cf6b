import type { FolderListing, TreeEntry } from '#contract/files'
import { folderOf, isInside, joinPath } from '../../lib/file-path'

export interface TreeRow {
  readonly path: string
  readonly name: string
  readonly kind: TreeEntry['kind']
  readonly ignored: boolean
  /** From 1. */
  readonly level: number
  readonly isExpanded: boolean
  readonly position: number
  readonly setSize: number
  /** The characters of the path that a filter matched. */
  readonly matched?: readonly number[]
}

export interface TreeView {
  readonly folders: ReadonlyMap<string, FolderListing>
  readonly expanded: ReadonlySet<string>
  readonly showIgnored: boolean
}

/** What is seen of the tree, from the top down. A folder that is open and not loaded yet shows nothing below it. */
export function rowsOf({ folders, expanded, showIgnored }: TreeView): readonly TreeRow[] {
  const rows: TreeRow[] = []
  const visit = (path: string, level: number): void => {
    const entries = (folders.get(path)?.entries ?? []).filter((entry) => showIgnored || !entry.ignored)
    for (const [index, { name, kind, ignored }] of entries.entries()) {
      const child = joinPath(path, name)
      const isExpanded = kind === 'folder' && expanded.has(child)
      rows.push({ path: child, name, kind, ignored, level, isExpanded, position: index + 1, setSize: entries.length })
      if (isExpanded) visit(child, level + 1)
    }
  }
  visit('', 1)
  return rows
}

/** The files that a filter found, with the folders above them, all open. */
export function rowsOfFound(found: readonly { readonly path: string; readonly positions: readonly number[] }[]): readonly TreeRow[] {
  const children = new Map<string, Map<string, { readonly kind: 'file' | 'folder'; readonly matched: readonly number[] }>>()
  const add = (path: string, kind: 'file' | 'folder', matched: readonly number[]): void => {
    const folder = folderOf(path)
    const known = children.get(folder) ?? new Map<string, { readonly kind: 'file' | 'folder'; readonly matched: readonly number[] }>()
    if (!children.has(folder)) {
      children.set(folder, known)
      if (folder !== '') add(folder, 'folder', [])
    }
    if (!known.has(path)) known.set(path, { kind, matched })
  }
  for (const { path, positions } of found) add(path, 'file', positions)
  const rows: TreeRow[] = []
  const visit = (folder: string, level: number): void => {
    const entries = [...(children.get(folder) ?? [])].sort(([left, one], [right, other]) => Number(other.kind === 'folder') - Number(one.kind === 'folder') || left.localeCompare(right, 'en', { numeric: true }))
    for (const [index, [path, { kind, matched }]] of entries.entries()) {
      rows.push({ path, name: path.slice(folder === '' ? 0 : folder.length + 1), kind, ignored: false, level, isExpanded: kind === 'folder', position: index + 1, setSize: entries.length, matched })
      if (kind === 'folder') visit(path, level + 1)
    }
  }
  visit('', 1)
  return rows
}

/** Folders above a path, from the top down. */
export function foldersAbove(path: string): readonly string[] {
  const names = path.split('/')
  return names.slice(0, -1).map((_name, index) => names.slice(0, index + 1).join('/'))
}

/** Whether something may be moved into a folder: not into itself, not where it is. */
export function canMove(path: string, folder: string): boolean {
  return folderOf(path) !== folder && !isInside(folder, path)
}
