import { createStore, type ReadableStore } from './external-store'

/** Short sentences for those who hear the window instead of seeing it: what happened without anything moving the focus. */
export interface Announcer {
  readonly last: ReadableStore<{ readonly id: number; readonly text: string }>
  say(text: string): void
}

export function createAnnouncer(): Announcer {
  const last = createStore({ id: 0, text: '' })
  return {
    last,
    // Numbered, so that the same sentence is read again.
    say: (text) => last.set({ id: last.get().id + 1, text }),
  }
}
