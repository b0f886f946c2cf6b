import type { FolderListing, TreeEntry } from '#contract/files'
import type { IgnoreRules } from '#core/files/ignore-rules'

export interface FolderNode {
  readonly kind: 'folder'
  readonly path: string
  readonly ignored: boolean
  /** Null until it has been read. */
  entries: Map<string, TreeNode> | null
  rules: IgnoreRules | null
  rulesText: string | null
}

export interface LeafNode {
  readonly kind: 'file' | 'link' | 'other'
  readonly ignored: boolean
}

export type TreeNode = FolderNode | LeafNode

/** Of one folder; the rest is only counted. */
const MOST_ENTRIES = 100_000

export function newFolder(path: string, ignored: boolean): FolderNode {
  return { kind: 'folder', path, ignored, entries: null, rules: null, rulesText: null }
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

export function nodeAt(root: FolderNode, path: string): TreeNode | null {
  let node: TreeNode = root
  for (const name of path === '' ? [] : path.split('/')) {
    const next: TreeNode | undefined = node.kind === 'folder' ? node.entries?.get(name) : undefined
    if (!next) return null
    node = next
  }
  return node
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

export function listingOf(folder: FolderNode): FolderListing {
  const entries: TreeEntry[] = []
  for (const [name, node] of folder.entries ?? []) entries.push({ name, kind: node.kind, ignored: node.ignored })
  const rank = (entry: TreeEntry) => (entry.kind === 'folder' ? 0 : 1)
  entries.sort((left, right) => rank(left) - rank(right) || collator.compare(left.name, right.name) || (left.name < right.name ? -1 : 1))
  return { path: folder.path, entries: entries.slice(0, MOST_ENTRIES), truncated: entries.length > MOST_ENTRIES }
}

/** Paths of the files that are not ignored, in the order of the tree as it was read. */
export function pathsOf(folder: FolderNode, most: number): { readonly paths: string[]; readonly lower: string[]; readonly truncated: boolean } {
  const paths: string[] = []
  const lower: string[] = []
  const visit = (node: FolderNode): boolean => {
    for (const [name, child] of node.entries ?? []) {
      if (child.ignored || child.kind === 'other') continue
      if (child.kind === 'folder') {
        if (!visit(child)) return false
        continue
      }
      if (paths.length >= most) return false
      const path = joinPath(node.path, name)
      paths.push(path)
      lower.push(path.toLowerCase())
    }
    return true
  }
  return { truncated: !visit(folder), paths, lower }
}
