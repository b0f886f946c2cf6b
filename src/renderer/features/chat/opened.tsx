import { createContext, type ReactNode, useCallback, useContext, useSyncExternalStore } from 'react'

/** What a person opened or closed. Outlives the row itself, which is in the page only while it is in sight. */
export interface Opened {
  get(key: string): boolean | undefined
  set(key: string, open: boolean): void
  subscribe(listener: () => void): () => void
}

const maxKept = 2_000

export function createOpened(): Opened {
  const kept = new Map<string, boolean>()
  const listeners = new Set<() => void>()
  return {
    get: (key) => kept.get(key),
    set: (key, open) => {
      kept.delete(key)
      kept.set(key, open)
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - maxKept))) kept.delete(oldest)
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const OpenedContext = createContext<Opened | null>(null)

export function OpenedProvider({ opened, children }: { readonly opened: Opened; readonly children: ReactNode }) {
  return <OpenedContext value={opened}>{children}</OpenedContext>
}

/** Whether a part of the conversation is open, and what opens and closes it. */
export function useOpened(key: string, byDefault: boolean): readonly [open: boolean, setOpen: (open: boolean) => void] {
  const opened = useContext(OpenedContext)
  if (opened === null) throw new Error('useOpened is used outside of OpenedProvider')
  const kept = useSyncExternalStore(opened.subscribe, () => opened.get(key))
  const set = useCallback((open: boolean) => opened.set(key, open), [opened, key])
  return [kept ?? byDefault, set]
}
