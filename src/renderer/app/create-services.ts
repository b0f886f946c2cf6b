import { MutationCache, onlineManager, QueryClient } from '@tanstack/react-query'
import { createAnnouncer } from '../lib/announcer'
import { createCacheWriter } from '../lib/cache-writer'
import { createClient, createQueryUtils } from '../lib/client'
import { type Bindings, createBindings, type Overrides } from '../lib/commands/bindings'
import { createShortcuts } from '../lib/commands/listen'
import { createCommandRegistry } from '../lib/commands/registry'
import type { Machine } from '../lib/commands/reserved'
import { type Channel, createConnection } from '../lib/connection'
import { createDeltaStore } from '../lib/delta-store'
import { createAttach } from '../lib/attach'
import { createDraftParts } from '../lib/draft-parts'
import { createDrafts } from '../lib/drafts'
import { errorBodyOf, errorMessage } from '../lib/error-message'
import { startEventBridge } from '../lib/event-bridge'
import { createStore, type ReadableStore } from '../lib/external-store'
import { createFolderWatches } from '../lib/folder-watch'
import { createFocusGuard } from '../lib/focus-guard'
import { createToasts } from '../lib/notices'
import { createNotifications, showInBrowser } from '../lib/notifications'
import { createQueries } from '../lib/queries'
import { routeHash } from '../lib/route'
import type { Services } from '../lib/services'
import { createLocalMemory } from '../lib/storage'
import { createTextDrafts } from '../lib/text-drafts'
import { startTheme } from '../lib/theme'
import { isDesktop } from '../lib/transport'

export interface Started {
  readonly services: Services
  readonly queryClient: QueryClient
  /** True once the event stream is open: what is loaded from then on misses nothing. */
  readonly ready: ReadableStore<boolean>
}

/** The composition root of the window: calls constructors in order. What is started here lives as long as the page. */
export function createServices(connect: () => Promise<Channel>): Started {
  const memory = createLocalMemory(() => window.localStorage)
  const theme = startTheme(memory)
  const toasts = createToasts(after)
  const connection = createConnection({ connect, after, random: Math.random })
  const client = createClient(connection)
  const parts = createDraftParts(memory)
  const orpc = createQueryUtils(client)
  const queries = createQueries(orpc)
  const deltas = createDeltaStore({ schedule: (flush) => requestAnimationFrame(flush) })
  const queryClient = createQueryClient((text) => toasts.error(text))
  const cache = createCacheWriter({ queryClient, orpc, queries, deltas })
  const ready = createStore(false)
  const tell = createNotifications({
    now: Date.now, isWatched: () => isDesktop() || (document.visibilityState === 'visible' && document.hasFocus()), show: showInBrowser,
    open: (sessionId) => sessionId !== null && window.location.assign(routeHash({ view: 'session', sessionId })),
  })
  startEventBridge({
    subscribe: (input, options) => client.events.subscribe(input, options),
    connection: connection.state,
    onEvent: (event) => {
      cache.apply(event)
      tell(event)
    },
    onReady: () => ready.set(true),
    onReset: () => cache.reset(),
    onResume: () => cache.retryFailed(),
    pause,
  })
  onlineManager.setEventListener((setOnline) => {
    const tell = (): void => setOnline(connection.state.get() === 'open')
    tell()
    return connection.state.subscribe(tell)
  })
  const focusGuard = createFocusGuard()
  window.addEventListener('focus', (event) => focusGuard.onWindowFocus(event.timeStamp))
  window.addEventListener('pointerdown', (event) => focusGuard.onPointerDown(event.timeStamp), { capture: true })
  const machine = { isMac: /Mac|iPhone|iPad/.test(navigator.platform), isDesktop: isDesktop() }
  const commands = createCommandRegistry()
  const currentBindings = createCurrentBindings(() => queryClient.getQueryData(queries.settings().queryKey)?.shortcuts, machine)
  const shortcuts = createShortcuts({ commands, bindings: currentBindings, isMac: machine.isMac })
  window.addEventListener('keydown', (event) => shortcuts.handle(event))
  window.addEventListener('online', () => connection.retryNow())
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && connection.retryNow())
  return {
    services: {
      client, orpc, queries, cache, deltas, drafts: createDrafts(memory), parts, attach: createAttach({ client, parts, toasts }), connection, toasts, memory, theme, focusGuard, commands, shortcuts, machine,
      announcer: createAnnouncer(),
      folderWatches: createFolderWatches({ client, connection: connection.state, pause }),
      textDrafts: createTextDrafts(() => window.indexedDB),
    },
    queryClient,
    ready,
  }
}

/** The shortcuts as the settings have them now, made anew only when those change. */
function createCurrentBindings(read: () => Overrides | undefined, machine: Machine): () => Bindings {
  const none: Overrides = {}
  let from = none
  let made = createBindings(none, machine)
  return () => {
    const overrides = read() ?? none
    if (overrides !== from) {
      from = overrides
      made = createBindings(overrides, machine)
    }
    return made
  }
}

/** Events keep the cache fresh, so nothing is loaded again by itself. Rejected changes are told once, here or in their place. */
function createQueryClient(tell: (text: string) => void): QueryClient {
  return new QueryClient({
    mutationCache: new MutationCache({
      onError: (error, _input, _result, mutation) => {
        if (mutation.meta?.['shownInPlace'] !== true) tell(errorMessage(error))
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) => failures < 2 && errorBodyOf(error)?.retryable !== false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}

function after(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = after(ms, resolve)
    signal.addEventListener('abort', () => {
      cancel()
      resolve()
    }, { once: true })
  })
}
