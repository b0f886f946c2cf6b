import type { FileState } from '#contract/file-changes'
import type { TreeChange, TreeDiff } from '#core/ports/snapshots'
import { joinPath } from './nodes'
import { DamagedObject, type Objects } from './objects'
import { decodeTree, encodeTree, hashOf, type TreeEntry } from './tree-codec'

export const emptyTreeId = hashOf(encodeTree([]))

/** Throws DamagedObject. */
export function readTree(objects: Objects, treeId: string): TreeEntry[] {
  if (treeId === emptyTreeId) return []
  try {
    return decodeTree(objects.get(treeId))
  } catch (error) {
    throw error instanceof DamagedObject ? error : new DamagedObject(treeId, error)
  }
}

export function stateOf(entry: TreeEntry): FileState {
  return { kind: entry.kind, mode: entry.mode, bytes: entry.size, hash: entry.hash === '' ? null : entry.hash }
}

/** Goes only where the hashes differ. */
export function diffTrees(objects: Objects, from: string, to: string, limit: number): TreeDiff {
  const changes: TreeChange[] = []
  const damaged: string[] = []
  let total = 0
  const add = (change: TreeChange) => {
    total += 1
    if (changes.length < limit) changes.push(change)
  }
  const listing = (treeId: string | null, path: string): Map<string, TreeEntry> => {
    if (treeId === null) return new Map()
    try {
      return new Map(readTree(objects, treeId).map((entry) => [entry.name, entry]))
    } catch (error) {
      if (!(error instanceof DamagedObject)) throw error
      damaged.push(path)
      throw error
    }
  }
  const compare = (before: string | null, after: string | null, path: string): void => {
    if (before === after) return
    let left: Map<string, TreeEntry>
    let right: Map<string, TreeEntry>
    try {
      left = listing(before, path)
      right = listing(after, path)
    } catch (error) {
      if (error instanceof DamagedObject) return
      throw error
    }
    for (const name of [...new Set([...left.keys(), ...right.keys()])].sort()) compareEntry(left.get(name), right.get(name), joinPath(path, name))
  }
  const compareEntry = (before: TreeEntry | undefined, after: TreeEntry | undefined, path: string): void => {
    const [beforeTree, afterTree] = [treeOf(before), treeOf(after)]
    const same = before && after && before.kind === after.kind && before.mode === after.mode && (before.kind === 'directory' || before.hash === after.hash)
    if (!same) add({ path, before: before ? stateOf(before) : null, after: after ? stateOf(after) : null })
    if (beforeTree !== null || afterTree !== null) compare(beforeTree, afterTree, path)
  }
  compare(from, to, '')
  return { changes, total, damaged }
}

function treeOf(entry: TreeEntry | undefined): string | null {
  return entry?.kind === 'directory' ? entry.hash : null
}

export function stateAt(objects: Objects, treeId: string, path: string): FileState | null {
  let tree: string | null = treeId
  let found: TreeEntry | undefined
  for (const name of path.split('/')) {
    if (tree === null) return null
    found = readTree(objects, tree).find((entry) => entry.name === name)
    tree = treeOf(found)
  }
  return found ? stateOf(found) : null
}
