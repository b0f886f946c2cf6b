import type { FolderChange } from '#contract/files'

/** Beyond so many names a reader that is behind is told to load everything anew. */
const MOST_NAMED = 5_000

/** What a slow reader has missed, joined into one message. */
export function createChangeQueue() {
  let waiting: FolderChange | null = null
  let closed = false
  let wake: (() => void) | null = null
  const notify = () => {
    wake?.()
    wake = null
  }
  return {
    push: (change: FolderChange) => {
      if (closed) return
      waiting = waiting ? join(waiting, change) : change
      notify()
    },
    drain: async function* (): AsyncGenerator<FolderChange, void, void> {
      while (!closed) {
        const change = waiting
        waiting = null
        if (change) yield change
        if (waiting === null && !closed) await new Promise<void>((resolve) => { wake = resolve })
      }
    },
    close: () => {
      closed = true
      waiting = null
      notify()
    },
  }
}

function join(before: FolderChange, after: FolderChange): FolderChange {
  const folders = [...new Set([...before.folders, ...after.folders])]
  const files = [...new Set([...before.files, ...after.files])]
  const reset = before.reset || after.reset || folders.length + files.length > MOST_NAMED
  return {
    reset, folders: reset ? [] : folders, files: reset ? [] : files,
    git: before.git || after.git, listed: before.listed || after.listed, available: after.available, trouble: after.trouble,
  }
}
