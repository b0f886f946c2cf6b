import type { FolderChange } from '#contract/files'
import type { Client } from './client'
import type { ConnectionState } from './connection'
import { createStore, type ReadableStore } from './external-store'

export interface FolderState {
  readonly available: boolean
  /** Why changes are seen late; null when they are seen at once. */
  readonly trouble: string | null
}

/** What changes on the disk, one stream per workspace for all that listen. */
export interface FolderWatches {
  /** Called with every change; `reset` first, and whenever something may have been missed. Returns the disposer. */
  listen(workspaceId: string, listener: (change: FolderChange) => void): () => void
  state(workspaceId: string): ReadableStore<FolderState>
}

const retryMs = 1_000
const fine: FolderState = { available: true, trouble: null }

export function createFolderWatches({ client, connection, pause }: {
  readonly client: Pick<Client, 'files'>
  readonly connection: ReadableStore<ConnectionState>
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
}): FolderWatches {
  const listeners = new Map<string, Set<(change: FolderChange) => void>>()
  const streams = new Map<string, AbortController>()
  const states = new Map<string, ReturnType<typeof createStore<FolderState>>>()

  const stateOf = (workspaceId: string) => {
    const state = states.get(workspaceId) ?? createStore(fine)
    states.set(workspaceId, state)
    return state
  }
  const tell = (workspaceId: string, change: FolderChange): void => {
    const before = stateOf(workspaceId).get()
    if (before.available !== change.available || before.trouble !== change.trouble) stateOf(workspaceId).set({ available: change.available, trouble: change.trouble })
    for (const listener of [...(listeners.get(workspaceId) ?? [])]) listener(change)
  }
  const follow = async (workspaceId: string, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        if (connection.get() === 'open') for await (const change of await client.files.changes({ id: workspaceId }, { signal })) tell(workspaceId, change)
      } catch {
        // The stream broke, or the folder is not known any more; the first message of the next one says to load anew.
      }
      if (!signal.aborted) await pause(retryMs, signal)
    }
  }
  return {
    state: stateOf,
    listen: (workspaceId, listener) => {
      const known = listeners.get(workspaceId) ?? new Set()
      known.add(listener)
      listeners.set(workspaceId, known)
      if (!streams.has(workspaceId)) {
        const stream = new AbortController()
        streams.set(workspaceId, stream)
        void follow(workspaceId, stream.signal)
      }
      return () => {
        known.delete(listener)
        if (known.size > 0) return
        streams.get(workspaceId)?.abort()
        streams.delete(workspaceId)
        listeners.delete(workspaceId)
      }
    },
  }
}
