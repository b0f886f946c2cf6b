import { constants, realpathSync } from 'node:fs'
import { access, opendir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { AppError } from '#core/errors'
import type { Folders } from '#core/ports/workspace-files'
import { canReachByHandle } from './files/directory'
import type { Root } from './files/locate'
import { createWriteTraces } from './files/write-traces'
import { createWorkspaceFolder } from './workspace-folder'

const MOST_SUBFOLDERS = 2_000

export interface FoldersOptions {
  /** Where deleted files go. Made when first needed. */
  readonly binFolder: string
  /** Where is noted which folders this process writes in, for the next one to clear up after a kill. Made when first needed. */
  readonly tracesFolder: string
  /** Whether names are reached through open handles; where the system cannot, by paths that are checked before and after. */
  readonly byHandle?: boolean
  readonly home?: string
  /** Our own data: never reached as files of a folder that it lies in. A folder that exists. */
  readonly profile?: string
}

export interface NodeFolders extends Folders {
  /** Removes what earlier processes of this profile left in the middle of a write; gives how many files. */
  clearUnfinished(): Promise<number>
}

export function createFolders(options: FoldersOptions): NodeFolders {
  const byHandle = options.byHandle ?? canReachByHandle
  const bin = { folder: options.binFolder, byHandle }
  const traces = createWriteTraces(options.tracesFolder)
  const ours = options.profile === undefined ? null : realpathSync(options.profile)
  const rootAt = async (path: string): Promise<Root> => ({ path: await readableFolder(path), openedAs: resolve(path), byHandle, platform: process.platform, ours })
  return {
    open: async (path) => createWorkspaceFolder(await rootAt(path), bin, traces),
    clearUnfinished: () => traces.clear(rootAt),
    isAvailable: (path) => readableFolder(path).then(() => true, () => false),
    realPath: readableFolder,
    subfolders: (path) => subfolders(path ?? options.home ?? homedir()),
  }
}

async function readableFolder(path: string): Promise<string> {
  if (!isAbsolute(path) || path.includes('\0')) throw new AppError('WORKSPACE_UNAVAILABLE', 'A workspace is given by the absolute path of a folder')
  try {
    const real = await realpath(path)
    if (!(await stat(real)).isDirectory()) throw new AppError('WORKSPACE_UNAVAILABLE', 'The path is a file, not a folder')
    await access(real, constants.R_OK | constants.X_OK)
    return real
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('WORKSPACE_UNAVAILABLE', 'The folder does not exist or cannot be read', { cause: error })
  }
}

async function subfolders(path: string) {
  const real = await readableFolder(path)
  const names: string[] = []
  try {
    for await (const entry of await opendir(real)) {
      if (entry.name.startsWith('.') || names.length >= MOST_SUBFOLDERS) continue
      const isFolder = entry.isSymbolicLink() ? await leadsToFolder(join(real, entry.name)) : entry.isDirectory()
      if (isFolder) names.push(entry.name)
    }
  } catch (error) {
    throw new AppError('WORKSPACE_UNAVAILABLE', 'The folder cannot be read', { cause: error })
  }
  const parent = dirname(real)
  const folders = names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).map((name) => ({ name, path: join(real, name) }))
  return { path: real, parent: parent === real ? null : parent, folders }
}

async function leadsToFolder(path: string): Promise<boolean> {
  return stat(path).then((stats) => stats.isDirectory(), () => false)
}
