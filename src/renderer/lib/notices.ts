import { createStore, type ReadableStore } from './external-store'

export interface ToastAction {
  readonly label: string
  readonly run: () => void
}

export interface Toast {
  readonly id: number
  readonly level: 'info' | 'error'
  readonly text: string
  readonly actions: readonly ToastAction[]
}

export interface Toasts {
  readonly items: ReadableStore<readonly Toast[]>
  /** With something to press it stays longer. Pressing takes the toast away. */
  info(text: string, actions?: readonly ToastAction[]): void
  error(text: string): void
  dismiss(id: number): void
}

const maxToasts = 4
const infoMs = 5_000
const errorMs = 15_000
const actionMs = 20_000

/** Short messages in a corner. The same text is not shown twice at a time; the oldest goes when there are too many. */
export function createToasts(after: (ms: number, callback: () => void) => () => void): Toasts {
  const items = createStore<readonly Toast[]>([])
  let lastId = 0

  function dismiss(id: number): void {
    items.set(items.get().filter((item) => item.id !== id))
  }

  function show(level: Toast['level'], text: string, actions: readonly ToastAction[]): void {
    lastId += 1
    const id = lastId
    items.set([...items.get().filter((item) => item.text !== text), { id, level, text, actions }].slice(-maxToasts))
    after(actions.length > 0 ? actionMs : level === 'error' ? errorMs : infoMs, () => dismiss(id))
  }

  return { items, info: (text, actions = []) => show('info', text, actions), error: (text) => show('error', text, []), dismiss }
}
