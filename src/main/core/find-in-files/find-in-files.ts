import type { ReplacePreview, ReplaceResult, SearchMessage, SearchQuery } from '#contract/find-in-files'
import { AppError, isAppError, notFound } from '../errors'
import type { StoredCheckpoint } from '../ports/checkpoint-store'
import type { FileSearch, Replacement } from '../ports/file-search'
import type { Snapshots } from '../ports/snapshots'
import type { Store } from '../ports/store'
import type { NewId } from '../ports/system'
import type { Folders, WorkspaceFolder } from '../ports/workspace-files'
import { applyReplacements, keyOf } from './apply-replacements'
import { searchMessages } from './search-messages'

const MOST_BYTES = 10 * 1024 * 1024
/** Of one file, and of one match, for a list that shows what they would become. */
const MOST_LISTED = 2_000
const MOST_MADE_CHARS = 300
/** Replacements that can be undone at one time; older ones have their checkpoints. */
const MOST_UNDOS = 20
const BOM = '\uFEFF'

export interface FindInFiles {
  run(workspaceId: string, query: SearchQuery, limit: number, signal: AbortSignal): AsyncGenerator<SearchMessage, void, void>
  preview(workspaceId: string, wanted: PreviewRequest, signal: AbortSignal): Promise<ReplacePreview>
  replacements(workspaceId: string, wanted: Omit<PreviewRequest, 'exclude'>, signal: AbortSignal): Promise<{ readonly items: { line: number; column: number; text: string }[] }>
  replace(workspaceId: string, wanted: ReplaceRequest, signal: AbortSignal, traceId: string): Promise<ReplaceResult>
  undo(id: string): Promise<{ restored: string[]; failed: Failure[] }>
}

interface PreviewRequest {
  readonly query: SearchQuery
  readonly replacement: string
  readonly path: string
  readonly exclude: readonly string[]
}

interface ReplaceRequest {
  readonly query: SearchQuery
  readonly replacement: string
  readonly files: readonly FileRequest[]
  readonly sessionId?: string | undefined
}

interface FileRequest {
  readonly path: string
  readonly matches: readonly string[]
  readonly hash: string | null
}

interface Failure {
  readonly path: string
  readonly reason: string
}

/** What undoing needs: the content before is in the checkpoint's state. */
interface Undo {
  readonly workspaceId: string
  readonly files: readonly { readonly path: string; readonly beforeHash: string; readonly afterHash: string }[]
}

export interface FindInFilesPorts {
  readonly store: Store
  readonly folders: Folders
  readonly fileSearch: FileSearch
  readonly snapshots: Snapshots
  readonly newId: NewId
  /** In this session's timeline, or the one that fits the workspace. */
  readonly takeCheckpoint: (workspaceId: string, sessionId: string | undefined, name: string, traceId: string) => Promise<StoredCheckpoint>
}

