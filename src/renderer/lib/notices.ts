import { createStore, type ReadableStore } from './external-store'

export interface Toast {
  readonly id: number
  readonly level: 'info' | 'error'
  readonly text: string
}

export interface Toasts {
  readonly items: ReadableStore<readonly Toast[]>
  info(text: string): void
  error(text: string): void
  dismiss(id: number): void
}

const maxToasts = 4
const infoMs = 5_000
const errorMs = 15_000

/** Short messages in a corner. The same text is not shown twice at a time; the oldest goes when there are too many. */
export function createToasts(after: (ms: number, callback: () => void) => () => void): Toasts {
  const items = createStore<readonly Toast[]>([])
  let lastId = 0

  function dismiss(id: number): void {
    items.set(items.get().filter((item) => item.id !== id))
  }

  function show(level: Toast['level'], text: string): void {
    lastId += 1
    const id = lastId
    items.set([...items.get().filter((item) => item.text !== text), { id, level, text }].slice(-maxToasts))
    after(level === 'error' ? errorMs : infoMs, () => dismiss(id))
  }

  return { items, info: (text) => show('info', text), error: (text) => show('error', text), dismiss }
}
