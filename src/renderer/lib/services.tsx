import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import type { Announcer } from './announcer'
import type { CacheWriter } from './cache-writer'
import type { Client, QueryUtils } from './client'
import type { CommandRegistry } from './commands/registry'
import type { Machine } from './commands/reserved'
import type { Shortcuts } from './commands/listen'
import type { Connection } from './connection'
import type { DeltaChannel, DeltaStore, LiveText } from './delta-store'
import type { Attach } from './attach'
import type { DraftParts } from './draft-parts'
import type { Drafts } from './drafts'
import type { ReadableStore } from './external-store'
import type { FolderWatches } from './folder-watch'
import type { FocusGuard } from './focus-guard'
import type { Toasts } from './notices'
import type { Queries } from './queries'
import type { LocalMemory } from './storage'
import type { TextDrafts } from './text-drafts'
import type { ThemeControl } from './theme'

/** What every feature may use. Made once, in main.tsx. */
export interface Services {
  readonly client: Client
  readonly orpc: QueryUtils
  readonly queries: Queries
  readonly cache: CacheWriter
  readonly deltas: DeltaStore
  readonly drafts: Drafts
  /** What goes with the next messages beside their texts. */
  readonly parts: DraftParts
  /** Adds to the next message of a session: for the composer, the tree, the editor. */
  readonly attach: Attach
  readonly connection: Pick<Connection, 'state' | 'retryNow'>
  readonly toasts: Toasts
  readonly memory: LocalMemory
  readonly theme: ThemeControl
  readonly focusGuard: FocusGuard
  readonly commands: CommandRegistry
  readonly shortcuts: Shortcuts
  readonly machine: Machine
  readonly announcer: Announcer
  readonly folderWatches: FolderWatches
  readonly textDrafts: TextDrafts
}

const ServicesContext = createContext<Services | null>(null)

export function ServicesProvider({ services, children }: { readonly services: Services; readonly children: ReactNode }) {
  return <ServicesContext value={services}>{children}</ServicesContext>
}

export function useServices(): Services {
  const services = useContext(ServicesContext)
  if (services === null) throw new Error('useServices is used outside of ServicesProvider')
  return services
}

export function useStore<T>(store: ReadableStore<T>): T {
  return useSyncExternalStore(store.subscribe, store.get)
}

/** The text of a running step, at most one update per frame. */
export function useLiveText(stepId: string, channel: DeltaChannel): LiveText {
  const { deltas } = useServices()
  return useSyncExternalStore((listener) => deltas.subscribe(stepId, channel, listener), () => deltas.get(stepId, channel))
}
