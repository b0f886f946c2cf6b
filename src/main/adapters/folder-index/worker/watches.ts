import { type FSWatcher, readFileSync, watch } from 'node:fs'
import type { Directory } from '../../shared/directory'
import { decodeName, nameEncoding } from '../../shared/names'
import { joinPath } from './nodes'

export interface Watches {
  /** Before the folder is read, so that nothing between is missed. */
  add(path: string, directory: Directory): void
  /** `path` and all below. */
  drop(path: string): void
  /** Why changes may be missed, for people. */
  readonly trouble: string | null
  close(): void
}

export interface WatchEvents {
  /** `renamed`: the name came or went; else its content may have changed. `name` is null when the system did not say which. */
  readonly onEvent: (folder: string, name: string | null, renamed: boolean) => void
  /** So much came at once that the system will have dropped some. */
  readonly onOverflow: () => void
}

/** On Linux each folder is watched by itself, through its open handle; elsewhere the system watches the whole tree. */
export function createWatches(root: string, { onEvent, onOverflow }: WatchEvents): Watches {
  const whole = process.platform !== 'linux'
  const watchers = new Map<string, FSWatcher>()
  const limit = queueLength()
  let trouble: string | null = null
  let burst = 0
  let counting = false

  /** The system's queue is emptied in one turn of the loop: a burst as long as the queue means that it was full. */
  const count = () => {
    burst += 1
    if (burst === limit) onOverflow()
    if (counting) return
    counting = true
    setImmediate(() => {
      burst = 0
      counting = false
    })
  }
  const start = (path: string, target: string | Buffer) => {
    try {
      const watcher = watch(target, { persistent: false, recursive: whole, encoding: nameEncoding }, (kind, raw) => {
        count()
        if (raw === null) return onEvent(path, null, true)
        const name = decodeName(raw).replaceAll('\\', whole ? '/' : '\\')
        const full = joinPath(path, name)
        const slash = full.lastIndexOf('/')
        onEvent(slash === -1 ? '' : full.slice(0, slash), full.slice(slash + 1), kind === 'rename')
      })
      watcher.on('error', () => { trouble ??= 'The system stopped to tell of changes in this folder.' })
      watchers.get(path)?.close()
      watchers.set(path, watcher)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null
      if (code === 'ENOSPC' || code === 'EMFILE') trouble ??= 'The system cannot watch so many folders (fs.inotify.max_user_watches).'
      else if (code !== 'ENOENT') trouble ??= 'Changes in this folder cannot be watched.'
    }
  }
  if (whole) start('', root)

  return {
    add: (path, directory) => {
      if (!whole) start(path, directory.self)
    },
    drop: (path) => {
      for (const [watched, watcher] of watchers) {
        if (path !== '' && watched !== path && !watched.startsWith(`${path}/`)) continue
        watcher.close()
        watchers.delete(watched)
      }
    },
    get trouble() {
      return trouble
    },
    close: () => {
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
    },
  }
}

function queueLength(): number {
  try {
    return Math.ceil(Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')) * 0.9)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
