import { type FileContent, type FolderChange, type FolderListing, type FoundFiles, type GitMarks, MOST_IMAGE_BYTES, MOST_TEXT_BYTES } from '#contract/files'
import type { BinItem } from '#contract/workspaces'
import { AppError, isAppError, notFound } from '../errors'
import type { FindQuery, FolderIndex } from '../ports/folder-index'
import type { GitStatus } from '../ports/git-status'
import type { Store, StoredWorkspace } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import type { Folders, WorkspaceFolder } from '../ports/workspace-files'
import { createChangeQueue } from './change-queue'

const MOST_MARKS = 20_000

/** What a person does with the files of a workspace. Agents have tools of their own, with rules and approvals. */
export interface FileService {
  list(id: string, path: string): Promise<FolderListing>
  find(id: string, query: FindQuery): Promise<FoundFiles>
  /** The first message says to load everything. Ends when the signal aborts. */
  changes(id: string, signal: AbortSignal): AsyncGenerator<FolderChange, void, void>
  marks(id: string, signal: AbortSignal): Promise<GitMarks>
  read(id: string, path: string): Promise<FileContent>
  write(id: string, path: string, text: string, expectedHash: string | null): Promise<{ path: string; hash: string; bytes: number }>
  create(id: string, path: string, kind: 'file' | 'folder'): Promise<{ path: string }>
  move(id: string, from: string, to: string): Promise<{ path: string }>
  remove(id: string, path: string): Promise<BinItem>
  /** The absolute path of something in the workspace. */
  locate(id: string, path: string): Promise<string>
}

export interface FileServicePorts {
  readonly store: Store
  readonly folders: Folders
  readonly index: FolderIndex
  readonly git: GitStatus
  readonly clock: Clock
  readonly newId: NewId
  /** Before a path is written while a checkpoint may be reading it. */
  readonly protect: (workspaceId: string, paths: readonly string[]) => Promise<void>
}

export function createFileService(ports: FileServicePorts): FileService {
  const { store, folders, index, git, protect } = ports
  const stored = (id: string): StoredWorkspace => {
    const workspace = store.workspaces.get(id)
    if (!workspace) throw notFound('Workspace', id)
    return workspace
  }
  const open = (id: string): Promise<WorkspaceFolder> => folders.open(stored(id).path)
  const rootOf = async (id: string): Promise<string> => (await open(id)).root

  return {
    list: async (id, path) => index.list(await rootOf(id), path),
    find: async (id, query) => index.find(await rootOf(id), query),
    changes: (id, signal) => changes(index, stored(id).path, signal),
    marks: async (id, signal) => {
      const workspace = stored(id)
      const none = { branch: null, items: [], truncated: false }
      if (!workspace.trusted) return { state: 'untrusted', ...none }
      const report = await git.read((await open(id)).root, MOST_MARKS, signal)
      return report ? { state: 'repository', ...report, items: [...report.items] } : { state: 'none', ...none }
    },
    read: async (id, path) => readContent(await open(id), path),
    write: async (id, path, text, expectedHash) => {
      const folder = await open(id)
      const target = await folder.resolve(path)
      await protect(id, [target.path])
      return { path: target.path, ...(await folder.writeText(path, text, expectedHash)) }
    },
    create: async (id, path, kind) => {
      const folder = await open(id)
      const target = await folder.resolve(path)
      if (target.kind !== 'missing') throw new AppError('CONFLICT', `${target.path === '' ? 'The workspace folder' : target.path} already exists`)
      if (kind === 'folder') await folder.makeFolder(path)
      else await folder.writeText(path, '', null)
      return { path: target.path }
    },
    move: async (id, from, to) => {
      const folder = await open(id)
      await protect(id, [from, to])
      await folder.move(from, to)
      return { path: to }
    },
    remove: (id, path) => moveToBin(ports, stored(id), path),
    locate: async (id, path) => {
      const folder = await open(id)
      const found = await folder.resolve(path === '' ? '.' : path)
      if (found.kind === 'missing') throw new AppError('RESOURCE_NOT_FOUND', `${found.path} not found`)
      return found.path === '' ? folder.root : `${folder.root.replace(/[/\\]$/, '')}/${found.path}`
    },
  }
}

async function* changes(index: FolderIndex, root: string, signal: AbortSignal): AsyncGenerator<FolderChange, void, void> {
  const queue = createChangeQueue()
  const close = () => { queue.close() }
  signal.addEventListener('abort', close, { once: true })
  const stop = index.watch(root, queue.push)
  try {
    if (signal.aborted) return
    yield { reset: true, folders: [], files: [], git: true, listed: false, available: true, trouble: null }
    yield* queue.drain()
  } finally {
    stop()
    signal.removeEventListener('abort', close)
    queue.close()
  }
}

async function readContent(folder: WorkspaceFolder, path: string): Promise<FileContent> {
  try {
    const { text, hash, bytes } = await folder.readText(path, MOST_TEXT_BYTES)
    return { kind: 'text', path, text, hash, bytes }
  } catch (error) {
    if (!isAppError(error) || (error.code !== 'FILE_BINARY' && error.code !== 'FILE_TOO_LARGE')) throw error
    const { bytes, image } = await folder.readBinary(path, MOST_IMAGE_BYTES)
    if (image) return { kind: 'image', path, bytes, ...image }
    return { kind: error.code === 'FILE_BINARY' ? 'binary' : 'too_large', path, bytes }
  }
}

/** The row comes first: whatever happens between, what is in the bin can be found. */
async function moveToBin({ store, folders, clock, newId, protect }: FileServicePorts, workspace: StoredWorkspace, path: string): Promise<BinItem> {
  const folder = await folders.open(workspace.path)
  const item: BinItem = { id: newId(), workspaceId: workspace.id, path, bytes: 0, deletedAt: clock.now() }
  await protect(workspace.id, [path])
  store.transaction(() => { store.bin.insert(item) })
  try {
    const { bytes } = await folder.moveToBin(path, item.id)
    return { ...item, bytes }
  } catch (error) {
    store.transaction(() => { store.bin.remove(item.id) })
    throw error
  }
}
