import { type FSWatcher, mkdirSync, readFileSync, rmSync, unlinkSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeName, nameEncoding } from '../../shared/names'
import type { Directory } from '../../shared/directory'
import { joinPath } from './nodes'

/**
 * Which names in a folder may have changed. On Linux each folder is watched by itself, through its open handle; elsewhere
 * the system watches a whole tree. It may name too much, and it says when it could have named too little.
 */
export interface Watcher {
  /** Before the folder is read. */
  add(path: string, directory: Directory): void
  /** Folders that are gone: `path` and all below. */
  drop(path: string): void
  /** Everything that happened before the call is in the result, which starts anew. Null: unknown, look at everything. */
  take(): Promise<ReadonlySet<string> | null>
  /** Why `take` gave null, for people. */
  readonly trouble: string | null
  /** Trying again would not help. */
  readonly permanent: boolean
  close(): void
}

/** Beyond so many names a look at everything is cheaper. */
const MOST_NAMES = 20_000
/** A sign that does not come back within this time means that the system does not tell us everything. */
const SIGN_MS = 1000

export interface Signs {
  /** Resolves once all events of before have been delivered; false when they were not. */
  round(): Promise<boolean>
  /** Called for each event, so that a flood that made the system drop some is noticed. */
  count(): void
  /** Floods so far. */
  overflows(): number
  close(): void
}

/**
 * All watches of a thread share one queue of the system, in order. So a file of our own that we make now is told of after
 * all changes of before; each round has a name of its own, so that none is taken for another. The queue drops events
 * when it is full, which libuv does not tell: a burst as long as the queue is taken for that.
 */
export function createSigns(folder: string): Signs | null {
  const waiting = new Map<string, () => void>()
  let rounds = 0
  let burst = 0
  let overflows = 0
  let resetting = false
  let watcher: FSWatcher
  const limit = queueLength()
  try {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    watcher = watch(folder, { persistent: false }, (_event, name) => {
      waiting.get(name ?? '')?.()
      waiting.delete(name ?? '')
    })
    watcher.on('error', () => undefined)
  } catch {
    return null
  }
  return {
    count: () => {
      burst += 1
      if (burst === Math.ceil(limit)) overflows += 1
      if (resetting) return
      resetting = true
      setImmediate(() => {
        burst = 0
        resetting = false
      })
    },
    overflows: () => overflows,
    round: async () => {
      const name = `sign-${rounds += 1}`
      const path = join(folder, name)
      const arrived = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => { resolve(false) }, SIGN_MS)
        waiting.set(name, () => {
          clearTimeout(timer)
          resolve(true)
        })
        writeFileSync(path, '')
      })
      waiting.delete(name)
      unlinkSync(path)
      return arrived
    },
    close: () => { watcher.close() },
  }
}

function queueLength(): number {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')) * 0.9
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

export function createWatcher(root: string, signs: Signs): Watcher {
  const whole = process.platform !== 'linux'
  const watches = new Map<string, FSWatcher>()
  const overflowsBefore = signs.overflows()
  let names = new Set<string>()
  let trouble: string | null = null
  let permanent = false

  const note = (folder: string, name: string | null) => {
    signs.count()
    if (name === null || names.size >= MOST_NAMES) trouble ??= 'so much changed at once that the system did not name all of it'
    else names.add(joinPath(folder, decodeName(name).replaceAll('\\', process.platform === 'win32' ? '/' : '\\')))
  }
  const start = (path: string, target: string | Buffer) => {
    try {
      const watcher = watch(target, { persistent: false, recursive: whole, encoding: nameEncoding }, (_event, name) => { note(path, name) })
      watcher.on('error', () => { trouble ??= 'the system stopped to tell of changes' })
      watches.set(path, watcher)
    } catch (error) {
      const full = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EMFILE')
      permanent ||= full
      trouble ??= full ? 'the system has no more watches to give (fs.inotify.max_user_watches)' : 'the folder cannot be watched'
    }
  }
  if (whole) start('', root)

  return {
    add: (path, directory) => {
      if (whole || trouble !== null) return
      // The same folder may have been put in the place of another one.
      watches.get(path)?.close()
      start(path, directory.self)
    },
    drop: (path) => {
      for (const [watched, watcher] of watches) {
        if (watched !== path && !watched.startsWith(`${path}/`)) continue
        watcher.close()
        watches.delete(watched)
      }
    },
    take: async () => {
      if (trouble !== null) return null
      if (!(await signs.round()) || signs.overflows() !== overflowsBefore) {
        trouble = 'the system did not tell of all changes'
        return null
      }
      const taken = names
      names = new Set()
      return trouble === null ? taken : null
    },
    get trouble() {
      return trouble
    },
    get permanent() {
      return permanent
    },
    close: () => {
      for (const watcher of watches.values()) watcher.close()
      watches.clear()
    },
  }
}
