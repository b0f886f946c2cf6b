import type { LabelledFile } from '#contract/flow'
import type { BinItem, DirectoryListing, Grant, Workspace } from '#contract/workspaces'
import type { Audit } from '../audit/audit-log'
import { AppError, notFound } from '../errors'
import { acceptFiles, labelledFilesIn } from '../flow/accept-files'
import type { EventSource, EventStream } from '../events/event-stream'
import type { Store, StoredWorkspace } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import type { Folders } from '../ports/workspace-files'
import type { TerminalService } from '../terminals/terminal-service'

export interface WorkspaceService {
  open(path: string, traceId: string): Promise<Workspace>
  list(): Promise<Workspace[]>
  /** Looks anew which folders are there, and tells it. */
  look(traceId: string): Promise<void>
  get(id: string): Promise<Workspace>
  /** Without trust, the terminals of the folder end. */
  trust(id: string, trusted: boolean, traceId: string): Promise<Workspace>
  remove(id: string): Promise<void>
  grants(id: string): Grant[]
  revokeGrant(id: string, traceId: string): void
  /** What agents wrote after they had read what is labelled, newest first. */
  labelledFiles(id: string): { items: LabelledFile[]; total: number }
  /** A person has looked at them, or at all: they bring nothing with them any more. Returns how many. */
  acceptFiles(id: string, paths: readonly string[] | null, traceId: string): number
  bin(id: string): BinItem[]
  restoreFromBin(binId: string): Promise<BinItem>
  browse(path: string | undefined): Promise<DirectoryListing>
}

export function createWorkspaceService({ store, audit, folders, events, clock, newId, terminals }: {
  readonly store: Store
  readonly audit: Audit
  readonly folders: Folders
  readonly events: EventStream
  readonly clock: Clock
  readonly newId: NewId
  readonly terminals: Pick<TerminalService, 'closeAll'>
}): WorkspaceService {
  const stored = (id: string): StoredWorkspace => {
    const workspace = store.workspaces.get(id)
    if (!workspace) throw notFound('Workspace', id)
    return workspace
  }
  const present = async (workspace: StoredWorkspace): Promise<Workspace> => ({ ...workspace, available: await folders.isAvailable(workspace.path) })
  const tell = async (id: string, source: EventSource): Promise<Workspace> => {
    const workspace = await present(stored(id))
    events.transact((emit) => { emit({ topic: 'workspace.update', payload: { workspace } }, source) })
    return workspace
  }
  const sourceOf = (traceId: string): EventSource => ({ sessionId: null, runId: null, traceId })

  return {
    open: async (path, traceId) => {
      const realPath = await folders.realPath(path)
      const known = store.workspaces.findByPath(realPath)
      const id = known?.id ?? newId()
      store.transaction(() => {
        if (known) store.workspaces.patch(id, { lastOpenedAt: clock.now() })
        else store.workspaces.insert({ id, name: folderName(realPath), path: realPath, trusted: false, createdAt: clock.now(), lastOpenedAt: clock.now() })
      })
      return tell(id, sourceOf(traceId))
    },
    look: async (traceId) => {
      for (const { id } of store.workspaces.list()) await tell(id, sourceOf(traceId))
    },
    list: async () => Promise.all(store.workspaces.list().map(present)),
    get: async (id) => present(stored(id)),
    trust: async (id, trusted, traceId) => {
      const { path, trusted: before } = stored(id)
      store.transaction(() => {
        store.workspaces.patch(id, { trusted })
        if (before !== trusted) audit.append({ kind: 'trust', severity: 'medium', title: `${trusted ? 'Trusted' : 'Trust withdrawn from'} ${path}`, content: { workspaceId: id, path, trusted } }, sourceOf(traceId))
      })
      if (!trusted) await terminals.closeAll(id)
      return tell(id, sourceOf(traceId))
    },
    remove: async (id) => {
      stored(id)
      store.transaction(() => { store.workspaces.remove(id) })
      await terminals.closeAll(id)
    },
    grants: (id) => store.grants.listByWorkspace(stored(id).id, clock.now()),
    revokeGrant: (id, traceId) => store.transaction(() => {
      if (!store.grants.remove(id)) throw notFound('Grant', id)
      audit.append({ kind: 'grant', severity: 'medium', title: 'A grant was taken back', content: { grantId: id } }, sourceOf(traceId))
    }),
    labelledFiles: (id) => labelledFilesIn(store, stored(id).id),
    acceptFiles: (id, paths, traceId) => acceptFiles({ store, audit }, stored(id), paths, traceId),
    bin: (id) => store.bin.list(stored(id).id),
    restoreFromBin: async (binId) => {
      const item = store.bin.get(binId)
      if (!item) throw notFound('Bin item', binId)
      const folder = await folders.open(stored(item.workspaceId).path)
      await folder.restoreFromBin(binId, item.path)
      store.transaction(() => { store.bin.remove(binId) })
      return item
    },
    browse: async (path) => {
      if (path !== undefined && path.includes('\0')) throw new AppError('INVALID_PARAMETERS', 'A path cannot contain a NUL character.')
      const { path: shown, parent, folders: found } = await folders.subfolders(path ?? null)
      return { path: shown, parent, folders: [...found] }
    },
  }
}

function folderName(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path
}
