import type { CodeTarget } from '../../components/editor/code-editor'
import { createStore, type ReadableStore } from '../../lib/external-store'
import { isInside } from '../../lib/file-path'
import type { Services } from '../../lib/services'
import { keyOf } from './document'
import { createDocuments, type Documents } from './documents'
import { neighbour, noTabs, parseTabs, type Tabs, withClosed, withKept, withMoved, withOpened } from './tabs'

export interface OpenOptions {
  /** The tab stays, and what is typed next goes there; else it is a look, which the next look replaces. */
  readonly keep?: boolean
  readonly at?: Omit<CodeTarget, 'id' | 'focus'>
}

/** The open files of the window: tabs per workspace, and their texts. */
export interface WorkbenchFiles {
  readonly documents: Documents
  readonly tabs: ReadableStore<ReadonlyMap<string, Tabs>>
  /** Where the editor is to go, once. */
  readonly target: ReadableStore<(CodeTarget & { readonly key: string }) | null>
  tabsOf(workspaceId: string): Tabs
  /** Brings back what was open in a workspace, and what was not saved. Once per workspace. */
  restore(workspaceId: string): Promise<void>
  open(workspaceId: string, path: string, options?: OpenOptions): void
  keep(workspaceId: string, path: string): void
  /** Without asking: what is not saved is given up. */
  close(workspaceId: string, path: string): void
  step(workspaceId: string, step: 1 | -1): void
  move(workspaceId: string, from: string, to: string): void
}

export function createWorkbenchFiles({ client, textDrafts, memory }: Pick<Services, 'client' | 'textDrafts' | 'memory'>): WorkbenchFiles {
  const documents = createDocuments({
    client, drafts: textDrafts, now: () => Date.now(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
  })
  const tabs = createStore<ReadonlyMap<string, Tabs>>(new Map())
  const target = createStore<(CodeTarget & { readonly key: string }) | null>(null)
  const restored = new Set<string>()
  let targets = 0

  const tabsOf = (workspaceId: string): Tabs => tabs.get().get(workspaceId) ?? noTabs
  const setTabs = (workspaceId: string, next: Tabs): void => {
    tabs.set(new Map(tabs.get()).set(workspaceId, next))
    memory.write(`tabs.${workspaceId}`, next.open.length === 0 ? null : JSON.stringify(next))
  }
  const show = (workspaceId: string, next: Tabs): void => {
    const gone = tabsOf(workspaceId).open.filter((path) => !next.open.includes(path))
    setTabs(workspaceId, next)
    for (const path of gone) documents.close(keyOf(workspaceId, path))
    if (next.active !== null) void documents.open(workspaceId, next.active)
  }
  return {
    documents, tabs, target, tabsOf,
    restore: async (workspaceId) => {
      if (restored.has(workspaceId)) return
      restored.add(workspaceId)
      const drafts = await textDrafts.ofWorkspace(workspaceId)
      let next = parseTabs(memory.read(`tabs.${workspaceId}`))
      const { active } = next
      for (const { path } of drafts) next = withKept(withOpened(next, path, true), path)
      const opened = tabsOf(workspaceId)
      for (const path of opened.open) next = withOpened(next, path, opened.preview !== path)
      show(workspaceId, { ...next, active: opened.active ?? active ?? next.active })
      for (const { path } of drafts) void documents.open(workspaceId, path)
    },
    open: (workspaceId, path, { keep = false, at } = {}) => {
      const before = tabsOf(workspaceId)
      // What is being typed into is not replaced by the next look.
      const isDirty = before.preview !== null && documents.all.get().get(keyOf(workspaceId, before.preview))?.isDirty === true
      show(workspaceId, withOpened(isDirty ? { ...before, preview: null } : before, path, keep))
      targets += 1
      target.set(at === undefined ? null : { ...at, id: targets, focus: keep, key: keyOf(workspaceId, path) })
    },
    keep: (workspaceId, path) => setTabs(workspaceId, withKept(tabsOf(workspaceId), path)),
    close: (workspaceId, path) => show(workspaceId, withClosed(tabsOf(workspaceId), path)),
    step: (workspaceId, step) => {
      const path = neighbour(tabsOf(workspaceId), step)
      if (path !== null) show(workspaceId, { ...tabsOf(workspaceId), active: path })
    },
    move: (workspaceId, from, to) => {
      if (!tabsOf(workspaceId).open.some((path) => isInside(path, from))) return
      documents.move(workspaceId, from, to)
      setTabs(workspaceId, withMoved(tabsOf(workspaceId), from, to))
    },
  }
}
