import { createFolderState, type FolderPorts, type FolderState } from './folder-state'

/** Folders that are watched at the same time; one that was not used for long is looked at whole when it is used again. */
const MOST_FOLDERS = 6

/** The folders that are known, and what waits for each: one thing at a time. */
export interface FolderStates {
  at(root: string): FolderState
  known(root: string): FolderState | undefined
  inQueue<T>(root: string, work: () => Promise<T>): Promise<T>
  all(): Iterable<FolderState>
  forget(root: string): void
  /** Waits for what is queued, and keeps what is known. */
  close(): Promise<void>
}

export function createFolderStates(ports: FolderPorts): FolderStates {
  const folders = new Map<string, FolderState>()
  const queues = new Map<string, Promise<unknown>>()
  const forget = (root: string) => {
    folders.get(root)?.close()
    folders.delete(root)
  }
  return {
    forget,
    known: (root) => folders.get(root),
    all: () => folders.values(),
    at: (root) => {
      const state = folders.get(root) ?? createFolderState(root, ports)
      folders.delete(root)
      folders.set(root, state)
      for (const [oldest, unused] of folders) {
        if (folders.size <= MOST_FOLDERS) break
        if (queues.has(oldest)) continue
        unused.save()
        forget(oldest)
      }
      return state
    },
    inQueue: (root, work) => {
      const before = queues.get(root)
      const result = before ? before.then(work, work) : work()
      const settled = result.then(() => undefined, () => undefined)
      queues.set(root, settled)
      void settled.then(() => {
        if (queues.get(root) === settled) queues.delete(root)
      })
      return result
    },
    close: async () => {
      await Promise.all(queues.values())
      for (const [root, state] of folders) {
        state.save()
        forget(root)
      }
    },
  }
}
