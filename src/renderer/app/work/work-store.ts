import { create } from 'zustand'
import type { LocalMemory } from '../../lib/storage'

export type SideView = 'sessions' | 'files' | 'search'

/** What of the folder is shown where. */
export interface WorkState {
  readonly sideView: SideView
  readonly isTerminalOpen: boolean
  /** In a window without room for both. */
  readonly front: 'conversation' | 'editor'
  /** A folder or file that the tree is to show; the number makes each wish a new one. */
  readonly shownPath: { readonly path: string; readonly id: number } | null
  setSideView(view: SideView): void
  setTerminalOpen(open: boolean): void
  setFront(front: 'conversation' | 'editor'): void
  showPath(path: string): void
}

export function createWorkStore(memory: LocalMemory) {
  return create<WorkState>((set, get) => ({
    sideView: viewOf(memory.read('side')),
    isTerminalOpen: memory.read('terminal') === 'open',
    front: 'conversation',
    shownPath: null,
    setSideView: (sideView) => {
      memory.write('side', sideView)
      set({ sideView })
    },
    setTerminalOpen: (isTerminalOpen) => {
      memory.write('terminal', isTerminalOpen ? 'open' : null)
      set({ isTerminalOpen })
    },
    setFront: (front) => set({ front }),
    showPath: (path) => set({ shownPath: { path, id: (get().shownPath?.id ?? 0) + 1 } }),
  }))
}
export type WorkStore = ReturnType<typeof createWorkStore>

function viewOf(text: string | null): SideView {
  return text === 'files' || text === 'search' ? text : 'sessions'
}