export function createFindInFiles(ports: FindInFilesPorts): FindInFiles {
  const { store, folders, fileSearch, newId } = ports
  const undos = new Map<string, Undo>()
  const open = (id: string): Promise<WorkspaceFolder> => {
    const workspace = store.workspaces.get(id)
    if (!workspace) throw notFound('Workspace', id)
    return folders.open(workspace.path)
  }
  const remember = (id: string, undo: Undo) => {
    undos.set(id, undo)
    for (const old of [...undos.keys()].slice(0, Math.max(0, undos.size - MOST_UNDOS))) undos.delete(old)
  }

  return {
    run: async function* (workspaceId, query, limit, signal) {
      yield* searchMessages(fileSearch, (await open(workspaceId)).root, query, limit, signal)
    },
    preview: async (workspaceId, { query, replacement, path, exclude }, signal) => {
      const file = await findIn(fileSearch, await open(workspaceId), path, query, replacement, signal)
      const left = new Set(exclude)
      const wanted = file.found.filter((match) => !left.has(keyOf(match)))
      return { path, hash: file.hash, before: file.bom + file.text, after: file.bom + applyReplacements(file.text, wanted), matches: wanted.length }
    },
    replacements: async (workspaceId, { query, replacement, path }, signal) => {
      const { found } = await findIn(fileSearch, await open(workspaceId), path, query, replacement, signal)
      return { items: found.slice(0, MOST_LISTED).map(({ line, column, text }) => ({ line, column, text: text.slice(0, MOST_MADE_CHARS) })) }
    },
    replace: async (workspaceId, { query, replacement, files, sessionId }, signal, traceId) => {
      const folder = await open(workspaceId)
      const checkpoint = await ports.takeCheckpoint(workspaceId, sessionId, `Before replacing "${query.pattern}" with "${replacement}"`, traceId)
      const { treeId } = checkpoint
      if (treeId === null) throw new AppError('WORKSPACE_UNAVAILABLE', 'No checkpoint of the folder could be taken, so nothing was replaced.')
      const done: Undo['files'][number][] = []
      const replaced: ReplaceResult['replaced'] = []
      const failed: Failure[] = []
      for (const file of files) {
        signal.throwIfAborted()
        try {
          const written = await replaceIn(ports, folder, treeId, { query, replacement, file }, signal)
          done.push(written)
          replaced.push({ path: file.path, matches: file.matches.length })
        } catch (error) {
          if (!isAppError(error)) throw error
          failed.push({ path: file.path, reason: error.message })
        }
      }
      const id = newId()
      remember(id, { workspaceId, files: done })
      return { id, checkpointId: checkpoint.id, sessionId: checkpoint.sessionId, replaced, failed }
    },
    undo: async (id) => {
      const undo = undos.get(id)
      if (!undo) throw new AppError('RESOURCE_NOT_FOUND', 'This replacement cannot be undone here any more; its checkpoint is in the timeline.')
      const result = await undoIn(ports.snapshots, await open(undo.workspaceId), undo)
      undos.delete(id)
      return result
    },
  }
}

interface FoundIn {
  readonly bom: string
  /** Without its byte order mark. */
  readonly text: string
  readonly hash: string
  readonly found: readonly Replacement[]
}

async function findIn(fileSearch: FileSearch, folder: WorkspaceFolder, path: string, query: SearchQuery, replacement: string, signal: AbortSignal): Promise<FoundIn> {
  const { text: whole, hash } = await folder.readText(path, MOST_BYTES)
  const bom = whole.startsWith(BOM) ? BOM : ''
  const text = whole.slice(bom.length)
  return { bom, text, hash, found: await fileSearch.replacements(text, query, replacement, signal) }
}

async function replaceIn({ fileSearch, snapshots }: FindInFilesPorts, folder: WorkspaceFolder, treeId: string, { query, replacement, file }: {
  readonly query: SearchQuery
  readonly replacement: string
  readonly file: FileRequest
}, signal: AbortSignal): Promise<Undo['files'][number]> {
  const { path } = file
  const { bom, text, hash, found } = await findIn(fileSearch, folder, path, query, replacement, signal)
  const wanted = new Set(file.matches)
  const matches = found.filter((match) => wanted.has(keyOf(match)))
  if (matches.length !== wanted.size || (file.hash !== null && file.hash !== hash)) throw new AppError('FILE_CHANGED', `${path} has changed since it was searched; search again`)
  const kept = await snapshots.stateAt(treeId, (await folder.resolve(path)).path)
  if (kept?.hash !== hash) throw new AppError('CONFLICT', `${path} is not covered by checkpoints (ignored, or too large), so replacing in it could not be undone`)
  const written = await folder.writeText(path, bom + applyReplacements(text, matches), hash)
  return { path, beforeHash: hash, afterHash: written.hash }
}

async function undoIn(snapshots: Snapshots, folder: WorkspaceFolder, { files }: Undo): Promise<{ restored: string[]; failed: Failure[] }> {
  const restored: string[] = []
  const failed: Failure[] = []
  for (const { path, beforeHash, afterHash } of files) {
    try {
      const before = await snapshots.read(beforeHash, MOST_BYTES)
      if (before === null) throw new AppError('CHECKPOINT_PRUNED', `What ${path} was is not kept any more`)
      await folder.writeText(path, new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(before), afterHash)
      restored.push(path)
    } catch (error) {
      if (!isAppError(error)) throw error
      failed.push({ path, reason: error.message })
    }
  }
  return { restored, failed }
}
