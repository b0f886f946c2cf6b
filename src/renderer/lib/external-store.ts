/** The smallest store that `useSyncExternalStore` can read. */
export interface ReadableStore<T> {
  get(): T
  /** Returns the disposer. */
  subscribe(listener: () => void): () => void
}

export interface WritableStore<T> extends ReadableStore<T> {
  set(next: T): void
}

export function createStore<T>(initial: T): WritableStore<T> {
  const listeners = new Set<() => void>()
  let current = initial
  return {
    get: () => current,
    set: (next) => {
      if (Object.is(next, current)) return
      current = next
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
