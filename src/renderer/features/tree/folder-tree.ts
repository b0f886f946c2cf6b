import { z } from 'zod'
import type { FolderChange, FolderListing } from '#contract/files'
import type { Client } from '../../lib/client'
import { createStore, type ReadableStore } from '../../lib/external-store'
import type { LocalMemory } from '../../lib/storage'
import { foldersAbove } from './tree-rows'

export interface TreeState {
  readonly folders: ReadonlyMap<string, FolderListing>
  readonly expanded: ReadonlySet<string>
  /** Of the workspace folder itself. */
  readonly error: unknown
}

/** What the tree of one workspace has loaded and has open. Folders are loaded when they are opened. */
export interface FolderTree {
  readonly state: ReadableStore<TreeState>
  toggle(path: string, open?: boolean): void
  collapseAll(): void
  /** Opens the folders above a path; resolves when they are loaded. */
  showPath(path: string): Promise<void>
  onChange(change: FolderChange): void
}

const ExpandedSchema = z.array(z.string()).max(2_000)
const mostRemembered = 500

export function createFolderTree({ workspaceId, client, memory }: {
  readonly workspaceId: string
  readonly client: Pick<Client, 'files'>
  readonly memory: LocalMemory
}): FolderTree {
  const memoryKey = `tree.${workspaceId}`
  const state = createStore<TreeState>({ folders: new Map(), expanded: new Set(readExpanded(memory.read(memoryKey))), error: null })
  const loading = new Map<string, Promise<void>>()
  const again = new Set<string>()

  const set = (patch: Partial<TreeState>): void => state.set({ ...state.get(), ...patch })
  const setExpanded = (expanded: ReadonlySet<string>): void => {
    set({ expanded })
    memory.write(memoryKey, JSON.stringify([...expanded].slice(-mostRemembered)))
  }
  const fetchOne = async (path: string): Promise<void> => {
    try {
      const listing = await client.files.list({ id: workspaceId, path })
      const folders = new Map(state.get().folders).set(path, listing)
      set({ folders, ...(path === '' ? { error: null } : {}) })
    } catch (error) {
      if (path === '') return set({ error })
      const folders = new Map(state.get().folders)
      folders.delete(path)
      set({ folders })
    }
  }
  /** One at a time per folder; what changes meanwhile is loaded once more. */
  const load = (path: string): Promise<void> => {
    const known = loading.get(path)
    if (known) {
      again.add(path)
      return known
    }
    const running = (async () => {
      do {
        again.delete(path)
        await fetchOne(path)
      } while (again.has(path))
    })().finally(() => loading.delete(path))
    loading.set(path, running)
    return running
  }
  /** Open folders whose own folder is open; one that was closed with others in it opens as it was. */
  const shown = (): readonly string[] => ['', ...[...state.get().expanded].filter((path) => foldersAbove(path).every((folder) => state.get().expanded.has(folder)))]

  return {
    state,
    toggle: (path, open) => {
      const expanded = new Set(state.get().expanded)
      const opens = open ?? !expanded.has(path)
      if (opens) expanded.add(path)
      else expanded.delete(path)
      setExpanded(expanded)
      if (opens) for (const folder of shown()) if (folder === path || (folder.startsWith(`${path}/`) && !state.get().folders.has(folder))) void load(folder)
    },
    collapseAll: () => setExpanded(new Set()),
    showPath: async (path) => {
      const above = foldersAbove(path)
      setExpanded(new Set([...state.get().expanded, ...above]))
      await Promise.all(above.filter((folder) => !state.get().folders.has(folder)).map(load))
    },
    onChange: (change) => {
      const open = shown()
      if (change.reset) {
        const kept = new Set(open)
        set({ folders: new Map([...state.get().folders].filter(([path]) => kept.has(path))) })
      }
      for (const path of change.reset ? open : open.filter((folder) => change.folders.includes(folder))) void load(path)
    },
  }
}

function readExpanded(text: string | null): readonly string[] {
  try {
    return text === null ? [] : ExpandedSchema.parse(JSON.parse(text))
  } catch {
    return []
  }
}
