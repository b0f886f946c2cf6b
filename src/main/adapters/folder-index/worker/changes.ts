import type { FolderChange } from '#contract/files'

/** The first look after something happened, so that what belongs together is read once. */
const FIRST_MS = 15
const SLOWEST_MS = 1_000
const MOST_NAMED = 2_000

/**
 * Collects what the system tells, has the folders looked at, and tells the result in one message. While looking takes long
 * (a folder of 100,000 names), it is done less often: a quarter of the time at most.
 */
export function createChanges({ tell, state, apply }: {
  readonly tell: (change: FolderChange) => void
  readonly state: () => Pick<FolderChange, 'available' | 'trouble'>
  /** Reads these folders again; what differs comes back through `folder`. */
  readonly apply: (folders: readonly string[]) => void
}) {
  const toRead = new Set<string>()
  const folders = new Set<string>()
  const files = new Set<string>()
  let git = false
  let listed = false
  let reset = false
  let timer: NodeJS.Timeout | null = null
  let cost = 0

  const flush = (): void => {
    timer = null
    const started = performance.now()
    const read = [...toRead]
    toRead.clear()
    apply(read)
    cost = performance.now() - started
    if (folders.size + files.size > MOST_NAMED) reset = true
    const change = { reset, folders: reset ? [] : [...folders], files: reset ? [] : [...files], git, listed, ...state() }
    folders.clear()
    files.clear()
    git = false
    listed = false
    reset = false
    tell(change)
  }
  const soon = (): void => {
    timer ??= setTimeout(flush, Math.min(SLOWEST_MS, Math.max(FIRST_MS, cost * 3)))
  }
  return {
    dirty: (folder: string) => {
      toRead.add(folder)
      soon()
    },
    folder: (path: string) => {
      if (folders.size <= MOST_NAMED) folders.add(path)
      soon()
    },
    file: (path: string) => {
      if (files.size <= MOST_NAMED) files.add(path)
      soon()
    },
    git: () => {
      git = true
      soon()
    },
    listed: () => {
      listed = true
      soon()
    },
    reset: () => {
      reset = true
      git = true
      soon()
    },
    now: soon,
    close: () => {
      if (timer) clearTimeout(timer)
    },
  }
}
