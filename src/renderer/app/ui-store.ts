import { create } from 'zustand'
import type { Checkpoint } from '#contract/checkpoints'
import type { RestoreSource } from '../features/checkpoints/restore/source'
import { parseRoute, type Route, routeHash } from '../lib/route'
import type { LocalMemory } from '../lib/storage'

export type Side = 'left' | 'right'
export type RightTab = 'changes' | 'context' | 'run' | 'timeline'
/** An entry that the conversation is to bring into sight. */
export interface EntryTarget {
  readonly sessionId: string
  readonly entryId: string
}
export type OpenDialog =
  | { readonly kind: 'settings'; readonly section?: string }
  | { readonly kind: 'proposal'; readonly link: string }
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'usage' }
  | { readonly kind: 'new-task' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'quick-open'; readonly initial: string }
  | { readonly kind: 'trust'; readonly workspaceId: string }
  | { readonly kind: 'save-checkpoint'; readonly sessionId: string }
  | { readonly kind: 'restore'; readonly source: RestoreSource }
  | { readonly kind: 'branch'; readonly checkpoint: Checkpoint }

/** What is shown where. Nothing that the server knows. */
export interface UiState {
  readonly route: Route
  readonly isOpen: Readonly<Record<Side, boolean>>
  /** The side panel that lies over a narrow window. */
  readonly drawer: Side | null
  readonly rightTab: RightTab
  readonly dialog: OpenDialog | null
  /** The folder of new sessions; null until one is picked: then the one that was opened last. */
  readonly workspaceId: string | null
  readonly target: EntryTarget | null
  go(route: Route): void
  toggle(side: Side): void
  setOpen(side: Side, open: boolean): void
  setDrawer(drawer: Side | null): void
  setRightTab(tab: RightTab): void
  setDialog(dialog: OpenDialog | null): void
  setWorkspace(id: string): void
  setTarget(target: EntryTarget | null): void
  /** A window without room for three panes has the context closed until it is asked for; more room brings back what the person chose. */
  fit(hasRoom: boolean): void
}

export function createUiStore(memory: LocalMemory) {
  return create<UiState>((set, get) => ({
    route: parseRoute(window.location.hash),
    isOpen: { left: memory.read('left') !== 'closed', right: memory.read('right') !== 'closed' },
    drawer: null,
    rightTab: 'context',
    dialog: null,
    workspaceId: memory.read('workspace'),
    target: null,
    go: (route) => {
      const hash = routeHash(route)
      if (window.location.hash !== hash) window.history.pushState(null, '', hash)
      set({ route, drawer: null })
    },
    toggle: (side) => get().setOpen(side, !get().isOpen[side]),
    setOpen: (side, open) => {
      memory.write(side, open ? 'open' : 'closed')
      set({ isOpen: { ...get().isOpen, [side]: open } })
    },
    setDrawer: (drawer) => set({ drawer }),
    setRightTab: (rightTab) => set({ rightTab }),
    setDialog: (dialog) => set({ dialog }),
    setWorkspace: (workspaceId) => {
      memory.write('workspace', workspaceId)
      set({ workspaceId })
    },
    setTarget: (target) => set({ target, drawer: target === null ? get().drawer : null }),
    fit: (hasRoom) => set({ isOpen: { ...get().isOpen, right: hasRoom && memory.read('right') !== 'closed' } }),
  }))
}
export type UiStore = ReturnType<typeof createUiStore>
