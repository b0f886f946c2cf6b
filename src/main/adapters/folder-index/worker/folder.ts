import { lstatSync } from 'node:fs'
import type { FolderChange, FolderListing, FoundFiles } from '#contract/files'
import { findFiles } from '#core/files/find-files'
import { ignoreFileNames } from '#core/files/ignore-rules'
import type { FindQuery } from '#core/ports/folder-index'
import { openDirectory } from '../../shared/directory'
import { createChanges } from './changes'
import { joinPath, listingOf } from './nodes'
import { RootGone } from './read-folder'
import { createTreeWalk } from './tree-walk'
import { createWatches, type Watches } from './watches'

const ALIVE_MS = 1_000
/** How often a folder is listed anew that the system does not watch for us. */
const RELIST_MS = 10_000

export interface IndexedFolder {
  list(path: string): FolderListing
  find(query: FindQuery): FoundFiles
  /** Tells in a moment how it stands, for somebody who has not heard of it yet. */
  tellAgain(): void
  close(): void
}

/** One folder: listed from its root down, kept up to date by what the system tells. */
export function openIndexedFolder(root: string, tell: (change: FolderChange) => void): IndexedFolder {
  let available = true
  let closed = false
  let identity = identityOf(root)
  let relistAt = Date.now() + RELIST_MS

  const changes = createChanges({ tell, state: () => ({ available, trouble: watches.trouble }), apply: (folders) => { folders.forEach(walk.refresh) } })
  const onEvent = (folder: string, name: string | null, renamed: boolean): void => {
    if (folder === '.git' || folder.startsWith('.git/') || (folder === '' && name === '.git')) return changes.git()
    if (name !== null) changes.file(joinPath(folder, name))
    if (renamed || name === null || ignoreFileNames.includes(name)) changes.dirty(folder)
  }
  const openWatches = (): Watches => {
    const opened = createWatches(root, { onEvent, onOverflow: () => { restart() } })
    watchGit(root, opened)
    return opened
  }
  const leave = (): void => {
    available = false
    changes.now()
  }
  /** From the beginning: after a flood, with other rules, or when the folder is back. */
  const restart = (): void => {
    if (closed) return
    watches.close()
    watches = openWatches()
    relistAt = Date.now() + RELIST_MS
    changes.reset()
    walk.begin()
  }
  const checkAlive = (): void => {
    const now = identityOf(root)
    if (now === null) return available ? leave() : undefined
    const isAnother = !available || now !== identity
    available = true
    identity = now
    if (isAnother || (watches.trouble !== null && Date.now() > relistAt)) restart()
  }

  let watches = openWatches()
  const walk = createTreeWalk({ root, watches: () => watches, onChange: changes.folder, onListed: changes.listed, onRootGone: leave, onRules: () => { setImmediate(restart) } })
  walk.begin()
  const timer = setInterval(checkAlive, ALIVE_MS)
  timer.unref()
  return {
    list: (path) => {
      const folder = walk.folder(path)
      if (!available) throw new RootGone('the folder is gone')
      if (!folder) throw Object.assign(new Error('no such folder'), { code: 'NO_FOLDER' })
      return listingOf(folder)
    },
    find: (query) => {
      const paths = walk.paths()
      return { ...findFiles(paths, query), total: paths.paths.length, listed: !walk.isWalking(), truncated: paths.truncated }
    },
    tellAgain: () => {
      if (walk.isWalking()) changes.now()
      else changes.listed()
    },
    close: () => {
      closed = true
      clearInterval(timer)
      changes.close()
      walk.close()
      watches.close()
    },
  }
}

function identityOf(root: string): string | null {
  try {
    const stats = lstatSync(root)
    return stats.isDirectory() ? `${stats.dev} ${stats.ino}` : null
  } catch {
    return null
  }
}

/** What git keeps at the top of its folder: the index, HEAD. Where everything is watched at once it is watched already. */
function watchGit(root: string, watches: Watches): void {
  try {
    const directory = openDirectory(root)
    try {
      const git = directory.enter('.git')
      watches.add('.git', git)
      git.close()
    } finally {
      directory.close()
    }
  } catch {
    // No repository here.
  }
}
