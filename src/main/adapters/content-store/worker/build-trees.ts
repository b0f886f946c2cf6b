import type { FolderNode } from './nodes'
import type { Objects } from './objects'
import { encodeTree, hashOf, type TreeEntry } from './tree-codec'

/** Stores the trees of all folders that changed, and gives the hash of the whole. What did not change costs nothing. */
export function buildTrees(objects: Objects, folder: FolderNode): string {
  if (folder.hash !== null) return folder.hash
  const entries: TreeEntry[] = []
  let size = 0
  let files = 0
  for (const [name, node] of folder.entries) {
    const hash = node.kind === 'directory' ? buildTrees(objects, node) : node.hash
    if (node.kind !== 'not_covered') size += node.size
    if (node.kind === 'directory') files += node.files
    else if (node.kind !== 'not_covered') files += 1
    entries.push({ name, kind: node.kind, mode: node.mode, size: node.size, hash })
  }
  const bytes = encodeTree(entries)
  const hash = hashOf(bytes)
  objects.put(hash, bytes)
  folder.hash = hash
  folder.size = size
  folder.files = files
  return hash
}
