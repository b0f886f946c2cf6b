import { errnoOf } from '../../shared/directory'
import { type FolderNode, newFolder, nodeAt, parentOf, pathsOf, type TreeNode } from './nodes'
import { readFolder, RootGone, withFolder } from './read-folder'
import type { Watches } from './watches'

const MOST_FILES = 500_000
const SLICE_MS = 12

export interface TreeWalk {
  /** Forgets everything and reads again from the root; the rest comes in slices. */
  begin(): void
  /** Reads a folder again that was read before. */
  refresh(path: string): void
  /** A folder that has been read, now if need be; null when there is none. */
  folder(path: string): FolderNode | null
  paths(): ReturnType<typeof pathsOf>
  isWalking(): boolean
  close(): void
}

/** The tree of names of one folder, read from its root down without holding up the thread. */
export function createTreeWalk({ root, watches, onChange, onListed, onRootGone, onRules }: {
  readonly root: string
  readonly watches: () => Watches
  /** The names in a folder that was read before are others now. */
  readonly onChange: (path: string) => void
  readonly onListed: () => void
  readonly onRootGone: () => void
  /** Ignore rules changed: everything has to be judged again. */
  readonly onRules: () => void
}): TreeWalk {
  let tree = newFolder('', false)
  let pending: FolderNode[] = []
  let cached: ReturnType<typeof pathsOf> | null = null
  let walking = false
  let closed = false

  const read = (folder: FolderNode): void => {
    const parent: TreeNode | null = folder.path === '' ? null : nodeAt(tree, parentOf(folder.path))
    try {
      const result = withFolder(root, folder.path, (directory) => {
        watches().add(folder.path, directory)
        return readFolder(directory, folder, parent?.kind === 'folder' ? parent : null)
      })
      for (const gone of result.gone) watches().drop(gone.path)
      pending.push(...result.fresh.filter((fresh) => !fresh.ignored))
      cached = null
      if (result.changed) onChange(folder.path)
      if (result.rulesChanged) onRules()
    } catch (error) {
      if (error instanceof RootGone) onRootGone()
      else if (errnoOf(error) === null) throw error
      // It went while it was read, or may not be read: its parent tells, or it is shown empty.
      else folder.entries ??= new Map()
    }
  }
  const slice = (): void => {
    if (closed) return
    const until = performance.now() + SLICE_MS
    for (let folder = pending.shift(); folder; folder = pending.shift()) {
      if (folder.entries === null && nodeAt(tree, folder.path) === folder) read(folder)
      if (performance.now() > until) break
    }
    if (pending.length > 0) {
      setImmediate(slice)
      return
    }
    walking = false
    onListed()
  }
  const walk = (): void => {
    if (walking || closed) return
    walking = true
    setImmediate(slice)
  }
  return {
    begin: () => {
      tree = newFolder('', false)
      pending = []
      cached = null
      read(tree)
      walk()
    },
    refresh: (path) => {
      const folder = nodeAt(tree, path)
      if (folder?.kind === 'folder' && folder.entries !== null) read(folder)
      if (pending.length > 0) walk()
    },
    folder: (path) => {
      const folder = nodeAt(tree, path)
      if (folder?.kind === 'folder' && folder.entries === null) {
        read(folder)
        walk()
      }
      return folder?.kind === 'folder' && folder.entries !== null ? folder : null
    },
    paths: () => (cached ??= pathsOf(tree, MOST_FILES)),
    isWalking: () => walking,
    close: () => { closed = true },
  }
}
